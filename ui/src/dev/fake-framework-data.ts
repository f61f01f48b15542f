// What the framework asks for, in the fake host: as the real one words it, with evidence to click on.
import type { ConformanceMonth } from "../generated/ConformanceMonth";
import type { Kind } from "../generated/Kind";
import type { RequirementStatus } from "../generated/RequirementStatus";
import type { RequirementView } from "../generated/RequirementView";
import type { ScenarioView } from "../generated/ScenarioView";
import { plain, slug, type Stored } from "./fake-data";

type Line = [id: string, status: RequirementStatus, attestable: boolean, title: string, why: string, next: string, sentence: string, evidence?: [Kind, string, string][]];

const V1: Line[] = [
  ["finance.self-funded.channels", "met", false, "People can give once and at an interval, as much as they choose", "A service that depends on one way of giving ends with it.", "Add a channel for single gifts and one for recurring gifts, both with an open amount.", "2 channels to give through.", [["channel", "oc", "Open Collective"], ["channel", "bank", "Bank transfer"]]],
  ["finance.self-funded.sources", "met", false, "The money comes from users and public bodies only", "Whoever owns the money soon owns the service.", "Name the donor of each gift, and refuse money from for-profit owners or investors.", "No gift of the last twelve months is from a for-profit owner or investor."],
  ["finance.self-funded.no-perks", "unmet", true, "Giving more buys no influence and no benefit", "One person, one vote, whatever they gave.", "Vouch for it, saying where your rules for givers can be read.", "Nobody has vouched for it yet."],
  ["finance.expensing.automatic", "unmet", false, "Bills go on being paid from the same funds without a person's doing", "A service must not stop because one person is away.", "Give every recurring bill a schedule whose pre-approval is in force, and name a treasurer.", "1 of 2 recurring bills are paid without asking; Anna Berg is treasurer.", [["schedule", "domains", "Domain renewal"]]],
  ["finance.history.expenses", "met", false, "Every expense is public: who paid, whom, for what, how much, for which period", "Whoever gives may see where it went.", "Complete the expenses named here: payee, what for, and the billed period.", "12 of 12 expenses say who was paid, what for, and for which period (100 %)."],
  ["finance.shutdown.plan", "unmet", false, "It is settled where left-over money goes and how each paid service is cancelled", "At the end nobody has time to argue about it.", "Write the shutdown plan's part about money, and for every recurring bill how it is cancelled.", "Left-over money goes to Software Commons e. V.; 1 recurring bill does not say how they are cancelled.", [["schedule", "domains", "Domain renewal"]]],
  ["infra.automatic", "attested", true, "Merged changes deploy by themselves, and faulty ones roll back", "A deploy that needs one person needs that person for ever.", "Let a hook or your forge record deploys, or vouch for how it is done today.", "The forge deploys each merge; a failed check rolls back. (2026-05-02)", [["attestation", "1", "infra.automatic"]]],
  ["infra.secrets", "unmet", false, "Secrets are shared within leadership, with nobody alone, and never public", "A password one person has is a single point of failure with a name.", "Give each secret a second holder in leadership, and change those of people who left.", "4 secrets; 2 held by fewer than two people, 1 to be changed since somebody left; 2 people in leadership."],
  ["governance.bylaws", "unmet", false, "A governance document is adopted; it names the treasurer and who gets left-over money", "Rules made in a quarrel please nobody.", "Write a page of the sort “bylaws”, adopt it by a decision, name a treasurer and a beneficiary.", "Missing: the decision that adopted them."],
  ["governance.paid-work", "not-applicable", false, "It is public who is paid, how much, how long, for what", "Hidden pay is hidden influence.", "Disclose paid work for every person who is paid.", "Nobody is paid. (2026-02-01)", [["attestation", "2", "governance.paid-work"]]],
  ["product.export", "met", false, "Users can export all their data, any number of times, in open formats", "Who can leave need not fear to stay.", "Try the users' export and record the drill; it counts for 90 days.", "The export worked on 2026-05-20.", [["drill", "1", "user-export"]]],
  ["product.single-focus", "met", false, "The service is one product of one category, which never changes", "Two products cannot share one purse in peace.", "Choose the category in the service's profile.", "The category is mirror, and cannot change.", [["service", "harbor", "Harbor"]]],
  ["product.shutdown", "met", false, "Grace and shutdown period are set, and what then happens is prepared", "An end that was planned harms few.", "Complete the shutdown plan: both periods, notice, export and handover.", "The shutdown plan is complete.", [["plan", "1", "Shutdown plan"]]],
];
const V2: Line[] = [
  ["operations.incidents.recorded", "unmet", true, "Every incident has a record that is preserved", "What is forgotten happens again.", "Record incidents, or vouch for where their records are kept.", "No incident is recorded here."],
  ["operations.knowledge.shared", "attested", true, "Runbooks are public and were looked at within a year", "At three in the morning nobody should have to ask the one who knows.", "Write a page of the sort “runbook” for each component, and vouch for their review.", "Looked at in March. (2026-03-11)"],
  ["operations.manifesto", "unmet", true, "The Open Operations Manifesto is signed by the organisation", "A public promise is easier to keep.", "Sign it, and say where the signature can be seen.", "No signature is on record."],
];
const AREAS: Record<string, string> = { infra: "infrastructure" };

export function fakeRequirements(version: string): RequirementView[] {
  return (version === "v2" ? [...V1, ...V2] : V1).map(([id, status, attestable, title, why, next, sentence, evidence = []]) => {
    const area = id.split(".")[0] ?? "";
    return {
      id, area: AREAS[area] ?? area, title, why, status, sentence, attestable, next: status === "unmet" ? next : "",
      evidence: evidence.map(([kind, key, name]) => ({ kind, id: slug(kind, key), title: name })),
    };
  });
}

export function fakeScenarios(): ScenarioView[] {
  const view = (key: string, name: string, values: [string, string][], run: number, then: string): ScenarioView => ({
    id: slug("scenario", key), name, values, run, months: values.length, fires: run >= values.length, then,
  });
  return [
    view("runway", "Money runs out", [["2026-04", "2.9"], ["2026-05", "2.4"], ["2026-06", "1.8"]], 3, "propose-phase"),
    view("coverage", "Too little comes in", [["2026-04", "98"], ["2026-05", "78"], ["2026-06", "77"]], 2, "open-vote"),
    view("members", "Too few to go on", Array.from({ length: 9 }, (_, n): [string, string] => [n < 3 ? `2025-${10 + n}` : `2026-0${n - 2}`, n === 0 ? "" : "5"]), 0, "notify"),
  ];
}

export function frameworkRecords(): Stored[] {
  const one = (kind: Kind, key: string, title: string, fields: Record<string, unknown>): Stored => ({ kind, row: plain(title, fields, slug(kind, key)) });
  const anna = slug("person", "anna");
  const scenario = (key: string, name: string, metric: string, limit: string, months: number, then: string, phase: string | null) =>
    one("scenario", key, name, { name, type: "stop", metric, comparison: "below", limit, months, then, phase, decision: "Minutes of 4 January" });
  return [
    one("attestation", "1", "infra.automatic: attested", { requirement: "infra.automatic", status: "attested", statement: "The forge deploys each merge; a failed check rolls back.", evidence: "https://harbor.example/ci", decision: null, date: "2026-05-02", until: "2027-05-02", person: anna }),
    one("attestation", "2", "governance.paid-work: not-applicable", { requirement: "governance.paid-work", status: "not-applicable", statement: "Nobody is paid.", evidence: null, decision: "Minutes of 1 February", date: "2026-02-01", until: null, person: anna }),
    one("phase", "1", "starting → operating", { from: "starting", to: "operating", date: "2026-02-01", decision: "Vote 3", statement: "Harbor is ready to be relied on.", ends: null, gate: ["product.export = met", "infra.automatic = attested"], person: anna }),
    one("plan", "1", "Shutdown plan", { grace_days: 60, shutdown_days: 180, notice: "Banner and e-mail on the day of the decision.", export: "Until the last day, as tar files.", leftover: "To Software Commons e. V.", handover: "The domain goes to the association.", decision: "Minutes of 4 January" }),
    scenario("runway", "Money runs out", "runway-months", "3", 3, "propose-phase", "closing"),
    scenario("coverage", "Too little comes in", "coverage-percent", "80", 3, "open-vote", null),
    scenario("members", "Too few to go on", "members", "3", 9, "notify", null),
    one("firing", "1", "2026-06", { scenario: slug("scenario", "runway"), month: "2026-06", values: ["2026-04 2.9", "2026-05 2.4", "2026-06 1.8"], then: "propose-phase" }),
    one("interface", "1", "Mirror list", { name: "Mirror list", since: "2026-02-01", spec: "https://harbor.example/spec", promise: "Fields are added, never removed.", broken: null, why_broken: null }),
    one("drill", "1", "user-export", { date: "2026-05-20", type: "user-export", result: "worked", note: "All 12 lists came out.", sha256: "4b".repeat(32), person: anna }),
    one("meeting", "1", "Budget of the year", { topic: "Budget of the year", held: "2026-01-04", private: true, minutes: slug("page", "1"), published: "2026-01-09" }),
    one("disclosure", "1", "Night shifts", { person: slug("person", "ben"), payer: "Harbor", amount: "500.00 EUR", per: "month", from: "2026-03-01", until: null, work: "Night shifts", expectation: null }),
    one("reaffirmation", "1", "2026: yes", { person: anna, year: 2026, answer: "yes", date: "2026-01-10" }),
    one("contribution", "1", "docs", { person: slug("person", "emil"), type: "docs", date: "2026-04-02", link: "https://harbor.example/docs", note: null }),
    one("item", "1", "A mirror in the south", { name: "A mirror in the south", why: "Half of the users are there.", status: "doing", owner: slug("person", "ben"), cost: "600.00 EUR", due: "2026-09-30", decision: null }),
  ];
}

/** The last months: one requirement more kept with each. */
export function fakeHistory(months: number): ConformanceMonth[] {
  const days = ["2026-04-30", "2026-05-31", "2026-06-30", "2026-07-03"].slice(-months);
  const late = ["product.export", "finance.shutdown.plan", "governance.bylaws", "infra.secrets"];
  return days.map((at, n) => ({ at, holds: 16 + n, of: 19, unmet: late.slice(n) }));
}
