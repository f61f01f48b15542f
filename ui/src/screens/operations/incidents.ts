// What an incident's own times say. Pure: the day and the rows come in.
import { daysBetween, minutesBetween } from "../../dates";
import type { RecordRow } from "../../generated/RecordRow";
import type { Fields } from "../../host";

export type Standing = "open" | "mitigated" | "resolved";
export const TIMES = ["started", "detected", "acknowledged", "mitigated", "resolved"] as const;
export const REVIEW_DAYS = 14;

export const standingOf = (fields: Fields): Standing =>
  fields["resolved"] ? "resolved" : fields["mitigated"] ? "mitigated" : "open";
/** Where an incident begins in time: its start, or when somebody saw it. */
export const beginOf = (fields: Fields): string => String(fields["started"] ?? fields["detected"] ?? "");

/** What goes on first, the gravest first; then what is over, the newest first. */
export function sorted(rows: readonly RecordRow[]): RecordRow[] {
  const over = ({ fields }: RecordRow) => Number(standingOf(fields) === "resolved");
  const grave = ({ fields }: RecordRow) => String(fields["severity"] ?? "sev9");
  return rows.toSorted((a, b) =>
    over(a) - over(b) || (over(a) === 0 ? grave(a).localeCompare(grave(b)) : 0) || beginOf(b.fields).localeCompare(beginOf(a.fields)) || a.id.localeCompare(b.id));
}

export type Time = { name: (typeof TIMES)[number]; at: string; after: number | null; since: number | null };
/** The times that are known, with the minutes after the start and since the one before. */
export function timesOf(fields: Fields): Time[] {
  const known = TIMES.filter((name) => fields[name]).map((name) => ({ name, at: String(fields[name]) }));
  return known.map(({ name, at }, index) => ({
    name, at, after: name === "started" ? null : minutesBetween(fields["started"], at),
    since: index < 2 ? null : minutesBetween(known[index - 1]?.at, at),
  }));
}

export type Embargo = { until: string; days: number; over: boolean } | null;
/** Until when it is kept from the public, and the days left. */
export function embargoOf(fields: Fields, day: string): Embargo {
  if (fields["visibility"] !== "embargoed") return null;
  const until = String(fields["embargo_until"] ?? "");
  const days = daysBetween(day, until) ?? 0;
  return { until, days, over: until !== "" && days < 0 };
}

/** The day by which the review should be public; nothing while it goes on. */
export function reviewDue(fields: Fields): string | null {
  const resolved = Date.parse(fields["resolved"] ?? "");
  return Number.isNaN(resolved) ? null : new Date(resolved + REVIEW_DAYS * 86_400_000).toISOString().slice(0, 10);
}

/** Lines of all who wrote, in the order of what happened; the same on every device. */
export const timelineOf = (rows: readonly RecordRow[], incident: string): RecordRow[] =>
  rows.filter(({ fields }) => fields["incident"] === incident)
    .toSorted((a, b) => Date.parse(a.fields["at"]) - Date.parse(b.fields["at"]) || a.id.localeCompare(b.id));

/** "9:12 The queue is full" is a line of that minute. */
export function readLine(typed: string): { time: string; text: string } {
  const match = /^(\d{1,2}:\d{2})(?:\s*UTC)?\s+(.+)$/s.exec(typed.trim());
  return match ? { time: match[1] ?? "", text: match[2] ?? "" } : { time: "", text: typed.trim() };
}
