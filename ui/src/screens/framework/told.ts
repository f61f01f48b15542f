// The words of a requirement in the language of the window. What has no translation stays English, and says so.
import type { GateItem } from "../../generated/GateItem";
import type { RequirementView } from "../../generated/RequirementView";
import { language } from "../../locale";
import { asked, requirements } from "../../messages/de/requirements";

export type Told = { title: string; why: string; next: string; lang: "en" | undefined };

export function told(one: RequirementView, spoken: string = language): Told {
  const known = spoken === "de" ? requirements[one.id] : undefined;
  const lang = spoken === "en" || known ? undefined : "en";
  if (!known) return { title: one.title, why: one.why, next: one.next, lang };
  const [title, why, next] = known;
  return { title, why, next: one.next === "" ? "" : next, lang };
}

export function toldItem(item: GateItem, spoken: string = language): { what: string; lang: "en" | undefined } {
  if (spoken === "en") return { what: item.what, lang: undefined };
  const known = spoken !== "de" ? undefined : item.requirement ? requirements[item.requirement]?.[0] : asked[item.what];
  return known ? { what: known, lang: undefined } : { what: item.what, lang: "en" };
}
