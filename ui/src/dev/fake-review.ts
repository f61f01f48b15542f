// What needs somebody, and what came with a file, in the fake host.
import type { ImportReview } from "../generated/ImportReview";
import type { NeedsItem } from "../generated/NeedsItem";
import type { ReviewRow } from "../generated/ReviewRow";
import { negate } from "../money";
import { plain, slug } from "./fake-data";

export function needsYou(): NeedsItem[] {
  const item = (what: string, args: NeedsItem["args"], action: string, since: string | null): NeedsItem => ({ id: `${what}-1`, what, args, action, since });
  return [
    item("double", { title: "Domain harbor.example", amount: "38.00 EUR" }, `finance/to-pay?open=${slug("expense", "twice")}`, "2026-07-03T10:12:00Z"),
    item("approve-expense", { title: "Replacement disk", payee: "Ben Ostrow", amount: "129.90 EUR" }, `finance/to-pay?open=${slug("expense", "laptop")}`, "2026-07-02T08:00:00Z"),
    item("pay", { n: 1, amount: "412.35 EUR" }, "finance/to-pay", null),
    item("review", { n: 4 }, `finance/imports/${slug("import", "1")}/review`, "2026-07-01T12:00:00Z"),
    item("statement", { account: "Assets:Bank:EUR", text: "May is missing." }, "finance/books", null),
    item("join", { name: "Fatma" }, "people", "2026-07-03T08:00:00Z"),
  ];
}

const PAYEES = ["Hetzner Online", "INWX", "Stripe", "Edeka", "Deutsche Bahn", "Fern", "gull", "Bank fee"];
/** Forty lines of a bank: some with a suggestion, one that may be a duplicate, one that pays a bill. */
export function reviewRows(lines = 40): ReviewRow[] {
  const hosting = { account: slug("account", "Expenses:Program:Hosting"), path: "Expenses:Program:Hosting", times: 6, last: "2026-05-05" };
  return Array.from({ length: lines }, (_, n) => {
    const payee = PAYEES[n % PAYEES.length] ?? "";
    const row: ReviewRow = {
      transaction: slug("line", String(n)), corrects: null, import: slug("import", "1"), fund: slug("fund", "general"), open: true, transfer: null, duplicate_of: null, date: `2026-06-${String((n % 28) + 1).padStart(2, "0")}`, payee, narration: `${payee} 2026-06 / ${1000 + n}`,
      amount: `${n % 8 === 5 ? "" : "-"}${12 + n}.${10 + n} EUR`, account: slug("account", "Expenses:Uncategorised"), account_path: "Expenses:Uncategorised",
      suggestion: n % 8 === 0 ? hosting : null, expense: null,
    };
    if (n === 3) row.duplicate_of = { id: slug("transaction", "2"), title: "Bank fee, 28 June" };
    if (n === 8) Object.assign(row, { open: false, expense: { id: slug("expense", "june"), title: "Hosting June" } });
    return row;
  });
}

export function importReview(rows: ReviewRow[]): ImportReview {
  return { rows, total: rows.length };
}

/** The entry behind a line. */
export function reviewed(row: ReviewRow) {
  const fund = slug("fund", "general");
  const postings = [
    { account: slug("account", "Assets:Bank:EUR"), amount: row.amount, fund }, { account: row.account, amount: negate(row.amount), fund },
  ];
  return plain(row.narration, { date: row.date, payee: row.payee, narration: row.narration, postings, documents: [] }, row.transaction);
}
