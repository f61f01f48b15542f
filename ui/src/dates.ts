// Dates as the record keeps them: "YYYY-MM-DD", without a time zone.

export function today(now: Date = new Date()): string {
  const pad = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

function real(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : null;
}

/** "2026-7-5", "20260705" and "5.7.2026" as "2026-07-05"; null for what is no date. */
export function readDate(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (iso) return real(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dotted = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(text);
  return dotted ? real(Number(dotted[3]), Number(dotted[2]), Number(dotted[1])) : null;
}

/** The last day of the month that a day is in. */
export function monthEnd(day: string): string {
  const date = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0));
  return Number.isNaN(date.getTime()) ? day : date.toISOString().slice(0, 10);
}

/** A moment of this instant as the record keeps it: RFC 3339, UTC, to the minute. */
export const momentNow = (now: Date = new Date()): string => `${now.toISOString().slice(0, 16)}:00Z`;

/** "2026-05-14 09:12", "14.5.2026 9:12" and RFC 3339 with any offset as UTC; "9:12" is that time of `day`. Null for what is no moment. */
export function readMoment(text: string, day: string): string | null {
  const typed = text.trim();
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(typed)) {
    const at = new Date(typed);
    return Number.isNaN(at.getTime()) ? null : `${at.toISOString().slice(0, 19)}Z`;
  }
  const match = /^(?:(.+?)[ T,]+)?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*(?:UTC|Z))?$/i.exec(typed);
  const date = match ? readDate(match[1] ?? day) : null;
  const [hour, minute, second] = [match?.[2], match?.[3], match?.[4] ?? "00"].map(Number);
  if (!date || hour === undefined || minute === undefined || second === undefined) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const pad = (part: number) => String(part).padStart(2, "0");
  return `${date}T${pad(hour)}:${pad(minute)}:${pad(second)}Z`;
}

/** "2026-05-14 09:12" of a moment, in UTC: how it is written into a field. */
export const writeMoment = (moment: string): string => readMoment(moment, "")?.slice(0, 16).replace("T", " ") ?? moment;

/** Whole minutes from one moment to another; nothing when one of them is not known. */
export function minutesBetween(from: string | null | undefined, to: string | null | undefined): number | null {
  const minutes = (Date.parse(to ?? "") - Date.parse(from ?? "")) / 60_000;
  return Number.isNaN(minutes) ? null : Math.round(minutes);
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number | null {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
  return Number.isNaN(days) ? null : Math.round(days);
}
