// What a gate still lacks, and the days a move may name.
import type { Gate } from "../../generated/Gate";
import type { GateItem } from "../../generated/GateItem";
import type { Kind } from "../../generated/Kind";
import type { PhaseMove } from "../../generated/PhaseMove";
import type { Problem } from "../../generated/Problem";
import { readDate } from "../../dates";
import { kindNamed } from "../../records";
import { formatDate, t } from "../../words";

const DAY_MS = 86_400_000;

/** Moves that end something: the whole record is exported with them. */
export const ends = (to: string): boolean => to === "closing" || to === "closed";

/** Whether the move itself brings this: its export of the whole record. */
export const comesAlong = (gate: Gate, item: GateItem): boolean => ends(gate.to) && item.what.startsWith("The whole record");

/** What is missing, apart from what the move itself brings. */
export const missingOf = (gate: Gate): GateItem[] => gate.items.filter((item) => !item.holds && !comesAlong(gate, item));

export function daysLater(day: string, days: number): string {
  const time = Date.parse(`${day}T00:00:00Z`) + days * DAY_MS;
  return Number.isNaN(time) ? day : new Date(time).toISOString().slice(0, 10);
}

/** What a move lacks before the host is asked. */
export function problemsOf(move: PhaseMove, today: string, shutdownDays: number): Problem[] {
  const problems: Problem[] = [];
  const lacks = (field: string, message: string) => problems.push({ field, message });
  if (move.statement.trim() === "") lacks("statement", t("enter.statement.missing"));
  if (move.to === "closing") {
    const earliest = daysLater(today, shutdownDays);
    if (!move.ends || !readDate(move.ends)) lacks("ends", t("enter.ends.missing"));
    else if (move.ends < earliest) lacks("ends", t("enter.ends.early", { n: shutdownDays, date: formatDate(earliest) }));
  }
  if (ends(move.to) && !move.archive) lacks("archive", t("enter.archive.missing"));
  return problems;
}

/** Whether it is an item of the closing checklist, which a proof does. */
export const isChecklist = (item: GateItem): boolean => item.requirement?.startsWith("closed.") ?? false;

/** Whether an item of the checklist is something that has a last day: a bill, a way to give. */
export const endsOnADay = (requirement: string): boolean => /^closed\.(schedule|channel)\./.test(requirement);

/** The record an item of the checklist was made from: `closed.schedule.ID`. */
function recordOf(requirement: string, plan: string | null): string {
  const [, kind = "", id = ""] = requirement.split(".");
  if (kind === "plan") return plan ? `product/plans/${plan}` : "";
  const path = kindNamed(kind as Kind)?.path;
  return path ? `${path}/${id}` : "";
}

/** Where a thing a gate asks for is settled: the answers stand in the profile, the rest in the plan and beside. */
export function placeOf(gate: Gate, item: GateItem, plan: string | null): string {
  if (item.requirement && isChecklist(item)) return recordOf(item.requirement, plan);
  if (item.requirement) return "framework/requirements";
  if (item.what === "A treasurer") return "people";
  if (gate.to === "starting") return "product/services";
  if (gate.to === "closing") return plan ? `product/plans/${plan}` : "product/plans/new";
  if (item.what.startsWith("Every recurring")) return "finance/recurring";
  if (item.what.startsWith("No money")) return "finance/balances";
  return "";
}
