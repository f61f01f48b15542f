// From "money out, 12.50, hosting" to postings and back. Pure, without a float.
import { negate, parseMoney, sumMoney, writeMoney } from "../../../money";

export type Posting = { account: string; amount: string; fund: string; memo?: string | null };
export type Direction = "out" | "in" | "move";
export type Simple = {
  direction: Direction; amount: string; account: string; other: string; fund: string; otherFund: string;
};

/** Money moved between funds passes this equity account, so that each fund balances by itself. */
export const INTER_FUND = "Equity:InterFund";

export function postingsOf(simple: Simple, interFund: string): Posting[] {
  const { direction, amount, account, other, fund, otherFund } = simple;
  const less = negate(amount);
  if (direction === "out") return [{ account, amount: less, fund }, { account: other, amount, fund }];
  if (direction === "in") return [{ account, amount, fund }, { account: other, amount: less, fund }];
  if (fund === otherFund) return [{ account, amount: less, fund }, { account: other, amount, fund }];
  return [
    { account, amount: less, fund },
    { account: interFund, amount, fund },
    { account: other, amount, fund: otherFund },
    { account: interFund, amount: less, fund: otherFund },
  ];
}

/** Until the inter-fund account is there, its name stands in its place. */
export const needsInterFund = (postings: Posting[]): boolean => postings.some(({ account }) => account === INTER_FUND);

export function withInterFund(postings: Posting[], account: string): Posting[] {
  return postings.map((posting) => (posting.account === INTER_FUND ? { ...posting, account } : posting));
}

/** The simple form of postings, when they have one. */
export function asSimple(postings: Posting[], typeOf: (account: string) => string): Simple | null {
  const isAsset = (posting: Posting) => typeOf(posting.account) === "asset";
  const assets = postings.filter(isAsset);
  const others = postings.filter((posting) => !isAsset(posting));
  const [first] = assets;
  if (!first || postings.some((posting) => posting.memo)) return null;
  const below = (posting: Posting) => (parseMoney(posting.amount)?.minor ?? 0n) < 0n;
  if (postings.length === 2 && assets.length === 1) {
    const other = others[0];
    const type = other ? typeOf(other.account) : "";
    if (!other || other.fund !== first.fund || (type !== "expense" && type !== "income")) return null;
    const direction = below(first) ? "out" : "in";
    const amount = direction === "out" ? negate(first.amount) : first.amount;
    return { direction, amount, account: first.account, other: other.account, fund: first.fund, otherFund: first.fund };
  }
  const from = assets.find(below);
  const to = assets.find((posting) => !below(posting));
  const passes = others.every((posting) => typeOf(posting.account) === "equity") && others.length !== 1;
  if (assets.length !== 2 || !from || !to || !passes || negate(from.amount) !== to.amount) return null;
  return {
    direction: "move", amount: to.amount, account: from.account, other: to.account, fund: from.fund,
    otherFund: to.fund,
  };
}

/** What is left over per fund and currency: empty when the entry balances. */
export function leftOver(postings: Posting[]): { fund: string; amount: string }[] {
  const funds = [...new Set(postings.map((posting) => posting.fund))];
  return funds.flatMap((fund) => {
    const sums = sumMoney(postings.filter((posting) => posting.fund === fund).map((posting) => posting.amount));
    return sums.filter((sum) => sum.minor !== 0n).map((sum) => ({ fund, amount: writeMoney(sum) }));
  });
}
