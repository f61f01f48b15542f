// Payments of the fake host. Development and tests only: states are set by hand, not derived.
import type { ApprovalView } from "../generated/ApprovalView";
import type { BatchView } from "../generated/BatchView";
import type { ExpenseView } from "../generated/ExpenseView";
import type { LeaseView } from "../generated/LeaseView";
import type { Payments } from "../generated/Payments";
import type { ScheduleView } from "../generated/ScheduleView";
import { sumMoney, writeMoney } from "../money";
import { slug } from "./fake-data";

type Args = Record<string, any>;
const FILE = "4b".repeat(32);
const OTHER = "c1".repeat(32);
const UNTIL = "2026-08-04T09:00:00Z";

const said = (name: string, more: Partial<ApprovalView> = {}): ApprovalView => ({
  id: slug("approval", name), person: slug("person", name), name, verdict: "approve", valid: true, why: "", reason: "", ...more,
});
function bill(key: string, payee: string, title: string, amount: string, due: string, more: Partial<ExpenseView>): ExpenseView {
  return {
    id: slug("expense", key), title, payee: slug("payee", payee), payee_name: payee, amount: `${amount} EUR`, fund_name: "General",
    account_path: "Expenses:Program:Hosting", due, state: "proposed", needs: 0, reason: "", may_pay: false, approvals: [],
    i_may_approve: false, why_not: "", end_to_end_id: slug("e2e", key).replaceAll("-", "").toUpperCase(), batches: [], paid: "",
    schedule: null, occurrence: null, double: false, one_person_only: false, preapproved: false, channel: "bank", content: slug("content", key).replaceAll("-", ""), ...more,
  };
}
const inFile = (id: string, file_sha256: string, person_name: string) => ({
  id: slug("batch", id), file_sha256, written: "2026-07-03T10:12:00Z", person_name, device: person_name === "Ben" ? "77b1 0d4e" : "3f2a 91c0",
});

function bills(): ExpenseView[] {
  return [
    bill("twice", "INWX", "Domain harbor.example", "38.00", "2026-07-01", {
      state: "in-batch", double: true, approvals: [said("Ben")], batches: [inFile("1", FILE, "Anna Berg"), inFile("2", OTHER, "Ben")],
      reason: "It is in two payment files. Hand over only one of them.",
    }),
    bill("laptop", "Ben Ostrow", "Replacement disk", "129.90", "2026-07-08", {
      needs: 1, i_may_approve: true, account_path: "Expenses:Program:Hardware",
      approvals: [said("Dora", { valid: false, why: "They approved another content: the amount was 119.90 EUR." })],
    }),
    bill("hosting-7", "Hetzner Online", "Hosting July", "412.35", "2026-07-05", {
      state: "approved", may_pay: true, preapproved: true, schedule: slug("schedule", "hosting"), occurrence: "2026-07-05",
    }),
    bill("stipend", "Maintainer stipend", "Third quarter", "1500.00", "2026-07-31", {
      needs: 1, approvals: [said("Anna Berg", { reason: "As decided in January." })], why_not: "You have approved it already; somebody else must.",
    }),
    bill("mirror", "Hetzner Online", "Hosting from the grant", "60.00", "2026-07-05", {
      state: "approved", fund_name: "Mirror grant", approvals: [said("Ben")],
      reason: "The fund “Mirror grant” is for “Work on mirrors in two more regions.”; name the decision that allows this, or choose another fund.",
    }),
    bill("june", "Hetzner Online", "Hosting June", "412.35", "2026-06-05", {
      state: "paid", paid: "412.35 EUR", approvals: [said("Ben")], preapproved: true, schedule: slug("schedule", "hosting"), occurrence: "2026-06-05",
    }),
  ];
}
function recurring(): ScheduleView[] {
  const hosting: ScheduleView = {
    id: slug("schedule", "hosting"), title: "Hosting", payee_name: "Hetzner Online", amount: "412.35 EUR", rule: "monthly",
    next_due: "2026-07-05", approved: true, needs: 0, expires: "2026-12-31", year_spent: "2474.10 EUR", approvals: [said("Ben")],
    warnings: [], i_may_approve: false, why_not: "You have handed it in yourself.", content: "5c".repeat(32),
  };
  return [hosting, {
    ...hosting, id: slug("schedule", "domains"), title: "Domain renewal", payee_name: "INWX", amount: "38.00 EUR", rule: "yearly", next_due: "2027-02-10",
    approved: false, needs: 1, expires: null, year_spent: "38.00 EUR", approvals: [], i_may_approve: true, why_not: "",
    warnings: ["Nobody has written down how it is cancelled."],
  }];
}
const nobody: LeaseView = {
  id: null, holder: null, holder_name: "", device: "", mine: false, until: "", rivals: [], i_may_take: true, why_not: "",
};
const mine: LeaseView = {
  ...nobody, id: slug("lease", "1"), holder: slug("person", "anna"), holder_name: "Anna Berg", device: "3f2a 91c0", mine: true, until: UNTIL,
};
const bens: LeaseView = { ...mine, holder: slug("person", "ben"), holder_name: "Ben", device: "77b1 0d4e", mine: false };
function batch(id: string, message_id: string, expenses: string[], more: Partial<BatchView> = {}): BatchView {
  return {
    id: slug("batch", id), message_id, total: "38.00 EUR", count: expenses.length, written: "2026-07-03T10:12:00Z", person_name: "Anna Berg",
    file_sha256: FILE, execute_on: "2026-07-05", withdrawn: false, format: "pain.001.001.09", channel: "bank", expenses, ...more,
  };
}

export class FakeMoney {
  expenses = bills();
  schedules = recurring();
  lease: LeaseView;
  batches: BatchView[] = [
    batch("1", "CH-20260703-1", [slug("expense", "twice")]),
    batch("2", "CH-20260703-2", [slug("expense", "twice")], { file_sha256: OTHER, person_name: "Ben" }),
  ];
  #prepared = false;

  constructor(
    flags: URLSearchParams,
    private changed: () => void,
    private fail: (code: string, message: string, problems?: { field: string; message: string }[]) => unknown,
  ) {
    this.lease = { mine, ben: bens }[flags.get("lease") ?? "mine"] ?? nobody;
    if (flags.get("money") === "empty") this.expenses = this.schedules = this.batches = [];
  }

  payments(): Payments {
    const doubles = this.expenses.filter((one) => one.double);
    return {
      expenses: this.expenses, open: this.expenses.filter((one) => one.state !== "paid").length,
      settled: this.expenses.filter((one) => one.state === "paid").length, schedules: this.schedules, lease: this.lease,
      policy: {
        sentence: "Up to 500.00 EUR one approval is enough, above that two; nobody approves what they handed in or are paid by. The treasurer pays.",
        one_up_to: "500.00 EUR", two_up_to: null, payer: "treasurer", is_default: true,
      },
      batches: this.batches, alarms: doubles.map((one) => `${one.payee_name}, ${one.title}: it is in two payment files that still hold.`), i_may_pay: true,
    };
  }
  #find(id: string): ExpenseView {
    const found = this.expenses.find((one) => one.id === id);
    if (!found) throw this.fail("not-found", "This bill is not here.");
    return found;
  }
  #set(id: string, more: Partial<ExpenseView>) {
    this.expenses = this.expenses.map((one) => (one.id === id ? { ...one, ...more } : one));
    this.changed();
  }
  #answer({ kind, id, verdict, reason }: Args) {
    const answer = said("Anna Berg", { verdict, reason });
    if (kind === "schedule") {
      this.schedules = this.schedules.map((one) =>
        one.id === id ? { ...one, approved: true, needs: 0, i_may_approve: false, approvals: [...one.approvals, answer] } : one);
      this.changed();
    } else if (kind === "expense") {
      const expense = this.#find(id);
      const state = verdict === "reject" ? "rejected" : "approved";
      this.#set(id, { state, needs: 0, may_pay: state === "approved", i_may_approve: false, approvals: [...expense.approvals, answer] });
    }
    return { id: answer.id };
  }
  #prepare() {
    if (this.#prepared) return { added: [], until: "2026-08-31" };
    this.#prepared = true;
    const august = bill("hosting-8", "Hetzner Online", "Hosting August", "412.35", "2026-08-05", { state: "approved", may_pay: true, preapproved: true });
    this.expenses = [...this.expenses, august];
    this.changed();
    return { added: [august.id], until: "2026-08-31" };
  }
  #preview({ order }: Args) {
    const paid = (order.expenses as string[]).map((id) => this.#find(id));
    const [sum] = sumMoney(paid.map((one) => one.amount));
    return {
      total: sum ? writeMoney(sum) : "0.00 EUR", count: paid.length, warnings: [], file_name: "harbor-2026-07-05.xml",
      lines: paid.map((one) => ({
        expense: one.id, payee_name: one.payee_name, iban: "DE89 … 3000", amount: one.amount, remittance: one.title, end_to_end_id: one.end_to_end_id,
      })),
      changed: [{ from: "Förderung", to: "Foerderung" }], format: "pain.001.001.09", execute_on: order.execute_on ?? "2026-07-05",
      problems: order.execute_on === "2020-01-01" ? ["The day is in the past. Choose today or a later day."] : [],
    };
  }
  #write(args: Args) {
    const seen = this.#preview(args);
    const id = slug("batch", `new-${this.batches.length}`);
    this.batches = [{ ...batch("x", "CH-20260705-1", args["order"].expenses), id, total: seen.total }, ...this.batches];
    for (const expense of args["order"].expenses) this.#set(expense, { state: "in-batch", may_pay: false, batches: [inFile(`new-${this.batches.length - 1}`, FILE, "Anna Berg")] });
    return {
      id, message_id: "CH-20260705-1", file: args["path"], file_sha256: FILE, total: seen.total, count: seen.count, execute_on: seen.execute_on,
      sentence: "Upload the file at your bank and release it there.",
    };
  }
  #withdraw({ id }: Args) {
    this.batches = this.batches.map((one) => (one.id === id ? { ...one, withdrawn: true } : one));
    for (const one of this.expenses) {
      const left = one.batches.filter((file) => file.id !== id);
      if (left.length < one.batches.length) this.#set(one.id, { batches: left, double: left.length > 1, reason: "" });
    }
    return {};
  }

  commands: Record<string, (args: Args) => unknown> = {
    payments: () => this.payments(),
    expense_approve: (args) => this.#answer(args),
    payments_prepare: () => this.#prepare(),
    lease_take: () => ((this.lease = mine), this.changed(), mine),
    lease_end: () => ((this.lease = nobody), this.changed(), nobody),
    batch_preview: (args) => this.#preview(args),
    batch_write: (args) => this.#write(args),
    batch_withdraw: (args) => this.#withdraw(args),
    outcome_add: ({ outcome }) => {
      if (outcome.result === "rejected" && !outcome.code) throw this.fail("invalid", "This cannot be saved yet.", [{ field: "code", message: "Write the code the bank gave." }]);
      this.#set(outcome.expense, { state: outcome.result === "sent" ? "sent" : outcome.result === "rejected" ? "refused" : "cancelled" });
      return { id: slug("outcome", outcome.expense) };
    },
    match_payments: () => ({ lines: [], alarms: [] }),
  };
}
