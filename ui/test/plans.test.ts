import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK, slug } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { budget, concentration } from "../src/dev/fake-plans";
import { useTransport } from "../src/host";
import Reports from "../src/reports/finance/Reports.svelte";
import { layout, stepsOf, type Group } from "../src/elements/bars";
import { linesOf } from "../src/reports/finance/plan/lines";
import Plan from "../src/reports/finance/plan/Plan.svelte";
import NeedsYou from "../src/screens/NeedsYou.svelte";
import Books from "../src/screens/books/Books.svelte";
import { lastMonth } from "../src/screens/books/period";
import { concentrationSentence } from "../src/screens/giving/concentration";
import Giving from "../src/screens/giving/Giving.svelte";
import { actionWord, routeOf, sentenceOf } from "../src/screens/needs";
import { store } from "../src/store.svelte";

let host: FakeHost;
function begin(flags = "") {
  host = new FakeHost(new URLSearchParams(flags));
  useTransport(host);
  store.route = { book: BOOK, path: ["needs"], query: {} };
}
beforeEach(() => begin());
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
const click = async (mark: string) => fireEvent.click(await screen.findByTestId(mark));
async function violations(): Promise<string[]> {
  const options = { runOnly: ["wcag2a", "wcag2aa"], rules: { "color-contrast": { enabled: false }, "heading-order": { enabled: true } } };
  const result = await axe.run(document.body, options);
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
}

describe("sentences and sums of the plan", () => {
  it("concentration says share and amount", () => {
    expect(concentrationSentence(concentration())).toBe(
      "Mirrors Foundation gave 39.8 % of all income, 3,000.00\u00a0EUR. The three largest of 9 donors gave 44.6 %.",
    );
    expect(concentrationSentence({ ...concentration(), donors: [] })).toContain("No donation");
  });
  it("a month of the budget shows that month's amounts and no sentence of the whole", () => {
    const [income] = linesOf(budget(), "2026-03");
    expect(income?.lines[0]).toMatchObject({ planned: "420.00 EUR", actual: "412.35 EUR", sentence: "" });
    expect(linesOf(budget(), null)[0]?.lines[0]?.sentence).toContain("more than planned");
    expect(linesOf(budget(), "2031-01")[0]?.lines).toEqual([]);
  });
  it("bars of money hang below zero", () => {
    const groups = [100, 0, -50].map((value): Group => ({ key: String(value), name: "", said: "", columns: [[{ from: 0, to: value, look: value < 0 ? "bad" : "income" }]] }));
    const chart = layout(groups, stepsOf([100, 0, -50]), { width: 600, height: 150 });
    const zero = chart.ticks.find((tick) => tick.value === 0)?.y ?? expect.unreachable();
    const [first, , last] = chart.boxes.map(([box]) => box ?? expect.unreachable());
    expect((first?.y ?? 0) + (first?.height ?? 0)).toBeCloseTo(zero);
    expect(last?.y).toBeCloseTo(zero);
    expect(layout([], stepsOf([]), { width: 600, height: 150 }).boxes).toEqual([]);
  });
  it("bars beside each other share a place of the axis, and pieces stand on each other", () => {
    const group: Group = { key: "a", name: "", said: "", columns: [[{ from: 0, to: 4, look: "income" }, { from: 4, to: 8, look: "unknown" }], [{ from: 0, to: 8, look: "expense" }]] };
    const [boxes = []] = layout([group], stepsOf([0, 8]), { width: 600, height: 80 }).boxes;
    expect(boxes.map(({ y, height }) => [y, height])).toEqual([[40, 40], [0, 40], [0, 80]]);
    expect(boxes[2]?.x).toBeGreaterThan((boxes[0]?.x ?? 0) + (boxes[0]?.width ?? 0));
    expect(stepsOf([0, 7])).toEqual([0, 2, 4, 6, 8]);
  });
  it("a close begins where the last one ended", () => {
    expect(lastMonth("2026-04-01", "2026-07-05")).toEqual({ from: "2026-04-01", to: "2026-06-30" });
    expect(lastMonth(null, "2026-03-05")).toEqual({ from: "2026-02-01", to: "2026-02-28" });
    expect(lastMonth("2026-07-01", "2026-07-05")).toEqual({ from: "2026-07-01", to: "2026-07-01" });
  });
});

const screens = [["budget", Plan, "budget"], ["giving", Giving, "concentration"], ["statements and close", Books, "close-2026-01-01"], ["reports", Reports, "trial"], ["needs you", NeedsYou, "needs"]] as const;
describe("every section", () => {
  it.each(screens)("%s is shown and has no barrier", async (_, Section, mark) => {
    render(Section, { book: BOOK });
    await screen.findByTestId(mark);
    expect(await violations()).toEqual([]);
  });
  it.each(screens)("%s without anything teaches in a sentence", async (_, Section) => {
    begin("money=empty");
    render(Section, { book: BOOK });
    await waitFor(() => expect(document.body.textContent).toMatch(/yet|Nothing|only one|is open/));
    expect(await violations()).toEqual([]);
  });
  it.each(screens)("%s says what is broken", async (_, Section) => {
    begin("money=broken");
    render(Section, { book: BOOK });
    expect((await screen.findAllByTestId("failure"))[0]?.textContent).toContain("could not be made");
  });
});

describe("the plan", () => {
  it("says when money runs out, with the table behind the chart", async () => {
    render(Plan, { book: BOOK });
    expect((await screen.findByTestId("forecast-said")).textContent).toContain("February 2027");
    expect(screen.getByTestId("forecast-table").querySelectorAll("tbody > tr")).toHaveLength(12);
    await fireEvent.change(screen.getByTestId("field-month"), { target: { value: "2026-05" } });
    await waitFor(() => expect(screen.getByTestId("budget").textContent).toContain("412.35"));
  });
  it("asks what would be, without writing anything", async () => {
    render(Plan, { book: BOOK });
    await click("field-lose_top_donor");
    await fireEvent.input(screen.getByTestId("field-price_change_percent"), { target: { value: "20" } });
    await waitFor(() => expect(screen.getByTestId("what-if-runway").textContent).toContain("6.1"));
    expect(called("report_what_if").at(-1)?.["question"]).toEqual({ lose_top_donor: true, price_change_percent: 20, drop_schedules: [] });
    await fireEvent.input(screen.getByTestId("field-price_change_percent"), { target: { value: "5000" } });
    expect((await screen.findByTestId("problem-price_change_percent")).textContent).toContain("-100");
    expect(host.calls.filter(([name]) => /add|edit|write/.test(name))).toEqual([]);
  });
});

describe("statements and closes", () => {
  it("names a gap and compares an account with its statement", async () => {
    render(Books, { book: BOOK });
    expect((await screen.findByTestId("link-gap")).textContent).toContain("May 2026 is missing");
    await click("reconcile");
    await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>("field-account").options.length).toBeGreaterThan(1));
    await fireEvent.change(screen.getByTestId("field-account"), { target: { value: slug("account", "Assets:Bank:EUR") } });
    await fireEvent.input(screen.getByTestId("field-statement_balance"), { target: { value: "8235.77" } });
    await click("confirm-reconcile");
    expect((await screen.findByTestId("reconciled")).textContent).toContain("agree");
    expect(called("reconcile")[0]?.["compared"]).toMatchObject({ account: slug("account", "Assets:Bank:EUR"), statement_balance: "8235.77 EUR" });
  });
  it("closes a period after its balances were seen, then asks for the signature", async () => {
    render(Books, { book: BOOK });
    await screen.findByTestId("close-2026-01-01");
    await click("close-period");
    expect((await screen.findByTestId("close-count")).textContent).toContain("16 entries");
    await fireEvent.change(screen.getByTestId("field-from"), { target: { value: "2026-02-01" } });
    expect((await screen.findByTestId("close-problems")).textContent).toContain("closed already");
    expect(screen.getByTestId<HTMLButtonElement>("confirm-close").disabled).toBe(true);
    await fireEvent.change(screen.getByTestId("field-from"), { target: { value: "2026-04-01" } });
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("confirm-close").disabled).toBe(false));
    await click("confirm-close");
    await waitFor(() => expect(called("close_write")).toHaveLength(1));
    await click("confirm-answer");
    await waitFor(() => expect(called("expense_approve")[0]).toMatchObject({ kind: "close", id: slug("close", "new") }));
  });
  it("posts a late entry forward", async () => {
    render(Books, { book: BOOK });
    await click("post-forward");
    await fireEvent.change(await screen.findByTestId("field-date"), { target: { value: "2026-07-01" } });
    await click("confirm-forward");
    await waitFor(() => expect(called("post_forward")[0]).toEqual({ book: BOOK, transaction: slug("transaction", "1"), date: "2026-07-01" }));
  });
});

describe("what needs you", () => {
  const item = (what: string, args: Record<string, string | number>, action = "people") => ({ id: "1", what, args, action, since: null });
  it("is a sentence and one action, also when this version has no words for it", () => {
    const expense = item("approve-expense", { payee: "Ben", amount: "129.90 EUR", title: "Disk" });
    expect(sentenceOf(expense)).toBe("Ben asks for 129.90\u00a0EUR: Disk. Your approval is missing.");
    expect(actionWord(expense)).toBe("Look and approve");
    expect(sentenceOf(item("sign-close", { from: "2026-01-01", to: "2026-03-31" }))).not.toContain("2026-01-01");
    expect(sentenceOf(item("of-tomorrow", { text: "Something new." }))).toBe("Something new.");
    expect(actionWord(item("of-tomorrow", {}))).toBe("Open");
  });
  it("leads to a place of this window and nowhere else", () => {
    expect(routeOf("finance/to-pay?open=abc")).toEqual({ path: "finance/to-pay", query: { open: "abc" } });
    expect(routeOf("#/finance/books")).toEqual({ path: "finance/books", query: {} });
  });
  it("is listed, each with its link", async () => {
    render(NeedsYou, { book: BOOK });
    const row = await screen.findByTestId("needs-double");
    expect(row.querySelector("a")?.getAttribute("href")).toBe(`#/${BOOK}/finance/to-pay?open=${slug("expense", "twice")}`);
  });
});
