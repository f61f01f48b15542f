// The keys of the review tray: from an imported file to sorted books without a mouse. Pure; the tray does what it says.
import type { ReviewRow } from "../../../../generated/ReviewRow";

export type Group = "duplicate" | "suggested" | "open" | "sorted";
export const GROUPS: Group[] = ["duplicate", "suggested", "open", "sorted"];

/** A line of the tray. Sorting writes a correction, so its id changes; the key stays. */
export type Line = ReviewRow & { key: string };

/** Rows with the key of the entry they began as. `keys` remembers, from one look to the next. */
export function keyed(rows: readonly ReviewRow[], keys: Map<string, string>): Line[] {
  return rows.map((row) => {
    const before = row.corrects ? (keys.get(row.corrects) ?? row.corrects) : row.transaction;
    const key = keys.get(row.transaction) ?? before;
    keys.set(row.transaction, key);
    return { ...row, key };
  });
}

export function groupOf(row: ReviewRow): Group {
  if (row.duplicate_of) return "duplicate";
  if (row.expense || !row.open) return "sorted";
  return row.suggestion ? "suggested" : "open";
}

/** Rows in the order of the tray. `held` keeps who has a group in it: a row that was sorted does not jump away. */
export function arranged(rows: readonly Line[], held: Map<string, Group>): { group: Group; rows: Line[] }[] {
  for (const row of rows) if (!held.has(row.key)) held.set(row.key, groupOf(row));
  const sets = GROUPS.map((group) => ({ group, rows: rows.filter((row) => held.get(row.key) === group) }));
  return sets.filter((set) => set.rows.length > 0);
}

export type Option = { value: string; label: string; group?: string };

/** Accounts whose name holds every word that was typed; those with a part that begins with the first word come first. */
export function matching(options: readonly Option[], typed: string): Option[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const name = ({ group, label }: Option) => `${group ?? ""} ${label}`.toLocaleLowerCase();
  const found = options.filter((option) => words.every((word) => name(option).includes(word)));
  const first = words[0] ?? "";
  const begins = (option: Option) => option.label.toLocaleLowerCase().split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(first));
  return first === "" ? found : found.sort((a, b) => Number(begins(b)) - Number(begins(a)));
}

/** Which row the keys are about, whether something is typed, and which of the accounts that fit is meant. */
export type Tray = { at: number; typing: boolean; typed: string; choice: number };
export const BEGIN: Tray = { at: 0, typing: false, typed: "", choice: 0 };

export type Effect =
  | { do: "assign"; account: string }
  | { do: "undo" } | { do: "split" } | { do: "withdraw" }
  | { do: "type" } | { do: "leave" };
export type Step = { tray: Tray; effect: Effect | null };

type Around = { count: number; options: readonly Option[]; suggestion: string | null; duplicate?: boolean };

const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));

/** What a key does; null when it is not for the tray (the field takes it, or nobody). */
export function step(tray: Tray, key: string, around: Around): Step | null {
  return tray.typing ? stepTyping(tray, key, around) : stepList(tray, key, around);
}

function stepList(tray: Tray, key: string, { count, suggestion, duplicate }: Around): Step | null {
  const moves: Record<string, number> = {
    j: tray.at + 1, ArrowDown: tray.at + 1, k: tray.at - 1, ArrowUp: tray.at - 1, Home: 0, End: count - 1,
  };
  const to = moves[key];
  if (to !== undefined) return { tray: { ...BEGIN, at: clamp(to, count) }, effect: null };
  const typing: Step = { tray: { ...BEGIN, at: tray.at, typing: true }, effect: { do: "type" } };
  if (key === "Enter") return suggestion ? { tray, effect: { do: "assign", account: suggestion } } : typing;
  if (key === "u") return { tray, effect: { do: "undo" } };
  if (key === "s") return { tray, effect: { do: "split" } };
  if (key === "x" && duplicate) return { tray, effect: { do: "withdraw" } };
  if (key === "/") return typing;
  if (/^[\p{L}\p{N}]$/u.test(key)) return { tray: { ...typing.tray, typed: key }, effect: { do: "type" } };
  return null;
}

function stepTyping(tray: Tray, key: string, { options }: Around): Step | null {
  if (key === "ArrowDown") return { tray: { ...tray, choice: clamp(tray.choice + 1, options.length) }, effect: null };
  if (key === "ArrowUp") return { tray: { ...tray, choice: clamp(tray.choice - 1, options.length) }, effect: null };
  if (key === "Escape") return { tray: { ...BEGIN, at: tray.at }, effect: { do: "leave" } };
  if (key !== "Enter") return null;
  const account = options[clamp(tray.choice, options.length)]?.value;
  return { tray, effect: account ? { do: "assign", account } : null };
}

/** The next row that nobody has sorted yet, after this one or from the top; this one when all are. */
export function nextOpen<Row>(rows: readonly Row[], at: number, sorted: (row: Row) => boolean): number {
  const open = (row: Row | undefined): row is Row => row !== undefined && !sorted(row);
  for (let step = 1; step <= rows.length; step += 1) {
    const index = (at + step) % rows.length;
    if (open(rows[index])) return index;
  }
  return at;
}
