// A scenario in sentences: when it comes true, how far it is, what then happens.
import type { ScenarioView } from "../../generated/ScenarioView";
import type { Fields } from "../../host";
import { formatMoney } from "../../money";
import { decimal, t, word } from "../../words";

/** A number of a scenario with its unit, as a person of this locale reads it. */
export function measured(metric: string, value: string, currency: string): string {
  if (value === "") return t("watch.unknown");
  if (metric === "balance") return formatMoney(`${value} ${currency}`);
  return word("watch.unit", metric, { value: decimal(value) });
}

/** "Coverage below 80 %, 3 months in a row". */
export function conditionOf(fields: Fields, currency: string): string {
  const metric = String(fields["metric"] ?? "");
  return t("watch.when", {
    metric: word("watch.metric", metric), comparison: word("scenario.comparison", fields["comparison"]),
    limit: measured(metric, String(fields["limit"] ?? ""), currency), n: Number(fields["months"] ?? 1),
  });
}

export type Standing = "fires" | "near" | "quiet";
export function standingOf({ fires, run, months }: ScenarioView): Standing {
  if (fires) return "fires";
  return run > 0 && run >= months - 1 ? "near" : "quiet";
}

export function thenOf(then: string, fields: Fields): string {
  const phase = fields["phase"];
  return then === "propose-phase" && phase ? t("watch.then.phase", { phase: word("phase", phase) }) : word("scenario.then", then);
}

export type Shown = { month: string; value: string; beyond: boolean };
/** The months, oldest first, and which of them belong to the run. */
export const monthsOf = ({ values, run }: ScenarioView): Shown[] =>
  values.map(([month, value], at) => ({ month, value, beyond: at >= values.length - run }));
