// A made-up host for `npm run dev` in a plain browser and for tests. Never part of the built window.
// "?empty" in the address starts without a service, "?readonly" with a locked profile, "?many" with 100,000 entries,
// "?operations=" and a situation of fake-operations.ts shows operations in it,
// "?framework=" and a situation of fake-framework.ts shows the framework in it,
// "?sync=" and a situation of fake-exchange.ts shows who has what in that situation.
import type { AppState } from "../generated/AppState";
import type { Problem } from "../generated/Problem";
import type { Query } from "../generated/Query";
import type { RecordsChanged } from "../generated/RecordsChanged";
import type { Fields, Transport } from "../host";
import { parseMoney } from "../money";
import { leftOver } from "../records/finance/transaction/postings";
import { BOOK, harborRecords, plain, slug, transactionRow, type Stored } from "./fake-data";
import { FakeAttachments } from "./fake-attachments";
import { FakeDecisions } from "./fake-decisions";
import { FakeExchange } from "./fake-exchange";
import { FakeFramework } from "./fake-framework";
import { FakeMoney } from "./fake-money";
import { FakeOperations } from "./fake-operations";
import * as plans from "./fake-plans";
import { importReview, needsYou, reviewed, reviewRows } from "./fake-review";
import { FakeTeam } from "./fake-team";
import { balances, efficiency, overview, preview } from "./fake-reports";

type Args = Record<string, any>;
const failure = (code: string, message: string, problems: Problem[] = []) => ({
  code, message, hint: null, detail: null, problems,
});
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

const OPERATIONS: Stored["kind"][] = [
  "deploy", "change", "incident", "incident-line", "review", "action", "availability", "measurement", "continuity", "component", "sealed-value", "runbook", "runbook-run", "process",
  "feedback", "commons", "venue", "session", "pairing", "manifesto", "signature", "publication",
];

export class FakeHost {
  records: Stored[] = harborRecords();
  team = new FakeTeam(this.records, () => this.#changed({}), failure, () => this.#open());
  exchange: FakeExchange;
  money: FakeMoney;
  decisions: FakeDecisions;
  attachments = new FakeAttachments(() => this.#changed({ kind: "attachment" }));
  framework: FakeFramework;
  operations: FakeOperations;
  review = reviewRows();
  services: AppState["services"] = [];
  calls: [string, Args][] = [];
  #handlers = new Map<string, Set<(payload: unknown) => void>>();
  #cancelled = new Set<string>();
  #count = 0;

  constructor(private flags: URLSearchParams) {
    const tell = (event: string, payload: unknown) => this.emit(event, payload);
    this.exchange = new FakeExchange(flags.get("sync"), tell, failure, (job, result) => this.#job(job, result));
    this.money = new FakeMoney(flags, () => this.#changed({}), failure);
    this.decisions = new FakeDecisions(flags.get("decisions"), () => this.#changed({}), failure);
    const add = (kind: Stored["kind"], fields: Fields) => this.#add(kind, fields);
    this.framework = new FakeFramework(flags.get("framework"), () => this.#changed({}), add, failure);
    this.operations = new FakeOperations(flags.get("operations"), () => this.#changed({}), failure);
    if (flags.get("operations") === "empty") this.#without(OPERATIONS);
    if (flags.get("framework") === "empty") this.#without(["phase", "plan", "scenario", "firing", "attestation", "drill", "interface"]);
    if (flags.get("money") === "empty") this.#noMoney();
    if (!flags.has("empty")) this.#open();
    if (flags.has("many")) this.#multiply();
  }

  #open() {
    if (this.services.length > 0) return { book: BOOK };
    this.services = [{
      book: BOOK, name: "Harbor", phase: "operating", category: "mirror", runway_months: "9.2",
      runway_covered: true, transactions: 30, problems: 1,
    }];
    return { book: BOOK };
  }
  #without(kinds: Stored["kind"][]) {
    this.records = this.records.filter((one) => !kinds.includes(one.kind));
  }
  #noMoney() {
    this.#without(["schedule", "expense", "donor", "pledge", "channel", "budget", "statement", "close", "batch", "lease"]);
    this.review = [];
  }
  #assign(assignments: { transaction: string; account: string }[]) {
    for (const { transaction, account } of assignments) {
      const path = String(this.find(account)?.fields["path"] ?? "Expenses:Uncategorised");
      const open = path.endsWith("Uncategorised");
      if (!this.review.some((row) => row.transaction === transaction)) {
        throw failure("invalid", "This transaction is superseded and has no effect.");
      }
      this.#count += 1;
      const next = { transaction: slug("line", `corrected-${this.#count}`), corrects: transaction, account, account_path: path, open };
      this.review = this.review.map((row) => (row.transaction === transaction ? { ...row, ...next } : row));
    }
    this.#changed({});
    return { count: assignments.length };
  }
  #multiply() {
    const first = this.records.find((one) => one.kind === "transaction");
    if (!first) return;
    for (let n = 0; n < 100_000; n += 1) {
      this.records.push({ kind: "transaction", row: { ...first.row, id: slug("many", String(n)), title: `Entry ${n}` } });
    }
  }

  emit(event: string, payload: unknown) {
    for (const handler of this.#handlers.get(event) ?? []) handler(payload);
  }
  #changed(change: Partial<RecordsChanged>) {
    this.emit("records-changed", [{ book: BOOK, kind: "*", id: null, source: "local", ...change }]);
  }
  find = (id: string) => this.records.find((one) => one.row.id === id)?.row;

  #list({ kind, query }: { kind: string; query: Query }) {
    const text = query.text?.toLowerCase();
    const json = (one: Stored) => JSON.stringify(one.row.fields);
    const rows = this.records.filter((one) => {
      if (one.kind !== kind) return false;
      if (!query.include_ineffective && ["withdrawn", "superseded"].includes(one.row.state)) return false;
      if (text && !one.row.title.toLowerCase().includes(text)) return false;
      if (query.account && !json(one).includes(query.account)) return false;
      if (query.fund && !json(one).includes(query.fund)) return false;
      return !query.month || String(one.row.fields["date"]).startsWith(query.month);
    });
    if (kind === "transaction") rows.sort((a, b) => String(b.row.fields["date"]).localeCompare(String(a.row.fields["date"])));
    return { total: rows.length, rows: rows.slice(query.offset, query.offset + query.limit).map((one) => one.row) };
  }
  #get(id: string) {
    const line = this.review.find((one) => one.transaction === id);
    const stored = line ? { reason: "", row: reviewed(line) } : this.records.find((one) => one.row.id === id);
    if (!stored) throw failure("not-found", "This record is not here.");
    const history = [
      { time: "2026-06-05T08:12:00Z", device: "3f2a 91c0", own: true, verified: true, document: "d", object: "ab".repeat(32) },
      { time: "2026-05-05T18:40:00Z", device: "77b1 0d4e", own: false, verified: true, document: "d", object: "cd".repeat(32) },
    ];
    const conflict_values = stored.row.conflicts > 0 ? [{ field: "note", values: ["Treasurer", "Treasurer until 2027"] }] : [];
    const withdrawals = stored.row.state === "withdrawn" ? [{ id: slug("withdrawal", id), reason: stored.reason ?? "Written twice." }] : [];
    return { ...stored.row, document: "d", version: "1", conflict_values, withdrawals, corrected_by: [], history };
  }
  check(kind: string, fields: Fields): Problem[] {
    const problems: Problem[] = [];
    const need = (field: string, message: string) => fields[field] || problems.push({ field, message });
    if (kind === "fund") need("name", "Give the fund a name.");
    if (kind === "person") need("public_name", "Write a name or a pseudonym.");
    if (kind === "page") need("title", "Give the page a title.");
    if (kind === "secret") need("label", "Say what it is.");
    if (kind === "payee" || kind === "donor" || kind === "channel") need("name", "The name is missing.");
    if (["expense", "schedule", "budget", "pledge"].includes(kind)) need("amount", "The amount is missing.");
    if (kind === "expense" || kind === "schedule") need("payee", "The payee is missing.");
    if (kind === "decision") need("title", "The decision is missing.");
    if (kind === "interest") need("subject", "The subject is missing.");
    if (kind === "rule") need("name", "The name is missing.");
    if (["incident", "runbook", "process", "commons", "manifesto", "session"].includes(kind)) need("title", "The title is missing.");
    if (["incident-line", "action", "feedback", "change"].includes(kind)) need("text", "The text is missing.");
    if (kind === "contact") need("name", "Say whom this reaches.");
    if (kind === "approval") need("target", "Choose what this is about.");
    if (kind !== "transaction") return problems;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(fields["date"] ?? "")) problems.push({ field: "date", message: "Write the date like 2026-07-05." });
    need("narration", "Say in a few words what this was.");
    const postings = fields["postings"] ?? [];
    if (postings.length < 2) problems.push({ field: "postings", message: "An entry needs at least two postings." });
    for (const posting of postings) {
      if (!posting.account) problems.push({ field: "postings", message: "Choose an account for every line." });
      if (!parseMoney(posting.amount)) problems.push({ field: "postings", message: "Write an amount, like 12.50." });
    }
    if (leftOver(postings).length > 0) problems.push({ field: "postings", message: "The entry does not add up to zero." });
    return problems;
  }
  #add(kind: Stored["kind"], fields: Fields, more: Fields = {}) {
    const problems = this.check(kind, fields);
    if (problems.length > 0) throw failure("invalid", "This cannot be saved yet.", problems);
    this.#count += 1;
    const id = slug(kind, `new-${this.#count}`);
    const all = { ...fields, ...more };
    const title = String(all["name"] ?? all["public_name"] ?? all["path"] ?? all["title"] ?? all["label"] ?? all["reason"] ?? kind);
    const row = kind === "transaction" ? transactionRow(all, id, this.find) : plain(title, all, id);
    this.records.push({ kind, row });
    this.#changed({ id });
    return { id };
  }
  #edit(id: string, fields: Fields) {
    const stored = this.records.find((one) => one.row.id === id);
    if (!stored) throw failure("not-found", "This record is not here.");
    const title = fields["name"] ?? fields["public_name"] ?? fields["path"] ?? fields["title"] ?? fields["label"] ?? stored.row.title;
    stored.row = { ...stored.row, title, conflicts: 0, fields: { ...stored.row.fields, ...fields } };
    this.#changed({ id });
    return {};
  }
  #withdraw(id: string, reason: string) {
    for (const one of this.records) if (one.row.id === id) Object.assign(one, { row: { ...one.row, state: "withdrawn" }, reason });
    this.#changed({ id });
    return { id: slug("withdrawal", id) };
  }
  #correct(id: string, fields: Fields) {
    const added = this.#add("transaction", fields, { corrects: id });
    for (const one of this.records) if (one.row.id === id) one.row = { ...one.row, state: "superseded" };
    return added;
  }
  async #job<T>(job: string, result: T): Promise<T> {
    for (let done = 0; done <= 20; done += 1) {
      if (this.#cancelled.has(job)) throw failure("cancelled", "Cancelled.");
      this.emit("job-progress", { job, done: done * 50, total: 1000, note: "Writing records" });
      await wait(this.flags.has("slow") ? 150 : 10);
    }
    return result;
  }
  #search(words: string) {
    const text = words.toLowerCase();
    const hits = this.records.filter((one) => JSON.stringify([one.row.title, one.row.fields]).toLowerCase().includes(text));
    const rows = hits.slice(0, 50).map(({ kind, row }) => ({ kind, id: row.id, title: row.title, detail: String(row.fields["date"] ?? "") }));
    return { total: hits.length, rows };
  }

  /** "?money=empty" shows what there is before there is anything, "?money=broken" what a broken host says. */
  #report<T>(full: () => T, empty: Partial<T>): T {
    if (this.flags.get("money") === "broken") throw failure("internal", "The report could not be made.");
    return this.flags.get("money") === "empty" ? { ...full(), ...empty } : full();
  }

  commands: Record<string, (args: Args) => unknown> = {
    app_state: () => ({
      home: "~/.local/share/commonhold", version: "0.1.0", services: this.services,
      read_only: this.flags.has("readonly") ? "another window has this profile open." : null,
      device: { key: "3f2a".repeat(16), short: "3f2a 91c0", name: "laptop" },
    }),
    service_create: () => this.#open(),
    service_sample: () => this.#open(),
    service_read_ecosystems: () => ({
      name: "Mirrorbrain", purpose: "Finds the nearest mirror.", category: "mirror", phase: "operating",
      reporting_currency: "EUR", monthly_costs: [], homepage: "https://example.org", repository: null,
    }),
    record_list: (args) => this.#list(args as { kind: string; query: Query }),
    record_get: (args) => this.#get(args["id"]),
    record_check: (args) => this.check(args["kind"], args["fields"]),
    record_add: (args) => this.#add(args["kind"], args["fields"]),
    record_edit: (args) => this.#edit(args["id"], args["fields"]),
    record_withdraw: (args) => this.#withdraw(args["id"], args["reason"]),
    record_correct: (args) => this.#correct(args["id"], args["fields"]),
    search: (args) => this.#search(args["words"]),
    report_overview: () => overview(),
    report_balances: () => balances(this.records),
    report_efficiency: () => efficiency(),
    report_budget: () => this.#report(plans.budget, { lines: [] }),
    report_forecast: () => this.#report(plans.forecast, { months: [], short: [], first_below_zero: null }),
    report_what_if: (args) => this.#report(() => plans.whatIf(args["question"]), {}),
    report_concentration: () => this.#report(plans.concentration, { donors: [], rows: [], count: 0, unnamed: "" }),
    report_coverage: () => this.#report(plans.coverage, { percent: null, received_percent: null, months: [], gifts: [] }),
    report_left_over: () => this.#report(plans.leftOver, { reserve_months: null, left_over: null, steps: [], proposal: "" }),
    report_clock: () => this.#report(plans.clock, { breaches: 0, rows: [], last_publication: null, share: "" }),
    report_self_funded: () => this.#report(plans.selfFunded, { sources: [] }),
    report_trial_balance: () => this.#report(plans.trialBalance, { rows: [], totals: [] }),
    report_statements: () => this.#report(plans.statements, { accounts: [] }),
    reconcile: (args) => ({
      id: slug("reconciliation", "new"), ledger_balance: "8235.77 EUR", difference: "0.00 EUR",
      sentence: `The books and the statement agree at ${args["compared"].statement_balance}.`,
    }),
    close_preview: ({ from, to }) => plans.closePreview(from, to),
    close_write: () => ({ id: slug("close", "new") }),
    close_list: () => this.#report(plans.closes, { closes: [], open_from: null }),
    post_forward: () => ({ id: slug("transaction", "forward") }),
    needs_you: () => this.#report(() => ({ items: needsYou() }), { items: [] }),
    import_review: () => importReview(this.review),
    import_assign: ({ assignments }) => this.#assign(assignments),
    import_preview: (args) => preview(args["format"]),
    import_run: (args) => this.#job(args["job"], { import: slug("import", "1"), added: 3, duplicates: 1, not_understood: 1, matched: 1, transfers: 0, notes: [] }),
    import_undo: () => ({ withdrawn: 4 }),
    mapping_list: () => [],
    mapping_save: () => ({}),
    archive_export: (args) => this.#job(args["job"], {
      path: args["path"], bytes: 1_284_220, files: 61, sha256: "5e".repeat(32), records: 63,
    }),
    archive_plan: () => ({
      plan: { folder: "/media/stick/archives", keep: 12 }, newest: "/media/stick/archives/harbor-2026-06-30.zip",
      trouble: this.flags.has("slow") ? "/media/stick/archives: No space left on the disk." : null,
    }),
    archive_plan_set: () => null,
    archive_run: (args) => this.#job(args["job"], { written: null, newest: "/media/stick/archives/harbor-2026-06-30.zip", removed: [] }),
    archive_verify: () => ({ ok: true, name: "Harbor", records: 63, documents: 12, objects: 148, written: "2026-06-30T14:02:00Z", signers: 2, problems: [] }),
    archive_restore: (args) => this.#job(args["job"], this.#open()),
    pick_file: () => "~/bank-2026-06.csv",
    pick_folder: () => "/media/stick/harbor",
    pick_save: (args) => `~/${args["name"]}`,
    opened_file: () => null,
    job_cancel: (args) => (this.#cancelled.add(args["job"]), {}),
  };

  invoke = async (command: string, args: Args = {}) => {
    this.calls.push([command, args]);
    const answer = this.commands[command] ?? this.money.commands[command] ?? this.framework.commands[command] ?? this.decisions.commands[command] ?? this.attachments.commands[command] ?? this.operations.commands[command] ?? this.team.commands[command] ?? this.exchange.commands[command];
    if (!answer) throw failure("unsupported", `The fake host does not know ${command}.`);
    await wait(this.flags.has("slow") ? 120 : 0);
    const result = await answer(structuredClone(args));
    return structuredClone(result);
  };
  listen = async (event: string, handler: (payload: unknown) => void) => {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler));
    return () => void handlers.delete(handler);
  };
}

export function fakeTransport(): Transport {
  return new FakeHost(new URLSearchParams(location.search));
}
