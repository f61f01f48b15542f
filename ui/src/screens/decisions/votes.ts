// Where votes stand, in words, and in which order they are shown.
import type { ProposalRow } from "../../generated/ProposalRow";
import type { ProposalView } from "../../generated/ProposalView";
import type { VoteStage } from "../../generated/VoteStage";
import { formatRelative, formatTime, word } from "../../words";

export type Groups = { mine: ProposalRow[]; open: ProposalRow[]; closed: ProposalRow[] };

const DONE: VoteStage[] = ["counted", "retracted", "irregular"];

export const waitsForMe = (row: ProposalRow): boolean => row.my_vote_missing || row.my_count_missing;
export const isDone = (row: ProposalRow): boolean => DONE.includes(row.stage) && !row.recount_due;

const soonest = (a: ProposalRow, b: ProposalRow) => (a.closes ?? "9").localeCompare(b.closes ?? "9");

/** What waits for the person here, then what else is going on, each by what ends first; then what is over, the last first. */
export function grouped(rows: ProposalRow[]): Groups {
  const mine = rows.filter(waitsForMe).sort(soonest);
  const others = rows.filter((row) => !waitsForMe(row));
  const closed = others.filter(isDone).sort((a, b) => -soonest(a, b));
  return { mine, open: others.filter((row) => !isDone(row)).sort(soonest), closed };
}

/** Where it stands, with the moment that matters. */
export function stageSentence(row: ProposalRow, now: number): string {
  const closes = row.closes ? Date.parse(row.closes) : now;
  return word("decide.stage", row.stage, {
    closes: formatTime(row.closes), left: formatRelative(Math.max(0, (closes - now) / 1000)), grace: formatTime(row.grace_until),
  });
}

/** Of how many hundred parts an option's bar is wide: the largest fills it. */
export function widths(counts: { votes: number }[]): number[] {
  const most = Math.max(1, ...counts.map((one) => one.votes));
  return counts.map((one) => Math.round((one.votes * 100) / most));
}

/** Names of those on the roll, and of others who said something. */
export function namesOf(view: Pick<ProposalView, "voters" | "words" | "proposer" | "proposer_name">): Map<string, string> {
  return new Map([
    [view.proposer, view.proposer_name] as const, ...view.words.map((one) => [one.person, one.name] as const),
    ...view.voters.map((one) => [one.person, one.name] as const),
  ]);
}

/** Whether a late one would have changed the result by itself, as a key of a word. */
export const wouldChange = (would: boolean | null): string => (would === null ? "unknown" : would ? "yes" : "no");
