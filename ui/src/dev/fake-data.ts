// Records of the fake host, made from the sample ledger. Development and tests only.
import type { Kind } from "../generated/Kind";
import type { RecordRow } from "../generated/RecordRow";
import { parseMoney, sumMoney, writeMoney } from "../money";
import { decisionRecords } from "./fake-decision-data";
import { frameworkRecords } from "./fake-framework-data";
import { moneyRecords } from "./fake-money-data";
import { operationsRecords } from "./fake-operations-data";
import { trustRecords } from "./fake-people";
import { harbor } from "./harbor";

export type Stored = { kind: Kind; row: RecordRow; reason?: string };
export const BOOK = "3f2a".repeat(16);

export function slug(kind: string, name: string): string {
  let hash = 7n;
  for (const char of `${kind}/${name}`) hash = (hash * 1_000_003n + BigInt(char.codePointAt(0) ?? 0)) % (1n << 120n);
  const hex = hash.toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

const roots: Record<string, string> = {
  Assets: "asset", Liabilities: "liability", Equity: "equity", Income: "income", Expenses: "expense",
};
const fundNames: Record<string, [string, string, string]> = {
  general: ["General", "unrestricted", "What the service needs to run."],
  "closing-reserve": ["Closing reserve", "designated", "Pays two months in which users can leave."],
  "grant-mirrors": ["Mirror grant", "donor-restricted", "Work on mirrors in two more regions."],
};

export function plain(title: string, fields: Record<string, unknown>, id: string): RecordRow {
  return { id, title, state: "ok", problems: [], conflicts: 0, fields, summary: null };
}

function accounts(): Stored[] {
  const paths = [...new Set(harbor.flatMap(([, , postings]) => postings.map(([path]) => path)))];
  return paths.map((path) => {
    const type = roots[path.split(":")[0] ?? ""] ?? "expense";
    const part = path.split(":")[1] ?? "";
    const serves = { Program: "program", Admin: "admin", Fundraising: "fundraising" }[part] ?? null;
    const fields = { path, type, function: serves, currency: type === "asset" ? path.slice(-3) : null, contact: path === "Assets:Bank:EUR" ? slug("contact", "1") : null };
    return { kind: "account", row: plain(path, fields, slug("account", path)) };
  });
}

function funds(): Stored[] {
  return Object.entries(fundNames).map(([key, [name, restriction, purpose]]) => ({
    kind: "fund", row: plain(name, { name, restriction, purpose, until: null }, slug("fund", key)),
  }));
}

export function transactionRow(fields: Record<string, any>, id: string, find: (id: string) => RecordRow | undefined): RecordRow {
  const postings = (fields["postings"] ?? []) as { account: string; amount: string; fund: string }[];
  const path = (account: string) => String(find(account)?.fields["path"] ?? "");
  const assets = postings.filter((posting) => path(posting.account).startsWith("Assets"));
  const short = (posting: { account: string } | undefined) => path(posting?.account ?? "").split(":").slice(1).join(":");
  const from = postings.filter((posting) => (parseMoney(posting.amount)?.minor ?? 0n) < 0n);
  const to = postings.filter((posting) => (parseMoney(posting.amount)?.minor ?? 0n) > 0n);
  const row = plain(String(fields["narration"] || fields["payee"] || "Transaction"), fields, id);
  row.summary = {
    amounts: sumMoney(assets.map((posting) => posting.amount)).map(writeMoney),
    from_to: `${short(from[0])} → ${short(to[0])}`,
    funds: [...new Set(postings.map((posting) => String(find(posting.fund)?.fields["name"] ?? "")))],
  };
  return row;
}

function transactions(known: Stored[]): Stored[] {
  const find = (id: string) => known.find((one) => one.row.id === id)?.row;
  return harbor.map(([date, narration, lines], index) => {
    const postings = lines.map(([account, amount, fund]) => ({
      account: slug("account", account), amount, fund: slug("fund", fund),
    }));
    const fields = { date, payee: narration.includes("Hosting") ? "Hetzner" : null, narration, postings, documents: [] };
    const row = transactionRow(fields, slug("transaction", String(index)), find);
    const state = ({ 5: "withdrawn", 8: "superseded", 12: "rival" } as const)[index];
    if (state) row.state = state;
    return { kind: "transaction", row };
  });
}

function others(): Stored[] {
  const body = "# Restart the mirror\n\nUse this when **three** mirrors in a row are late.\n\n1. Log in to `mirror-2`.\n2. Look at the queue: `queue status`.\n3. Restart, then wait ten minutes.\n\n- Anna holds the key.\n- Ben is the backup.";
  const service = {
    name: "Harbor", purpose: "A package mirror for small communities.", category: "mirror", phase: "operating",
    framework: "v1", languages: ["en", "de"], homepage: "https://harbor.example", reporting_currency: "EUR",
    legal_form: "Association", fiscal_host: null, repository: null, license: null, security: null,
  };
  const anna = { public_name: "Anna Berg", show_name: true, show_roles: true, note: "Treasurer" };
  const ben = { public_name: "ben", show_name: false, show_roles: true, note: "Night shifts" };
  const price = { date: "2026-04-12", base: "USD", quote: "EUR", rate: "0.9183", source: "ECB" };
  const file = { format: "csv", file_name: "bank-2026-06.csv", file_sha256: "9f".repeat(32), from: "2026-06-01", to: "2026-06-30", count: 4, attempt: 1 };
  const page = plain("Restart the mirror", { title: "Restart the mirror", kind: "runbook", body }, slug("page", "1"));
  const person = plain("Anna Berg", anna, slug("person", "anna"));
  person.conflicts = 1;
  return [
    { kind: "service", row: plain("Harbor", service, slug("service", "harbor")) },
    { kind: "person", row: person },
    { kind: "person", row: plain("ben", ben, slug("person", "ben")) },
    { kind: "price", row: plain("USD in EUR, 2026-04-12", price, slug("price", "1")) },
    { kind: "import", row: plain("bank-2026-06.csv", file, slug("import", "1")) },
    { kind: "page", row: page },
  ];
}

export function harborRecords(): Stored[] {
  const base: Stored[] = [...accounts(), ...funds()];
  return [...base, ...transactions(base), ...others(), ...trustRecords(), ...moneyRecords(), ...frameworkRecords(), ...decisionRecords(), ...operationsRecords()];
}
