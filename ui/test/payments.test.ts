import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BOOK, slug } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import type { ExpenseView } from "../src/generated/ExpenseView";
import { useTransport } from "../src/host";
import Recurring from "../src/screens/payments/Recurring.svelte";
import ToPay from "../src/screens/payments/ToPay.svelte";
import { followHost, store } from "../src/store.svelte";
import { actionOf, aheadSentence, groupOf, inGroups, leaseSentence, stateOf, whyOf } from "../src/screens/payments/states";

let host: FakeHost;
function begin(flags = "") {
  host = new FakeHost(new URLSearchParams(flags));
  useTransport(host);
}
beforeEach(() => begin());
let stop: (() => void) | undefined;
/** Changes arrive as in the window. */
async function follow() {
  stop = await followHost();
}
afterEach(() => stop?.());
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
const click = async (mark: string) => fireEvent.click(await screen.findByTestId(mark));
async function violations(): Promise<string[]> {
  const options = { runOnly: ["wcag2a", "wcag2aa"], rules: { "color-contrast": { enabled: false }, "heading-order": { enabled: true } } };
  const result = await axe.run(document.body, options);
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
}
const bill = (more: Partial<ExpenseView>): ExpenseView => {
  const [first] = host.money.expenses;
  return { ...(first ?? expect.unreachable()), double: false, state: "proposed", needs: 1, approvals: [], batches: [], reason: "", why_not: "", ...more };
};

describe("where a bill stands", () => {
  it("is said in words", () => {
    expect(stateOf(bill({ needs: 1 }))).toBe("needs 1 more approval");
    expect(stateOf(bill({ needs: 2 }))).toBe("needs 2 more approvals");
    expect(stateOf(bill({ state: "in-batch" }))).toBe("file written, not sent until a statement shows it");
    expect(stateOf(bill({ state: "approved", preapproved: true }))).toBe("approved ahead");
    expect(stateOf(bill({ state: "approved", one_person_only: true }))).toBe("approved · one person only");
    expect(stateOf(bill({ state: "partial", paid: "20.00 EUR", amount: "38.00 EUR" }))).toBe("20.00\u00a0EUR of 38.00\u00a0EUR paid");
    expect(stateOf(bill({ state: "in-batch", double: true }))).toMatch(/^may be paid twice/);
  });
  it("puts first what may be paid twice, then what waits for oneself", () => {
    expect(groupOf(bill({ double: true, state: "paid" }))).toBe("trouble");
    expect(groupOf(bill({ i_may_approve: true }))).toBe("mine");
    expect(groupOf(bill({ state: "approved", may_pay: true }))).toBe("ready");
    expect(groupOf(bill({ state: "cancelled", may_pay: true }))).toBe("ready");
    expect(groupOf(bill({ state: "approved" }))).toBe("waiting");
    expect(groupOf(bill({ state: "sent" }))).toBe("way");
    expect(groupOf(bill({ state: "returned" }))).toBe("trouble");
    const order = inGroups([bill({ state: "paid" }), bill({ i_may_approve: true }), bill({ double: true })]);
    expect(order.map((set) => set.group)).toEqual(["trouble", "mine", "done"]);
  });
  it("offers one action, and says why nothing can be done", () => {
    expect(actionOf(bill({ i_may_approve: true }), true)).toBe("approve");
    expect(actionOf(bill({ state: "approved", may_pay: true }), true)).toBe("put");
    expect(actionOf(bill({ state: "approved", may_pay: true }), false)).toBe("why");
    expect(actionOf(bill({ double: true }), true)).toBe("help");
    expect(actionOf(bill({ state: "paid" }), true)).toBe("open");
    expect(whyOf(bill({ reason: "The fund is bound.", why_not: "You handed it in.", i_may_approve: false }))).toEqual([
      "The fund is bound.", "You handed it in.",
    ]);
  });
  it("says who writes files, and what is approved ahead", () => {
    const { lease } = host.money;
    expect(leaseSentence(lease)).toContain("This device writes payment files until");
    expect(leaseSentence({ ...lease, mine: false, holder_name: "Ann" })).toMatch(/^Ann writes payment files/);
    expect(leaseSentence({ ...lease, id: null })).toBe("Nobody writes payment files at the moment.");
    const [schedule] = host.money.schedules;
    expect(aheadSentence(schedule!)).toContain("2026");
    expect(aheadSentence({ ...schedule!, approved: false, needs: 2 })).toBe("not yet: needs 2 more approvals");
  });
});

describe("what is to be paid", () => {
  it("is shown in groups with its alarms, and has no barrier", async () => {
    render(ToPay, { book: BOOK });
    expect((await screen.findByTestId("alarms")).textContent).toContain("two payment files");
    expect(within(screen.getByTestId("group-trouble")).getByTestId("do-help")).toBeTruthy();
    expect(screen.getByTestId("group-waiting").textContent).toContain("Mirror grant");
    expect(screen.getByTestId("truth").textContent).toContain("bank still executes");
    expect(await violations()).toEqual([]);
  });
  it("is approved for exactly what is shown", async () => {
    render(ToPay, { book: BOOK });
    await click("do-approve");
    await click("confirm-answer");
    await waitFor(() => expect(called("expense_approve")).toHaveLength(1));
    expect(called("expense_approve")[0]).toEqual({
      book: BOOK, kind: "expense", id: slug("expense", "laptop"), verdict: "approve", reason: "",
      seen: slug("content", "laptop").replaceAll("-", ""),
    });
  });
  it("is rejected only with a reason", async () => {
    render(ToPay, { book: BOOK });
    const row = await screen.findByTestId(`expense-${slug("expense", "laptop")}`);
    await fireEvent.click(row.querySelector("button") ?? expect.unreachable());
    expect((await screen.findByTestId("approvals")).textContent).toContain("another content");
    await click("panel-reject");
    await click("confirm-answer");
    expect((await screen.findByTestId("problem-reason")).textContent).not.toBe("");
    expect(called("expense_approve")).toEqual([]);
    await fireEvent.input(screen.getByTestId("field-reason"), { target: { value: "Too dear" } });
    await click("confirm-answer");
    await waitFor(() => expect(called("expense_approve")[0]).toMatchObject({ verdict: "reject", reason: "Too dear" }));
  });
  it("paid twice says what to do, with the hashes of both files", async () => {
    await follow();
    render(ToPay, { book: BOOK });
    await click("do-help");
    expect((await screen.findByTestId("double")).querySelectorAll("li")).toHaveLength(4);
    expect(screen.getByTestId("files").textContent).toContain("4b".repeat(32));
    expect(screen.getByTestId("files").textContent).toContain("c1".repeat(32));
    expect(await violations()).toEqual([]);
    await fireEvent.click(screen.getAllByTestId("withdraw-file")[1] ?? expect.unreachable());
    await fireEvent.input(await screen.findByTestId("field-reason"), { target: { value: "Not handed over" } });
    await click("confirm-withdraw-file");
    await waitFor(() => expect(called("batch_withdraw")[0]).toMatchObject({ id: slug("batch", "2"), reason: "Not handed over" }));
    await waitFor(() => expect(screen.queryByTestId("double")).toBeNull());
  });
});

describe("the file for the bank", () => {
  it("is looked at, saved, and said not to be sent", async () => {
    render(ToPay, { book: BOOK });
    await click("do-put");
    expect((await screen.findByTestId("batch-total")).textContent).toContain("412.35");
    expect(screen.getByTestId("batch-changed").textContent).toContain("Foerderung");
    expect(await violations()).toEqual([]);
    await click("save-file");
    expect((await screen.findByTestId("batch-done")).textContent).toContain("Not sent: upload it at your bank.");
    expect(called("batch_write")[0]).toMatchObject({ path: "~/harbor-2026-07-05.xml", order: { expenses: [slug("expense", "hosting-7")], version: "09" } });
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("uploaded").disabled).toBe(false));
    await click("uploaded");
    await waitFor(() => expect(called("outcome_add")[0]?.["outcome"]).toMatchObject({ result: "sent", expense: slug("expense", "hosting-7") }));
  });
  it("is not written while something must be mended", async () => {
    render(ToPay, { book: BOOK });
    await click("do-put");
    await screen.findByTestId("batch-total");
    await fireEvent.change(screen.getByTestId("field-execute_on"), { target: { value: "2020-01-01" } });
    expect((await screen.findByTestId("batch-problems")).textContent).toContain("past");
    expect(screen.getByTestId<HTMLButtonElement>("save-file").disabled).toBe(true);
  });
  it("is written by the device that holds the lease alone; taking over needs a reason", async () => {
    begin("lease=ben");
    render(ToPay, { book: BOOK });
    expect((await screen.findByTestId("lease")).textContent).toContain("Ben writes payment files");
    await click("do-put");
    expect(await screen.findByTestId("no-lease")).toBeTruthy();
    await screen.findByTestId("batch-total");
    expect(screen.getByTestId<HTMLButtonElement>("save-file").disabled).toBe(true);
    await click("dialog-close");
    await click("take-lease");
    await click("confirm-lease");
    expect(called("lease_take")).toEqual([]);
    await fireEvent.input(screen.getByTestId("field-reason"), { target: { value: "Ben is away" } });
    await click("confirm-lease");
    await waitFor(() => expect(called("lease_take")[0]).toEqual({ book: BOOK, days: 30, reason: "Ben is away" }));
  });
});

it("gives the lease back, extends it, and takes it without a reason when nobody has it", async () => {
  await follow();
  render(ToPay, { book: BOOK });
  await click("extend-lease");
  await fireEvent.input(await screen.findByTestId("field-days"), { target: { value: "0" } });
  await click("confirm-lease");
  expect((await screen.findByTestId("problem-days")).textContent).toContain("366");
  await fireEvent.input(screen.getByTestId("field-days"), { target: { value: "60" } });
  await click("confirm-lease");
  await waitFor(() => expect(called("lease_take")[0]).toEqual({ book: BOOK, days: 60, reason: "" }));
  await click("end-lease");
  await waitFor(() => expect(screen.getByTestId("lease").textContent).toContain("Nobody writes"));
  await click("take-lease");
  await click("confirm-lease");
  await waitFor(() => expect(called("lease_take")).toHaveLength(2));
});

it("looks for what is on the way in the statements", async () => {
  host.money.expenses = host.money.expenses.map((one) => (one.double ? { ...one, double: false } : one));
  render(ToPay, { book: BOOK });
  await click("match");
  await waitFor(() => expect(called("match_payments")).toHaveLength(1));
  await waitFor(() => expect(store.said).toBe("No statement shows any of them yet."));
});

describe("bills", () => {
  it("are written down in one dialog, by whoever sits here", async () => {
    render(ToPay, { book: BOOK });
    await click("new-bill");
    const payee = await screen.findByTestId<HTMLSelectElement>("field-payee");
    await waitFor(() => expect(document.activeElement).toBe(payee));
    await click("save");
    expect((await screen.findByTestId("problem-payee")).textContent).toContain("missing");
    expect(await violations()).toEqual([]);
    await fireEvent.change(payee, { target: { value: slug("payee", "hetzner") } });
    await fireEvent.input(screen.getByTestId("field-amount"), { target: { value: "12.5" } });
    await fireEvent.input(screen.getByTestId("field-narration"), { target: { value: "Cable" } });
    await click("save");
    await waitFor(() => expect(called("record_add")).toHaveLength(2));
    expect(called("record_add")[1]?.["fields"]).toMatchObject({
      payee: slug("payee", "hetzner"), amount: "12.50 EUR", narration: "Cable", submitter: slug("person", "anna"), type: "bill",
    });
  });
  it("that come due are prepared until a day", async () => {
    render(ToPay, { book: BOOK });
    await click("prepare");
    await fireEvent.change(await screen.findByTestId("field-until"), { target: { value: "31.8.2026" } });
    await click("confirm-prepare");
    await waitFor(() => expect(called("payments_prepare")[0]).toEqual({ book: BOOK, until: "2026-08-31" }));
  });
  it("that come again show their limits and how to cancel, and are approved ahead", async () => {
    render(Recurring, { book: BOOK });
    await fireEvent.click((await screen.findAllByTestId("open-schedule"))[0] ?? expect.unreachable());
    const panel = await screen.findByTestId("schedule-panel");
    expect(panel.textContent).toContain("430.00\u00a0EUR each time");
    expect(panel.textContent).toContain("customer console");
    expect(await violations()).toEqual([]);
    await click("dialog-close");
    await click("approve-schedule");
    await click("confirm-answer");
    await waitFor(() => expect(called("expense_approve")[0]).toMatchObject({ kind: "schedule", id: slug("schedule", "domains") }));
  });
  it("none at all is one sentence and one button", async () => {
    begin("money=empty");
    render(ToPay, { book: BOOK });
    expect(await screen.findByText(/Nothing is to be paid/)).toBeTruthy();
    expect(await violations()).toEqual([]);
  });
});
