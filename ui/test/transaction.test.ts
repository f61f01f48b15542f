import { describe, expect, it } from "vitest";
import { readDate } from "../src/dates";
import { asSimple, leftOver, postingsOf, type Simple } from "../src/records/finance/transaction/postings";
import { blocksOf } from "../src/records/knowledge/page/markup";
import { moveCaret } from "../src/records/knowledge/page/caret";

const types: Record<string, string> = { bank: "asset", paypal: "asset", hosting: "expense", gifts: "income", inter: "equity" };
const typeOf = (id: string) => types[id] ?? "";
const base: Simple = { direction: "out", amount: "12.50 EUR", account: "bank", other: "hosting", fund: "g", otherFund: "g" };

describe("the simple entry", () => {
  const cases: Simple[] = [
    base,
    { ...base, direction: "in", other: "gifts" },
    { ...base, direction: "move", other: "paypal" },
    { ...base, direction: "move", other: "bank", otherFund: "reserve" },
  ];
  it.each(cases)("balances per fund and can be read back: $direction", (simple) => {
    const postings = postingsOf(simple, "inter");
    expect(leftOver(postings)).toEqual([]);
    expect(asSimple(postings, typeOf)).toEqual(simple);
  });
  it("names what is left over, per fund and currency", () => {
    const postings = [
      { account: "bank", amount: "-10.00 EUR", fund: "g" },
      { account: "hosting", amount: "10.00 EUR", fund: "reserve" },
    ];
    expect(leftOver(postings)).toEqual([{ fund: "g", amount: "-10.00 EUR" }, { fund: "reserve", amount: "10.00 EUR" }]);
  });
  it("does not squeeze a split entry into the simple form", () => {
    const split = [
      { account: "bank", amount: "9.00 EUR", fund: "g" }, { account: "hosting", amount: "1.00 EUR", fund: "g" },
      { account: "gifts", amount: "-10.00 EUR", fund: "g" },
    ];
    expect(asSimple(split, typeOf)).toBeNull();
  });
});

describe("dates and pages", () => {
  it("reads dates people write, and refuses days that do not exist", () => {
    expect(readDate("5.7.2026")).toBe("2026-07-05");
    expect(readDate("20260705")).toBe("2026-07-05");
    expect(readDate("2026-02-30")).toBeNull();
  });
  it("keeps markup as data", () => {
    const [block] = blocksOf("<img onerror=x> **b**");
    expect(block).toEqual({
      type: "paragraph",
      pieces: [{ text: "<img onerror=x> ", style: "plain" }, { text: "b", style: "strong" }],
    });
  });
  it("keeps the caret beside its word when text comes in before it", () => {
    expect(moveCaret("one two", "zero one two", 7)).toBe(12);
    expect(moveCaret("one two", "one two three", 3)).toBe(3);
  });
});
