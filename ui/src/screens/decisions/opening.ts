// What is typed for a new proposal, and what of it is still missing.
import type { NewProposal } from "../../generated/NewProposal";
import type { Problem } from "../../generated/Problem";
import type { Rule } from "../../generated/Rule";
import { t } from "../../words";
import { namesOptions } from "./ballot";

export type Draft = {
  title: string | null; text: string | null; rule: string | null; options: string | null; days: number | string | null;
  conflicts: string | null; about_kind: string | null; about: string | null;
};

/** The fields of the form: problems of others are listed below it. */
export const filled = ["rule", "title", "text", "options", "days", "conflicts"];

/** One thing a line, each once. */
export function linesOf(text: string | null): string[] {
  return [...new Set((text ?? "").split("\n").map((line) => line.trim()).filter(Boolean))];
}

/** The options that will stand on the ballot, the default one of the rule included. */
export function optionsOf({ options }: Draft, rule: Rule): string[] {
  if (!namesOptions(rule.method)) return [];
  return [...new Set([...linesOf(options), ...(rule.default_option ? [rule.default_option] : [])])];
}

export function lacking(draft: Draft, rule: Rule | null): Problem[] {
  const problems: Problem[] = [];
  const say = (field: string, message: string) => problems.push({ field, message });
  if (!rule) say("rule", t("decide.rule.missing"));
  if (!draft.title?.trim()) say("title", t("decide.title.missing"));
  if (!rule) return problems;
  if (namesOptions(rule.method) && optionsOf(draft, rule).length < 2) say("options", t("decide.options.missing"));
  const { days } = draft;
  const least = rule.open_days_min;
  const most = rule.open_days_max ?? Infinity;
  if (days !== null && (typeof days !== "number" || days < least || days > most)) {
    const text = rule.open_days_max ? t("decide.days.between", { n: least, most }) : t("decide.days.least", { n: least });
    say("days", text);
  }
  return problems;
}

export function asked(draft: Draft, rule: Rule): NewProposal {
  return {
    title: (draft.title ?? "").trim(), text: draft.text ?? "", rule: rule.name,
    options: namesOptions(rule.method) ? linesOf(draft.options) : [],
    days: typeof draft.days === "number" ? draft.days : null, about_kind: draft.about_kind, about: draft.about,
    conflicts: linesOf(draft.conflicts),
  };
}
