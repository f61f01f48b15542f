import { describe, expect, it } from "vitest";
import { formatAmount, formatMoney, negate, parseMoney, readAmount, sumMoney, writeMoney } from "../src/money";

const money = (text: string) => parseMoney(text) ?? expect.unreachable(text);

describe("money", () => {
  it("keeps amounts no float can hold", () => {
    const huge = "90071992547409931234.57 EUR";
    expect(writeMoney(money(huge))).toBe(huge);
    expect(formatMoney(huge, "en")).toBe("90,071,992,547,409,931,234.57\u00a0EUR");
  });
  it("sums cents exactly and by currency", () => {
    const sums = sumMoney(["0.10 EUR", "0.20 EUR", "5 JPY", "-0.30 EUR"]).map(writeMoney);
    expect(sums).toEqual(["0.00 EUR", "5 JPY"]);
  });
  it("shows a true minus, the locale's marks and the currency's decimals", () => {
    expect(formatAmount(money("-1234.05 EUR"), "de")).toBe("\u22121.234,05");
    expect(formatAmount(money("-0.05 EUR"), "en")).toBe("\u22120.05");
    expect(formatAmount(money("1500 JPY"), "en")).toBe("1,500");
    expect(formatAmount(money("1.234 KWD"), "en")).toBe("1.234");
  });
  it("negates without changing zero", () => {
    expect(negate("-412.35 EUR")).toBe("412.35 EUR");
    expect(negate("0.00 EUR")).toBe("0.00 EUR");
  });
  it.each([
    ["12", "EUR", "en", "12.00 EUR"], ["12.5", "EUR", "en", "12.50 EUR"], ["12,5", "EUR", "de", "12.50 EUR"],
    ["1.234,56", "EUR", "de", "1234.56 EUR"], ["1,234.56", "EUR", "de", "1234.56 EUR"],
    ["1,234", "EUR", "en", "1234.00 EUR"], ["1.234", "EUR", "de", "1234.00 EUR"], ["1.234", "KWD", "en", "1.234 KWD"],
    ["1.234.567", "EUR", "de", "1234567.00 EUR"], ["-0,01", "EUR", "de", "-0.01 EUR"], ["\u22125", "JPY", "en", "-5 JPY"],
    ["1 234,50", "EUR", "de", "1234.50 EUR"], [".5", "EUR", "en", "0.50 EUR"],
  ])("reads %s %s in %s", (typed, currency, locale, written) => {
    expect(readAmount(typed, currency, locale)).toBe(written);
  });
  it.each([["12.345", "EUR"], ["1.5", "JPY"], ["12 apples", "EUR"], ["", "EUR"], ["1.2.3", "EUR"], ["12", "EURO"], ["-", "EUR"]])(
    "does not guess at %s %s", (typed, currency) => {
      expect(readAmount(typed, currency, "en")).toBeNull();
    },
  );
});
