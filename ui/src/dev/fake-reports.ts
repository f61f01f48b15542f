// Reports of the fake host: the golden numbers of the sample service, not computed.
import type { CsvMapping } from "../generated/CsvMapping";
import type { ImportPreview } from "../generated/ImportPreview";
import type { Overview } from "../generated/Overview";
import type { SyncReport } from "../generated/SyncReport";
import type { Balances } from "../generated/Balances";
import type { Efficiency } from "../generated/Efficiency";
import { sumMoney, writeMoney } from "../money";
import { slug, type Stored } from "./fake-data";

export function overview(): Overview {
  const line = (month: string, income: string, expense: string) => ({ month, income: `${income} EUR`, expense: `${expense} EUR` });
  return {
    at: "2026-06-30", currency: "EUR", total: "8345.97 EUR",
    balances: [
      { fund: slug("fund", "general"), name: "General", restriction: "unrestricted", amounts: ["5535.77 EUR", "120.00 USD"], total: "5645.97 EUR", converted: "120.00 USD = 110.20 EUR at 0.9183 of 2026-04-12" },
      { fund: slug("fund", "closing-reserve"), name: "Closing reserve", restriction: "designated", amounts: ["1200.00 EUR"], total: "1200.00 EUR", converted: null },
      { fund: slug("fund", "grant-mirrors"), name: "Mirror grant", restriction: "donor-restricted", amounts: ["1500.00 EUR"], total: "1500.00 EUR", converted: null },
    ],
    months: [
      line("2026-01", "770.00", "442.75"), line("2026-02", "3640.00", "476.41"), line("2026-03", "1055.00", "953.15"),
      line("2026-04", "765.20", "1338.84"), line("2026-05", "705.00", "440.83"), line("2026-06", "600.00", "1537.25"),
    ],
    runway: {
      months: "9.2", reserve_months: "1.9", covered: true, recurring_only_months: null, cash: "5645.97 EUR", average_expense: "614.87 EUR",
      formula: "General cash ÷ average monthly general expense (6 months)",
    },
    coverage: { percent: "103.7", formula: "Recurring income ÷ operating expense (last 3 months)" },
    missing: ["No account says how often hosting is paid, so coverage counts it as monthly."],
  };
}

export function efficiency(): Efficiency {
  return {
    rows: [
      { id: "program-expense-ratio", label: "Programme expense ratio", value: "95.9 %", formula: "programme ÷ total expense", amounts: "4974.10 EUR ÷ 5189.23 EUR" },
      { id: "admin-overhead", label: "Admin overhead", value: "1.6 %", formula: "admin ÷ total expense", amounts: "83.00 EUR ÷ 5189.23 EUR" },
      { id: "cost-to-raise", label: "Cost to raise 1 EUR", value: "1.75 ct", formula: "fundraising ÷ contributions", amounts: "132.13 EUR ÷ 7535.20 EUR" },
    ],
  };
}

export function balances(records: Stored[]): Balances {
  const name = (id: string) => String(records.find((one) => one.row.id === id)?.row.title ?? "");
  const sums = new Map<string, { account: string; fund: string; amounts: string[] }>();
  for (const { kind, row } of records) {
    if (kind !== "transaction" || row.state !== "ok") continue;
    for (const posting of row.fields["postings"]) {
      const key = `${posting.account}/${posting.fund}`;
      const sum = sums.get(key) ?? { account: posting.account, fund: posting.fund, amounts: [] as string[] };
      sum.amounts.push(posting.amount);
      sums.set(key, sum);
    }
  }
  const rows = [...sums.values()].flatMap(({ account, fund, amounts }) =>
    sumMoney(amounts).map((sum) => ({
      account, path: name(account), type: "asset", fund: name(fund), amount: writeMoney(sum), total: writeMoney(sum),
    })),
  );
  return { at: "2026-06-30", currency: "EUR", balanced: true, rows: rows.sort((a, b) => a.path.localeCompare(b.path)) };
}

const mapping: CsvMapping = {
  separator: ";", encoding: "utf-8", decimal: ",", date_format: "DD.MM.YYYY", skip_lines: 0, date: "Buchungstag",
  amount: "Betrag", debit: null, credit: null, currency: "Währung", fixed_currency: null, payee: "Empfänger",
  narration: "Verwendungszweck", reference: null,
};

export function preview(asked: string): ImportPreview {
  const format = asked === "auto" ? "csv" : asked;
  const row = (line: number, date: string, payee: string, narration: string, amount: string, category: string, duplicate = false) =>
    ({ line, date, payee, narration, amount, category, duplicate });
  return {
    format, sure: true, file_name: "bank-2026-06.csv", file_sha256: "9f".repeat(32), guessed: format === "csv" ? mapping : null,
    columns: ["Buchungstag", "Empfänger", "Verwendungszweck", "Betrag", "Währung"],
    sample: [
      ["01.07.2026", "Hetzner Online", "Rechnung 0815", "-412,35", "EUR"],
      ["03.07.2026", "Stripe", "Auszahlung", "588,10", "EUR"],
    ],
    rows: [
      row(2, "2026-07-01", "Hetzner Online", "Rechnung 0815", "-412.35 EUR", "Expenses:Program:Hosting"),
      row(3, "2026-07-03", "Stripe", "Auszahlung", "588.10 EUR", "Income:Donations:Recurring"),
      row(4, "2026-06-28", "Bank", "Kontoführung", "-7.50 EUR", "Expenses:Admin:Bank", true),
      row(6, "2026-07-04", "INWX", "Domains", "-38.00 EUR", "Expenses:Admin:Domains"),
    ],
    total: 4, new: 3, duplicates: 1, from: "2026-06-28", to: "2026-07-04", sums: ["137.75 EUR"], warnings: [],
    accounts: format === "camt" ? ["DE89370400440532013000", "DE02120300000000202051"] : [], hides_names: ["stripe", "paypal", "liberapay"].includes(format),
    not_understood: [{ line: 5, text: "31.06.2026;?;;;", reason: "31 June does not exist." }],
  };
}

export function syncReport(place: string): SyncReport {
  return {
    place, others: 0,
    books: [{
      book: "3f2a".repeat(16), name: "Harbor", sent: 3, received: 5, waiting: 1, ignored: ["holiday.jpg"],
      refused: [{ file: "ab12.obj", reason: "The file is cut off. It will be taken when it is whole." }],
    }],
  };
}
