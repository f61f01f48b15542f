// The questions of the bylaws in the language of the window. What has no translation stays English, and says so.
import type { BylawsQuestion } from "../../generated/BylawsQuestion";
import { language } from "../../locale";
import { bylawsQuestions } from "../../messages/de/bylaws";

export type Asked = { question: string; gap: string; means: Record<string, string>; lang: "en" | undefined };

export function asked(one: BylawsQuestion, spoken: string = language): Asked {
  const known = spoken === "de" ? bylawsQuestions[one.id] : undefined;
  if (known) return { ...known, lang: undefined };
  const means = Object.fromEntries(one.choices.map((choice) => [choice.value, choice.means]));
  return { question: one.question, gap: one.gap, means, lang: spoken === "en" ? undefined : "en" };
}
