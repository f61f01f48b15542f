// Bills, recurring bills, donors and statements of the fake host, as records.
import type { Kind } from "../generated/Kind";
import { plain, slug, type Stored } from "./fake-data";

type Fields = Record<string, unknown>;
const one = (kind: Kind, key: string, title: string, fields: Fields): Stored => ({ kind, row: plain(title, fields, slug(kind, key)) });
const person = (key: string) => slug("person", key);
const account = (path: string) => slug("account", path);
const fund = (key: string) => slug("fund", key);
const BANK = account("Assets:Bank:EUR");
const HOSTING = account("Expenses:Program:Hosting");
const SHA = "4b".repeat(32);
const DEVICE = "3f2a".repeat(16);

function payees(): Stored[] {
  return [
    one("payee", "hetzner", "Hetzner Online", { name: "Hetzner Online", person: null, contact: slug("contact", "1"), country: "DE", note: null }),
    one("payee", "inwx", "INWX", { name: "INWX", person: null, contact: null, country: "DE", note: null }),
    one("payee", "ben", "Ben Ostrow", { name: "Ben Ostrow", person: person("ben"), contact: slug("contact", "1"), country: "DE", note: null }),
  ];
}

function bills(): Stored[] {
  const schedule = {
    payee: slug("payee", "hetzner"), narration: "Hosting", amount: "412.35 EUR", amount_is: "max", account: HOSTING, fund: fund("general"),
    rule: "monthly", from: "2026-01-05", until: null, limit_per_occurrence: "430.00 EUR", limit_per_year: "5000.00 EUR", expires: "2026-12-31",
    decision: "Minutes of 4 January", channel: "bank", cancel: "In the customer console, 30 days before the month ends.",
  };
  const expense = {
    payee: slug("payee", "hetzner"), narration: "Hosting July", type: "bill", amount: "412.35 EUR", account: HOSTING, fund: fund("general"),
    due: "2026-07-05", period_from: null, period_to: null, reference: "R-2026-0712", documents: [SHA], submitter: person("anna"),
    schedule: slug("schedule", "hosting"), occurrence: "2026-07-05", decision: null, channel: "bank", basis: null,
  };
  const lease = { person: person("anna"), device: DEVICE, from: "2026-07-01T09:00:00Z", until: "2026-08-04T09:00:00Z", takes_over: null, reason: null };
  const batch = {
    person: person("anna"), device: DEVICE, lease: slug("lease", "1"), account: BANK, expenses: [slug("expense", "june")],
    amounts: ["412.35 EUR"], total: "412.35 EUR", channel: "bank", format: "pain.001.001.09", message_id: "CH-20260603-1", file_sha256: SHA,
    execute_on: "2026-06-05", written: "2026-06-03T10:12:00Z",
  };
  const outcome = { expense: slug("expense", "june"), batch: slug("batch", "1"), result: "sent", code: null, reason: null, person: person("anna"), at: "2026-06-03T10:20:00Z" };
  const policy = {
    one_up_to: "500.00 EUR", two_up_to: "5000.00 EUR", payer: "treasurer", decision_above: "1000.00 EUR", reserve_months: 2,
    developers_percent: 50, beneficiary: "Software Commons e. V.", decision: null,
  };
  return [
    one("schedule", "hosting", "Hosting", schedule),
    one("schedule", "domains", "Domain renewal", { ...schedule, payee: slug("payee", "inwx"), narration: "Domain renewal", amount: "38.00 EUR", rule: "yearly", from: "2026-02-10", expires: null, limit_per_occurrence: null, limit_per_year: null, cancel: null }),
    one("expense", "hosting-7", "Hosting July", expense),
    one("expense", "june", "Hosting June", { ...expense, narration: "Hosting June", due: "2026-06-05", occurrence: "2026-06-05" }),
    one("lease", "1", "2026-08-04T09:00:00Z", lease),
    one("batch", "1", "CH-20260603-1 (1)", batch),
    one("outcome", "1", "sent", outcome),
    one("policy", "1", "Payments", policy),
  ];
}

function books(): Stored[] {
  const statement = {
    account: BANK, import: slug("import", "1"), number: "2026/6", from: "2026-06-01", to: "2026-06-30", opening: "9303.32 EUR",
    closing: "8235.77 EUR", lines: 4, file_sha256: SHA, position: 0,
  };
  return [
    one("statement", "6", "2026/6", statement),
    one("statement", "4", "2026/4", { ...statement, number: "2026/4", from: "2026-04-01", to: "2026-04-30", opening: "9001.00 EUR", closing: "9100.00 EUR" }),
    one("reconciliation", "1", "2026-06-30", { account: BANK, date: "2026-06-30", statement_balance: "8235.77 EUR", ledger_balance: "8235.77 EUR", person: person("anna"), note: null }),
    one("close", "1", "2026-01-01 – 2026-03-31", {
      from: "2026-01-01", to: "2026-03-31", trial_balance: ["Assets:Bank:EUR\tGeneral\t6702.69 EUR"], transactions: ["a", "b", "c"], sha256: SHA,
      heads: ["3f2a91c0 48"], person: person("anna"), at: "2026-04-08T18:00:00Z", note: "First quarter",
    }),
    one("publication", "1", "~/harbor-site", { date: "2026-06-29", at: "2026-06-29T16:00:00Z", place: "~/harbor-site", transactions: ["a"], sha256: SHA, person: person("anna") }),
  ];
}

function plans(): Stored[] {
  const line = {
    narration: "Hosting", account: HOSTING, fund: fund("general"), amount: "420.00 EUR", per: "month", from: "2026-01-01", until: "2026-12-31", basis: "planned",
  };
  return [
    one("budget", "hosting", "Hosting", line),
    one("donor", "fern", "Fern", { name: "Fern", type: "individual", consent: true, contact: null }),
    one("donor", "mirrors", "Mirrors Foundation", { name: "Mirrors Foundation", type: "non-profit", consent: true, contact: null }),
    one("pledge", "fern", "20.00 EUR monthly", { donor: slug("donor", "fern"), amount: "20.00 EUR", interval: "monthly", from: "2026-01-03", until: null, fund: fund("general"), channel: slug("channel", "oc") }),
    one("channel", "oc", "Open Collective", {
      name: "Open Collective", url: "https://opencollective.com/harbor", one_time: true, recurring: true, amount_open: true,
      account: BANK, health: "trouble", checked: "2026-06-20", fallback: slug("channel", "bank"), closed: null,
    }),
    one("channel", "bank", "Bank transfer", { name: "Bank transfer", url: null, one_time: true, recurring: true, amount_open: true, account: BANK, health: "working", checked: "2026-06-01", fallback: null, closed: null }),
  ];
}

export const moneyRecords = (): Stored[] => [...payees(), ...bills(), ...books(), ...plans()];
