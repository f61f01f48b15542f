import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK, slug } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { reviewRows } from "../src/dev/fake-review";
import { useTransport } from "../src/host";
import ImportTray from "../src/records/finance/import/review/ImportTray.svelte";
import { isWhole, leftOf, sharedOut, withParts } from "../src/records/finance/import/review/split";
import { arranged, BEGIN, groupOf, keyed, matching, nextOpen, step, type Option } from "../src/records/finance/import/review/tray";

const options: Option[] = [
  { value: "hosting", label: "Program › Hosting", group: "Expenses" },
  { value: "bank", label: "Admin › Bank", group: "Expenses" },
  { value: "shop", label: "Program › Workshop", group: "Expenses" },
];
const around = { count: 3, options, suggestion: null as string | null };

describe("the keys of the review tray", () => {
  it("j and k move and stop at the ends", () => {
    expect(step(BEGIN, "j", around)?.tray.at).toBe(1);
    expect(step({ ...BEGIN, at: 2 }, "j", around)?.tray.at).toBe(2);
    expect(step(BEGIN, "k", around)?.tray.at).toBe(0);
    expect(step(BEGIN, "End", around)?.tray.at).toBe(2);
  });
  it("Enter takes the suggestion, and without one begins to look for an account", () => {
    expect(step(BEGIN, "Enter", { ...around, suggestion: "hosting" })?.effect).toEqual({ do: "assign", account: "hosting" });
    expect(step(BEGIN, "Enter", around)).toEqual({ tray: { ...BEGIN, typing: true }, effect: { do: "type" } });
  });
  it("a letter that is no command begins to look, and every letter after it is typed", () => {
    const typing = step(BEGIN, "h", around)?.tray ?? BEGIN;
    expect(typing).toEqual({ ...BEGIN, typing: true, typed: "h" });
    for (const key of ["j", "k", "u", "s"]) expect(step(typing, key, around)).toBeNull();
    expect(step(BEGIN, "/", around)?.tray).toEqual({ ...BEGIN, typing: true });
  });
  it("while typing, arrows choose, Enter says it, Escape leaves", () => {
    const typing = { ...BEGIN, typing: true, typed: "p" };
    const second = step(typing, "ArrowDown", around)?.tray ?? BEGIN;
    expect(second.choice).toBe(1);
    expect(step(second, "Enter", around)?.effect).toEqual({ do: "assign", account: "bank" });
    expect(step(typing, "Enter", { ...around, options: [] })?.effect).toBeNull();
    expect(step(typing, "Escape", around)).toEqual({ tray: BEGIN, effect: { do: "leave" } });
  });
  it("u undoes, s splits, other keys are not for the tray", () => {
    expect(step(BEGIN, "u", around)?.effect).toEqual({ do: "undo" });
    expect(step(BEGIN, "s", around)?.effect).toEqual({ do: "split" });
    expect(step(BEGIN, "x", { ...around, duplicate: true })?.effect).toEqual({ do: "withdraw" });
    expect(step(BEGIN, "x", around)?.tray.typed).toBe("x");
    expect(step(BEGIN, "Tab", around)).toBeNull();
    expect(step(BEGIN, " ", around)).toBeNull();
  });
  it("finds accounts by parts of words, those that begin so first", () => {
    expect(matching(options, "ho").map((one) => one.value)).toEqual(["hosting", "shop"]);
    expect(matching(options, "exp bank").map((one) => one.value)).toEqual(["bank"]);
    expect(matching(options, "").length).toBe(3);
  });
  it("knows a row again after its correction, and that of its correction", () => {
    const [row] = reviewRows(1);
    const keys = new Map<string, string>();
    const first = { ...row!, transaction: "a" };
    expect(keyed([first], keys)[0]?.key).toBe("a");
    expect(keyed([{ ...first, transaction: "b", corrects: "a" }], keys)[0]?.key).toBe("a");
    expect(keyed([{ ...first, transaction: "c", corrects: "b" }], keys)[0]?.key).toBe("a");
    expect(keyed([{ ...first, transaction: "z", corrects: "y" }], keys)[0]?.key).toBe("y");
  });
  it("knows groups, keeps a sorted row in its place, and finds the next open one", () => {
    const rows = keyed(reviewRows(10), new Map());
    expect([groupOf(rows[3]!), groupOf(rows[0]!), groupOf(rows[1]!), groupOf(rows[8]!)]).toEqual(["duplicate", "suggested", "open", "sorted"]);
    const held = new Map();
    const before = arranged(rows, held).flatMap((set) => set.rows.map((row) => row.key));
    const sorted = rows.map((row, at) => (at === 0 ? { ...row, open: false } : row));
    expect(arranged(sorted, held).flatMap((set) => set.rows.map((row) => row.key))).toEqual(before);
    expect(nextOpen(rows, 9, (row) => row !== rows[4])).toBe(4);
    expect(nextOpen(rows, 2, () => true)).toBe(2);
  });
});

describe("splitting a line", () => {
  const postings = [{ account: "bank", amount: "-61.20 EUR", fund: "g" }, { account: "open", amount: "61.20 EUR", fund: "g" }];
  it("says what is left over, and is whole only without it", () => {
    expect(leftOf("61.20 EUR", [{ account: "a", amount: "20.00 EUR" }])).toBe("41.20 EUR");
    expect(leftOf("61.20 EUR", [{ account: "a", amount: "20.00 USD" }])).toBeNull();
    expect(leftOf("61.20 EUR", [{ account: "a", amount: "x" }])).toBeNull();
    const parts = [{ account: "a", amount: "20.00 EUR" }, { account: "b", amount: "41.20 EUR" }];
    expect(isWhole("61.20 EUR", parts)).toBe(true);
    expect(isWhole("61.20 EUR", [parts[0]!, { account: null, amount: "41.20 EUR" }])).toBe(false);
    expect(isWhole("61.20 EUR", [{ account: "a", amount: "61.20 EUR" }])).toBe(false);
  });
  it("puts the parts in the place of the one posting, with its sign and fund", () => {
    const shared = sharedOut(postings, "open")!;
    const parts = [{ account: "a", amount: "20.00 EUR" }, { account: "b", amount: "41.20 EUR" }];
    expect(withParts(postings, shared, parts).map((one) => [one.account, one.amount, one.fund])).toEqual([
      ["bank", "-61.20 EUR", "g"], ["a", "20.00 EUR", "g"], ["b", "41.20 EUR", "g"],
    ]);
    const income = [{ account: "bank", amount: "9.00 EUR", fund: "g" }, { account: "open", amount: "-9.00 EUR", fund: "g" }];
    expect(withParts(income, sharedOut(income, "open")!, [{ account: "a", amount: "9.00 EUR" }])[1]?.amount).toBe("-9.00 EUR");
    expect(sharedOut([...postings, postings[1]!], "open")).toBeNull();
  });
});

describe("the review tray", () => {
  let host: FakeHost;
  beforeEach(() => {
    host = new FakeHost(new URLSearchParams());
    useTransport(host);
  });
  const assigned = () => host.calls.filter(([name]) => name === "import_assign").flatMap(([, args]) => args["assignments"]);
  const press = async (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

  it("sorts forty lines by keyboard alone", async () => {
    render(ImportTray, { book: BOOK, id: slug("import", "1") });
    const tray = await screen.findByTestId("tray");
    await waitFor(() => expect(document.activeElement).toBe(tray));
    for (let line = 0; line < 39; line += 1) {
      await press("b");
      const field = await screen.findByTestId<HTMLInputElement>("tray-filter");
      await waitFor(() => expect(document.activeElement).toBe(field));
      await fireEvent.input(field, { target: { value: "bank" } });
      await press("Enter");
      await waitFor(() => expect(document.activeElement).toBe(tray));
    }
    await waitFor(() => expect(screen.getByTestId("review-count").textContent).toContain("sorted"));
    await waitFor(() => expect(assigned()).toHaveLength(39));
    expect(new Set(assigned().map((one: { transaction: string }) => one.transaction)).size).toBe(39);
  }, 30_000);
  it("takes all suggestions at once, undoes one, and has no barrier", async () => {
    render(ImportTray, { book: BOOK, id: slug("import", "1") });
    await fireEvent.click(await screen.findByTestId("take-all"));
    await waitFor(() => expect(assigned()).toHaveLength(4));
    expect(screen.queryByTestId("take-all")).toBeNull();
    await press("u");
    await waitFor(() => expect(assigned()).toHaveLength(5));
    expect(screen.queryByTestId("failure")).toBeNull();
    expect(assigned().at(-1).transaction).not.toBe(assigned()[3].transaction);
    expect(assigned().at(-1).account).toBe(slug("account", "Expenses:Uncategorised"));
    const result = await axe.run(document.body, { runOnly: ["wcag2a", "wcag2aa"], rules: { "color-contrast": { enabled: false } } });
    expect(result.violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
  });
  it("shows what could not be written as it was, with the failure", async () => {
    host.commands["import_assign"] = () => {
      throw { code: "forbidden", message: "Only the treasurer sorts entries.", hint: null, detail: null, problems: [] };
    };
    render(ImportTray, { book: BOOK, id: slug("import", "1") });
    await fireEvent.click(await screen.findByTestId("take-all"));
    expect((await screen.findByTestId("failure")).textContent).toContain("Only the treasurer");
    expect(await screen.findByTestId("take-all")).toBeTruthy();
  });
  it("splits a line with s, and is whole before it is written", async () => {
    render(ImportTray, { book: BOOK, id: slug("import", "1") });
    const tray = await screen.findByTestId("tray");
    await waitFor(() => expect(document.activeElement).toBe(tray));
    await press("s");
    await screen.findByTestId("split");
    const type = async (mark: string, value: string) => fireEvent.input(screen.getByTestId(mark), { target: { value } });
    const choose = async (mark: string, path: string) => fireEvent.change(screen.getByTestId(mark), { target: { value: slug("account", path) } });
    await choose("field-part-0-account", "Expenses:Program:Hosting");
    await type("field-part-0-amount", "5.00");
    expect(screen.getByTestId("split-left").textContent).toContain("not clear");
    await choose("field-part-1-account", "Expenses:Admin:Bank");
    await type("field-part-1-amount", "5.00");
    expect(screen.getByTestId<HTMLButtonElement>("save-split").disabled).toBe(true);
    await type("field-part-1-amount", "10.13");
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("save-split").disabled).toBe(false));
    await fireEvent.click(screen.getByTestId("save-split"));
    await waitFor(() => expect(host.calls.some(([name]) => name === "record_correct")).toBe(true));
    const fields = host.calls.find(([name]) => name === "record_correct")?.[1]["fields"];
    expect(fields.postings.map((posting: { amount: string }) => posting.amount)).toEqual(["-15.13 EUR", "5.00 EUR", "10.13 EUR"]);
    await waitFor(() => expect(screen.queryByTestId("split")).toBeNull());
  });
  it("withdraws with x what is in the book already, and the reason is there", async () => {
    render(ImportTray, { book: BOOK, id: slug("import", "1") });
    const tray = await screen.findByTestId("tray");
    await waitFor(() => expect(document.activeElement).toBe(tray));
    await press("x");
    await fireEvent.click(await screen.findByTestId("confirm-duplicate"));
    await waitFor(() => expect(host.calls.some(([name]) => name === "record_withdraw")).toBe(true));
    const args = host.calls.find(([name]) => name === "record_withdraw")?.[1];
    expect(args).toMatchObject({ id: slug("line", "3"), reason: "the same as “Bank fee, 28 June”" });
    await waitFor(() => expect(screen.getByTestId("tray-0").textContent).toContain("Withdrawn"));
  });
});
