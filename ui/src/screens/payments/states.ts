// Where a bill stands, in words, and the one thing to do about it. The host says what holds; this only says it.
import type { ExpenseState } from "../../generated/ExpenseState";
import type { ExpenseView } from "../../generated/ExpenseView";
import type { LeaseView } from "../../generated/LeaseView";
import type { ScheduleView } from "../../generated/ScheduleView";
import { formatMoney } from "../../money";
import { formatDate, formatTime, t, word } from "../../words";

export const GROUPS = ["trouble", "mine", "ready", "waiting", "way", "done"] as const;
export type Group = (typeof GROUPS)[number];

const TROUBLE: ExpenseState[] = ["held", "partial", "returned", "refused"];
const DONE: ExpenseState[] = ["paid", "settled", "rejected", "withdrawn"];

/** What needs somebody comes first; what may be paid twice before everything. */
export function groupOf(expense: ExpenseView): Group {
  if (expense.double || TROUBLE.includes(expense.state)) return "trouble";
  if (DONE.includes(expense.state)) return "done";
  if (expense.state === "in-batch" || expense.state === "sent") return "way";
  if (expense.may_pay) return "ready";
  return expense.i_may_approve ? "mine" : "waiting";
}

export function inGroups(expenses: readonly ExpenseView[]): { group: Group; expenses: ExpenseView[] }[] {
  const sets = GROUPS.map((group) => ({ group, expenses: expenses.filter((one) => groupOf(one) === group) }));
  return sets.filter((set) => set.expenses.length > 0);
}

export function stateOf(expense: ExpenseView): string {
  const said = [stateWords(expense)];
  if (expense.double) said.unshift(t("pay.state.double"));
  if (expense.one_person_only) said.push(t("pay.state.one"));
  return said.join(" · ");
}

function stateWords(expense: ExpenseView): string {
  if (expense.state === "proposed") return t("pay.state.proposed", { n: expense.needs });
  if (expense.state === "approved" && expense.preapproved) return t("pay.state.preapproved");
  if (expense.state === "partial") {
    return t("pay.state.partial", { paid: formatMoney(expense.paid), amount: formatMoney(expense.amount) });
  }
  return word("pay.state", expense.state);
}

export type RowAction = "approve" | "put" | "help" | "why" | "open";

/** One thing for each row: what helps most, and else what explains. */
export function actionOf(expense: ExpenseView, mayPay: boolean): RowAction {
  if (expense.double) return "help";
  if (expense.state === "proposed" && expense.i_may_approve) return "approve";
  if (expense.may_pay && mayPay) return "put";
  const stuck = ["proposed", "held", "approved", "cancelled", "returned", "refused", "partial"].includes(expense.state);
  return stuck ? "why" : "open";
}

/** Why nothing can be done here and now: what stands in the way of paying, else of approving. */
export function whyOf(expense: ExpenseView): string[] {
  const said = [expense.reason];
  if (!expense.i_may_approve && expense.state === "proposed") said.push(expense.why_not);
  return said.filter((one) => one !== "");
}

export function leaseSentence(lease: LeaseView): string {
  if (lease.id === null) return t("lease.nobody");
  const until = formatTime(lease.until);
  return lease.mine ? t("lease.mine", { until }) : t("lease.other", { name: lease.holder_name, device: lease.device, until });
}

/** What of a recurring bill is approved ahead. */
export function aheadSentence(schedule: ScheduleView): string {
  if (!schedule.approved) return t("recur.ahead.not", { n: schedule.needs });
  return schedule.expires ? t("recur.ahead.until", { date: formatDate(schedule.expires) }) : t("recur.ahead.yes");
}
