// The language of the window. Imported first: under LANG=C, navigator.language is "C",
// which Intl refuses, and the page would stay blank.
import { remember, remembered } from "./remember";

function usable(tag: string | null | undefined): tag is string {
  if (!tag) return false;
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

export function chooseLocale(candidates: readonly (string | null | undefined)[]): string {
  return candidates.find(usable) ?? "en-GB";
}

export const locale = chooseLocale([remembered("language"), ...(navigator.languages ?? []), navigator.language]);
export const language: "en" | "de" = locale.toLowerCase().startsWith("de") ? "de" : "en";
/** Digits stay Latin so that amounts line up and can be copied anywhere. */
export const numberLocale = `${locale.split("-u-")[0]}-u-nu-latn`;

/** All text is put together when the window opens, so another language opens it anew. */
export function chooseLanguage(tag: "en" | "de"): void {
  remember("language", tag);
  location.reload();
}
