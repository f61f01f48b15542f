// Budget, forecast, statements and the other reports of the fake host: numbers to look at, not computed.
import type { BudgetReport } from "../generated/BudgetReport";
import type { Clock } from "../generated/Clock";
import type { Closes } from "../generated/Closes";
import type { Concentration } from "../generated/Concentration";
import type { Forecast } from "../generated/Forecast";
import type { LeftOver } from "../generated/LeftOver";
import type { PrepaidCoverage } from "../generated/PrepaidCoverage";
import type { SelfFunded } from "../generated/SelfFunded";
import type { Statements } from "../generated/Statements";
import type { TrialBalance } from "../generated/TrialBalance";
import type { WhatIf } from "../generated/WhatIf";
import { slug } from "./fake-data";
import { overview } from "./fake-reports";

const AT = "2026-06-30";
const SHA = "4b".repeat(32);
const eur = (amount: string) => `${amount} EUR`;
const MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"];

export function budget(): BudgetReport {
  const line = (account: string, type: string, narration: string, planned: string, actual: string, difference: string, sentence: string) => ({
    account: slug("account", account), path: account, type: type, fund: slug("fund", "general"), fund_name: "General",
    budgets: [slug("budget", "hosting")], narration, planned: eur(planned), actual: eur(actual), difference: eur(difference), sentence,
    months: MONTHS.map((month) => ({ month, planned: eur("420.00"), actual: eur("412.35"), difference: eur("-7.65") })),
  });
  return {
    at: AT, currency: "EUR", from: "2026-01-01", to: AT,
    lines: [
      line("Income:Donations:Recurring", "income", "Recurring donations", "3300.00", "3480.00", "180.00", "180.00 EUR more than planned."),
      line("Expenses:Program:Hosting", "expense", "Hosting", "2520.00", "2474.10", "-45.90", "45.90 EUR less than planned."),
    ],
    planned_income: eur("3300.00"), actual_income: eur("3480.00"), planned_expense: eur("2520.00"), actual_expense: eur("2474.10"),
    planned_result: eur("780.00"), actual_result: eur("1005.90"), formula: "Posted less planned, from 2026-01-01 to 2026-06-30.", missing: [],
  };
}

export function forecast(): Forecast {
  const cash = [5645, 4810, 3920, 3010, 2100, 1240, 380, -520, -1410, -2300, -3180, -4060];
  const month = (at: number) => `${2026 + Math.floor((6 + at) / 12)}-${String(((6 + at) % 12) + 1).padStart(2, "0")}`;
  return {
    at: AT, currency: "EUR", cash: eur("5645.97"), total_cash: eur("8345.97"), first_below_zero: "2027-02",
    months: cash.map((amount, at) => ({
      month: month(at), income: eur("620.00"), expense: eur("1500.00"), cash: eur(`${amount}.00`), total_cash: eur(`${amount + 2700}.00`), below_zero: amount < 0,
      items: [{ kind: "schedule", record: slug("schedule", "hosting"), title: "Hosting", day: `${month(at)}-05`, fund_name: "General", amount: eur("-412.35"), converted: eur("-412.35") }],
    })),
    short: ["The fund “General” runs out in February 2027."], missing: ["The pledge of Fern has no end, so it is counted for all twelve months."],
    formula: "Unrestricted money on 2026-06-30 plus what is to come less what is to be paid.",
  };
}

export function whatIf(question: { lose_top_donor: boolean; price_change_percent: number; drop_schedules: string[] }): WhatIf {
  const { runway, coverage } = overview();
  const worse = question.lose_top_donor || question.price_change_percent > 0;
  const after = worse ? { ...runway, months: "6.1", covered: false, recurring_only_months: "14.3" } : runway;
  const supposed = [
    question.lose_top_donor ? "Mirrors Foundation gives no more: 3000.00 EUR less a year." : "",
    question.price_change_percent === 0 ? "" : `All expenses change by ${question.price_change_percent} %.`,
    ...question.drop_schedules.map(() => "Hosting ends: 4948.20 EUR less a year."),
  ].filter(Boolean);
  return {
    at: AT, currency: "EUR", supposed, before: { runway, coverage },
    after: { runway: after, coverage: worse ? { ...coverage, percent: "81.2" } : coverage }, missing: [],
  };
}

export function concentration(): Concentration {
  const share = (name: string, type: string, amount: string, percent: string) => ({ donor: slug("donor", name), name, type: type, amount: eur(amount), share: percent });
  const ratio = (id: string, value: string, amounts: string) => ({ id, label: id, value, amounts, formula: "what they gave ÷ all income of twelve months" });
  return {
    at: AT, currency: "EUR", from: "2025-07-01", income: eur("7535.20"), unnamed: eur("1210.00"), count: 9,
    donors: [share("Mirrors Foundation", "non-profit", "3000.00", "39.8 %"), share("Fern", "individual", "240.00", "3.2 %"), share("gull", "individual", "120.00", "1.6 %")],
    rows: [ratio("largest", "39.8 %", "3000.00 EUR ÷ 7535.20 EUR"), ratio("top-three", "44.6 %", "3360.00 EUR ÷ 7535.20 EUR"), ratio("top-ten", "83.9 %", "6325.20 EUR ÷ 7535.20 EUR")],
    missing: ["1210.00 EUR name no donor."],
  };
}

export function coverage(): PrepaidCoverage {
  return {
    at: AT, currency: "EUR", percent: "98.4", formula: "1815.00 EUR ÷ 1844.61 EUR, April to June, gifts spread over their months.",
    received_percent: "103.7", received_formula: "1912.80 EUR ÷ 1844.61 EUR, by the month of receipt.",
    months: MONTHS.slice(3).map((month) => ({ month, received: eur("637.60"), spread: eur("605.00"), expense: eur("614.87") })),
    gifts: [{ transaction: slug("transaction", "3"), date: "2026-02-03", amount: eur("120.00"), from: "2026-02-01", to: "2027-01-31", months: 12, counted: eur("30.00") }],
    missing: [],
  };
}

export function leftOver(): LeftOver {
  const step = (id: string, label: string, amount: string, formula: string) => ({ id, label, amount: eur(amount), formula });
  return {
    at: AT, currency: "EUR", cash: eur("5645.97"), average_expense: eur("614.87"), reserve_months: 2, left_over: eur("4416.23"),
    steps: [
      step("running-costs", "", "1229.74", "2 months × 614.87 EUR"), step("developers", "", "2208.12", "50 % of 4416.23 EUR"),
      step("beneficiary", "Software Commons e. V.", "2208.11", "the rest"),
    ],
    proposal: "Of the 4416.23 EUR left over on 30 June 2026, 2208.12 EUR go to developers and 2208.11 EUR to Software Commons e. V.",
    formula: "5645.97 EUR − 2 × 614.87 EUR = 4416.23 EUR", missing: [],
  };
}

export function clock(): Clock {
  return {
    at: "2026-07-03", entries: 30, published: 27, unpublished: 3, in_time: 25, breaches: 3, share: "89.3 %", last_publication: "2026-06-29",
    rows: [
      { transaction: slug("transaction", "2"), title: "Bank fee", date: "2026-06-28", published: null, working_days: 4 },
      { transaction: slug("transaction", "4"), title: "Mirror work 2", date: "2026-06-22", published: "2026-06-29", working_days: 5 },
    ],
    formula: "Working days from the day of an entry to the first publication that shows it; one is in time.", missing: [],
  };
}

export function selfFunded(): SelfFunded {
  const source = (type: string, donors: number, amount: string, share: string) => ({ type, donors, amount: eur(amount), share });
  return {
    at: AT, currency: "EUR", from: "2025-07-01", income: eur("7535.20"), met: null,
    sources: [source("individual", 7, "3325.20", "44.1 %"), source("non-profit", 1, "3000.00", "39.8 %"), source("unknown", 0, "1210.00", "16.1 %")],
    sentence: "Nothing named came from a for-profit owner; 1210.00 EUR name no donor.", formula: "Income of twelve months by kind of donor.", missing: [],
  };
}

export function trialBalance(): TrialBalance {
  const row = (path: string, type: string, debit: string, credit: string) => ({
    account: slug("account", path), path, type, fund: slug("fund", "general"), fund_name: "General",
    amount: debit ? eur(debit) : eur(`-${credit}`), debit: debit && eur(debit), credit: credit && eur(credit), total: eur(debit || `-${credit}`),
  });
  return {
    at: AT, currency: "EUR", balanced: true, missing: [],
    rows: [row("Assets:Bank:EUR", "asset", "5535.77", ""), row("Expenses:Program:Hosting", "expense", "2474.10", ""), row("Income:Donations:Recurring", "income", "", "8009.87")],
    totals: [{ fund: slug("fund", "general"), fund_name: "General", currency: "EUR", debit: eur("8009.87"), credit: eur("8009.87"), difference: eur("0.00") }],
    formula: "Debits less credits of every fund and currency are zero.",
  };
}

export function statements(): Statements {
  const row = (number: string, from: string, to: string, link: string, finding = "") => ({
    id: slug("statement", number), number, from, to, opening: eur("9303.32"), closing: eur("8235.77"), lines: 4, ledger_balance: eur("8235.77"),
    difference: eur("0.00"), link, finding,
  });
  return {
    at: AT, findings: 1, missing: [],
    accounts: [{
      account: slug("account", "Assets:Bank:EUR"), path: "Assets:Bank:EUR", chained: false,
      rows: [row("2026/4", "2026-04-01", "2026-04-30", "start"), row("2026/6", "2026-06-01", "2026-06-30", "gap", "1 May – 31 May 2026 is missing. Import the statement of May.")],
      reconciliations: [{
        id: slug("reconciliation", "1"), date: AT, statement_balance: eur("8235.77"), ledger_balance: eur("8235.77"), difference: eur("0.00"),
        ledger_balance_now: eur("8235.77"), person_name: "Anna Berg", note: "", sentence: "The books and the statement agree.",
      }],
      sentence: "One statement does not follow the one before.",
    }],
  };
}

const TRIAL = [{ path: "Assets:Bank:EUR", fund_name: "General", amount: eur("6702.69") }, { path: "Income:Donations:Recurring", fund_name: "General", amount: eur("-1740.00") }];
export function closes(): Closes {
  return {
    open_from: "2026-04-01",
    closes: [{
      id: slug("close", "1"), from: "2026-01-01", to: "2026-03-31", at: "2026-04-08T18:00:00Z", person_name: "Anna Berg", note: "First quarter", sha256: SHA,
      intact: true, transactions: 14, trial_balance: TRIAL, late_count: 1, changed: ["Expenses:Admin:Bank, General: closed with 12.50 EUR, 20.00 EUR now."],
      late: [{
        transaction: slug("transaction", "1"), what: "late", title: "Bank fee", date: "2026-03-28", amounts: [eur("-7.50")], state: "ok",
        sentence: "It was written after the close. Post it forward into the open period.", can_post_forward: true,
      }],
      signatures: [{ id: slug("approval", "close"), person: slug("person", "ben"), name: "Ben", verdict: "approve", valid: true, why: "", reason: "" }],
      sentence: "Signed by one person; one entry came later.",
    }],
  };
}
export function closePreview(from: string, to: string) {
  const problems = to < from ? ["The period ends before it begins."] : from < "2026-04-01" ? ["1 January – 31 March 2026 is closed already."] : [];
  return { from, to, transactions: 16, trial_balance: TRIAL, sha256: SHA, problems, warnings: ["The statement of May is missing for Assets:Bank:EUR."] };
}
