// What a ballot says: between the fields of the form, what the host takes, and the words it shows.
import type { Choice } from "../../generated/Choice";
import type { ProposalView } from "../../generated/ProposalView";
import type { MessageKey } from "../../messages/en";
import { word } from "../../words";

export const ABSTAIN = "abstain";
export const POINTS = [0, 1, 2, 3, 4, 5] as const;
const BETTER = " > ";
/** Methods that have options of their own; all others let the proposer name them. */
const OWN_OPTIONS = ["simple-majority", "supermajority", "consent", "lazy-consensus"];
const CONSENT = ["consent", "lazy-consensus"];

export type Way = "choice" | "ranking" | "score";
export type Draft = { choice: string | null; ranking: string[]; points: (number | null)[]; reason: string | null };
/** What of a proposal a ballot is about. */
export type Asked = Pick<ProposalView, "options" | "terms"> & { mine: Pick<ProposalView["mine"], "ballot"> };

export const namesOptions = (method: string): boolean => !OWN_OPTIONS.includes(method);
export const takesObjections = (method: string): boolean => CONSENT.includes(method);

export function wayOf(method: string): Way {
  if (method === "schulze") return "ranking";
  return method === "score" ? "score" : "choice";
}

/** An option as a person reads it: those of the methods have words, the proposer's own stay as they are. */
export function optionWord(method: string, option: string): string {
  return option === ABSTAIN || !namesOptions(method) ? word("decide.option", option) : option;
}

/** The order a ballot was shown with, or nothing when it is not understood. The longest name goes first. */
export function readRanking(text: string, options: string[]): string[] {
  const longest = [...options].sort((a, b) => b.length - a.length);
  const found: string[] = [];
  let rest = text;
  while (rest !== "") {
    const next = longest.find((one) => !found.includes(one) && (rest === one || rest.startsWith(one + BETTER)));
    if (next === undefined) return [];
    found.push(next);
    rest = rest === next ? "" : rest.slice(next.length + BETTER.length);
  }
  return found;
}

/** The points a ballot was shown with, in the order of the options; none when they are not understood. */
export function readPoints(text: string, options: string[]): (number | null)[] {
  const found: number[] = [];
  let rest = text;
  for (const option of options) {
    const said = rest.startsWith(`${option} `) ? /^([0-5])(, |$)/.exec(rest.slice(option.length + 1)) : null;
    if (!said) return options.map(() => null);
    found.push(Number(said[1]));
    rest = rest.slice(option.length + 1 + said[0].length);
  }
  return rest === "" ? found : options.map(() => null);
}

/** The form as it begins: with the last ballot, so that changing it is changing and not beginning again. */
export function draftOf({ options, terms, mine }: Asked): Draft {
  const said = mine.ballot?.choice ?? "";
  const way = wayOf(terms.method);
  const one = said === ABSTAIN || (way === "choice" && options.includes(said));
  return {
    choice: one ? said : null,
    ranking: way === "ranking" ? readRanking(one ? "" : said, options) : [],
    points: readPoints(one ? "" : said, options),
    reason: mine.ballot?.reason ?? null,
  };
}

/** What is missing before it can be cast. */
export function missing({ terms }: Asked, draft: Draft): MessageKey | null {
  if (draft.choice === ABSTAIN) return null;
  const way = wayOf(terms.method);
  if (way === "ranking") return draft.ranking.length > 0 ? null : "decide.ballot.rank.missing";
  if (way === "score") return draft.points.includes(null) ? "decide.ballot.score.missing" : null;
  return draft.choice === null ? "decide.ballot.choice.missing" : null;
}

export function choiceOf({ terms }: Asked, draft: Draft): Choice {
  const nothing = { choice: "", ranking: [], scores: [], reason: draft.reason?.trim() || null };
  const way = wayOf(terms.method);
  if (draft.choice === ABSTAIN || way === "choice") return { ...nothing, choice: draft.choice ?? "" };
  if (way === "ranking") return { ...nothing, ranking: [...draft.ranking] };
  return { ...nothing, scores: draft.points.map((points) => String(points ?? 0)) };
}

/** The list with one of its options a place higher (-1) or lower (1); the same where there is no place. */
export function moved(list: string[], option: string, by: -1 | 1): string[] {
  const from = list.indexOf(option);
  const other = list[from + by];
  if (from < 0 || other === undefined) return list;
  return list.map((one) => (one === option ? other : one === other ? option : one));
}
