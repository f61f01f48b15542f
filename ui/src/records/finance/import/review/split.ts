// One line of a statement that paid for several things. Integers only; the parts must sum to the whole.
import { negate, parseMoney, sumMoney, writeMoney } from "../../../../money";
import type { Posting } from "../../transaction/postings";

export type Part = { account: string | null; amount: string };

const positive = (text: string): boolean => (parseMoney(text)?.minor ?? 0n) >= 0n;
/** Without its sign, as a person reads a bill. */
export const size = (text: string): string => (positive(text) ? text : negate(text));

/** What of the whole no part has taken yet; null when an amount is missing, unclear or of another currency. */
export function leftOf(whole: string, parts: readonly Part[]): string | null {
  const total = parseMoney(whole);
  const read = parts.map((part) => parseMoney(part.amount));
  if (!total || read.some((money) => money === null || money.currency !== total.currency || money.minor < 0n)) return null;
  const [sum] = sumMoney([whole, ...parts.map((part) => negate(part.amount))]);
  return sum ? writeMoney(sum) : null;
}

export const isWhole = (whole: string, parts: readonly Part[]): boolean =>
  parts.length > 1 && parts.every((part) => part.account && parseMoney(part.amount)?.minor !== 0n) &&
  parseMoney(leftOf(whole, parts) ?? "")?.minor === 0n;

/** The posting that is shared out, if it is one alone. */
export function sharedOut(postings: readonly Posting[], account: string): Posting | null {
  const found = postings.filter((posting) => posting.account === account);
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The same entry with the parts in the place of one posting. */
export function withParts(postings: readonly Posting[], shared: Posting, parts: readonly Part[]): Posting[] {
  const signed = (text: string) => (positive(shared.amount) ? text : negate(text));
  const pieces = parts.map(({ account, amount }) => ({ account: account ?? "", amount: signed(amount), fund: shared.fund }));
  return postings.flatMap((posting) => (posting === shared ? pieces : [posting]));
}
