// Rules, votes and decisions of the fake host. Development and tests only.
import type { Kind } from "../generated/Kind";
import type { ProposalView } from "../generated/ProposalView";
import type { Rule } from "../generated/Rule";
import type { RuleView } from "../generated/RuleView";
import type { Voter } from "../generated/Voter";
import { plain, slug, type Stored } from "./fake-data";

const DAY_MS = 86_400_000;
const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
export const person = (key: string) => slug("person", key);
export const ME = () => person("anna");

const base: Rule = {
  name: "membership", electorate: ["member", "leadership"], proposers: [], method: "simple-majority", numerator: null, denominator: null,
  quorum_percent: null, quorum_counts_abstentions: false, open_days_min: 7, open_days_max: null, tie: "fails", default_option: null,
  secret: false, hidden_until_close: false, veto: [], seconds_needed: null, second_roles: [], effect_delay_days: null,
  effect_delay_months: null, grace_hours: null, note: null, decision: null,
};
export const RULES: Record<string, Rule> = {
  membership: base,
  "governance-change": { ...base, name: "governance-change", open_days_min: 31, quorum_percent: 50, quorum_counts_abstentions: true, effect_delay_months: 1 },
  "no-confidence": { ...base, name: "no-confidence", seconds_needed: 1, second_roles: ["member", "leadership"] },
  binding: { ...base, name: "binding", method: "plurality", open_days_min: 14, veto: ["leadership"] },
  logo: { ...base, name: "logo", method: "schulze", open_days_min: 3, open_days_max: 30, default_option: "Keep the old one" },
  budget: { ...base, name: "budget", method: "score", hidden_until_close: true, secret: true },
  work: { ...base, name: "work", method: "lazy-consensus", open_days_min: 3 },
};
const ENDS: Record<string, string> = {
  "simple-majority": "passes with more yes than no", plurality: "the most votes win", schulze: "the option that beats every other one wins",
  score: "the most points win", "lazy-consensus": "passes when nobody objects",
};
export const sentenceOf = (rule: Rule): string =>
  `4 people are on the roll (member and leadership), one ballot each; open for at least ${rule.open_days_min} days; ${ENDS[rule.method] ?? ""}; ballots may arrive until 72 hours after the close.`;

export function fakeRules(): RuleView[] {
  return Object.values(RULES).map((rule) => ({
    rule, record: ["logo", "budget", "work"].includes(rule.name) ? slug("rule", rule.name) : null, sentence: sentenceOf(rule), roll: 4,
    may_propose: rule.name !== "binding",
  }));
}

const voter = (key: string, name: string, choice: string | null, more: Partial<Voter> = {}): Voter => ({
  person: person(key), name, interests: [], paid: [],
  ballot: choice === null ? null : { id: slug("ballot", `${key}/${choice}`), seq: 1, choice, reason: null, counted: true }, ...more,
});

/** A vote as the host shows it: open, with a roll of four. */
export function fakeView(key: string, rule: Rule, more: Partial<ProposalView>): ProposalView {
  const voters = more.voters ?? [voter("anna", "Anna Berg", null), voter("ben", "Ben", "yes"), voter("chris", "Chris", null), voter("emil", "Emil", null)];
  const cast = voters.filter((one) => one.ballot).length;
  const mine = voters.find((one) => one.person === ME())?.ballot ?? null;
  const grace = at(13);
  return {
    id: slug("proposal", key), title: key, rule: rule.name, stage: "open", opened: at(-4), closes: at(10), grace_until: grace, cast, roll: 4,
    result: null, sentence: `${cast} of 4 voted.`, my_vote_missing: mine === null, my_count_missing: false, recount_due: false, text: "",
    options: ["yes", "no"], terms: rule, rule_sentence: sentenceOf(rule), proposer: person("ben"), proposer_name: "Ben", conflicts: [],
    about: null, voters, words: [], hidden: false, late_sentence: null, remarks: [], decisions: [], executed_by: [],
    mine: {
      person: ME(), on_roll: true, ballot: mine, vote_missing: mine === null, may_vote: true, may_second: false, may_veto: false,
      objects: false, may_retract: false, may_count: false,
    },
    outcome: {
      stage: "open", is_final: false, counted: [], late: [], late_would_change: false, ineligible: [], tallies: [], recount_due: false,
      effective_from: null, grace_until: grace, closed: false,
      count: {
        roll: 4, cast, turnout: `${cast * 25}.0`, quorum_met: true, result: "not-passed", winner: null, order: [],
        sentence: `${cast} of 4 voted.`, counts: (more.options ?? ["yes", "no"]).map((option) => ({ option, votes: 0 })),
      },
    },
    ...more,
  };
}

function over(view: ProposalView, stage: ProposalView["stage"]): ProposalView {
  const closed = { opened: at(-40), closes: at(-9), grace_until: at(-6) };
  return {
    ...view, ...closed, stage, my_vote_missing: false, mine: { ...view.mine, may_vote: false, vote_missing: false },
    outcome: { ...view.outcome, stage, closed: true, grace_until: closed.grace_until },
  };
}

const YES_NO = (yes: number, no: number) => [{ option: "yes", votes: yes }, { option: "no", votes: no }, { option: "abstain", votes: 0 }];

function counted(): ProposalView {
  const view = over(fakeView("Pay Ben for night shifts?", RULES["governance-change"] ?? base, {
    conflicts: ["Ben is paid by it."],
    voters: [
      voter("anna", "Anna Berg", "yes", { interests: ["family: Ben Ostrow"] }),
      voter("ben", "Ben", "yes", { paid: ["400.00 EUR in the last 12 months"] }), voter("chris", "Chris", null), voter("emil", "Emil", "no"),
    ],
  }), "counted");
  const statement = "2 yes and 1 no of 4 on the roll: passed.";
  const late = [{ ballot: slug("ballot", "late"), voter: person("chris"), would_change: false }];
  const ineligible = [{ ballot: slug("ballot", "dora"), voter: person("dora"), why: "Its voter is not on the roll." }];
  const tallies = [{ id: slug("tally", "1"), person: ME(), at: at(-5), sha256: "7a".repeat(32), statement, standing: "holds" as const }];
  return {
    ...view, result: "passed", sentence: statement, late_sentence: "Arrived after the count (1): would not have changed the result.",
    decisions: [{ id: slug("decision", "1"), title: "Ben is paid for night shifts", date: "2026-06-20", effective_from: "2026-07-20" }],
    executed_by: [{ kind: "schedule", id: slug("schedule", "hosting"), title: "Hosting" }],
    outcome: {
      ...view.outcome, is_final: true, late, ineligible, tallies, effective_from: "2026-07-20",
      count: { ...view.outcome.count, counts: YES_NO(2, 1), result: "passed", winner: "yes", sentence: statement },
    },
  };
}

export function fakeViews(): ProposalView[] {
  const governance = RULES["governance-change"] ?? base;
  const membership = fakeView("Let Fatma become a member?", base, { text: "Fatma has kept two mirrors since **March**.", about: { kind: "person", id: person("ben"), title: "ben" } });
  const toCount = over(fakeView("Move to a second host?", governance, {
    voters: [voter("anna", "Anna Berg", "yes"), voter("ben", "Ben", "no"), voter("chris", "Chris", "yes"), voter("emil", "Emil", null)],
  }), "to-count");
  const options = ["Blue wave", "Anchor", "Keep the old one"];
  const logo = fakeView("Which logo?", RULES["logo"] ?? base, {
    options, voters: [voter("anna", "Anna Berg", "Anchor > Blue wave"), voter("ben", "Ben", "Blue wave > Anchor"), voter("chris", "Chris", null), voter("emil", "Emil", null)],
  });
  const budget = fakeView("What comes first next year?", RULES["budget"] ?? base, {
    options: ["New mirror", "Documentation"], hidden: true, sentence: null,
    voters: [voter("anna", "Anna Berg", null), { ...voter("ben", "Ben", "x"), ballot: { id: slug("ballot", "veiled"), seq: 1, choice: null, reason: null, counted: false } }],
  });
  budget.outcome = { ...budget.outcome, count: { ...budget.outcome.count, counts: [], sentence: "" } };
  const seconds = fakeView("No confidence in leadership?", RULES["no-confidence"] ?? base, { stage: "needs-seconds" });
  seconds.mine = { ...seconds.mine, may_second: true, may_retract: false };
  return [
    membership, logo, budget, seconds,
    { ...toCount, my_count_missing: true, mine: { ...toCount.mine, may_count: true }, outcome: { ...toCount.outcome, count: { ...toCount.outcome.count, counts: YES_NO(2, 1) } } },
    counted(),
    over(fakeView("Close the chat?", base, { words: [{ id: slug("word", "1"), person: person("ben"), name: "Ben", kind: "retract", reason: "Asked too early.", fault: null }] }), "retracted"),
  ];
}

const one = (kind: Kind, key: string, title: string, fields: Record<string, unknown>): Stored => ({ kind, row: plain(title, fields, slug(kind, key)) });
export function decisionRecords(): Stored[] {
  const decision = {
    proposal: slug("proposal", "Pay Ben for night shifts?"), title: "Ben is paid for night shifts", text: "2 yes and 1 no of 4 on the roll: passed.\n",
    date: "2026-06-20", effective_from: "2026-07-20", executed_by: [], vote_format: null, vote_sha256: null, vote_order: [], corrects: null,
  };
  const interest = { person: ME(), subject: "Ben Ostrow", kind: "family", from: null, until: null, note: null };
  const asked = slug("proposal", "Pay Ben for night shifts?");
  const proposal = {
    title: "Pay Ben for night shifts?", text: "Ben is up at night.", rule: "governance-change", terms: "{}", options: ["yes", "no"], opened: at(-40),
    closes: at(-9), roll: ["anna", "ben", "chris", "emil"].map(person), vetoers: [], seconders: [], person: person("ben"), about_kind: null,
    about: null, conflicts: ["Ben is paid by it."],
  };
  const tally = {
    proposal: asked, person: ME(), at: at(-5), counted: [], contents: [], late: [], ineligible: [], interventions: [], counts: "{}",
    result: "passed", winner: "yes", statement: "2 yes and 1 no of 4 on the roll: passed.", sha256: "7a".repeat(32), corrects: null,
  };
  const said = { proposal: asked, person: person("ben"), seq: 1, kind: "objection", reason: "Too dear." };
  return [
    { kind: "proposal", row: plain(proposal.title, proposal, asked) }, one("tally", "1", tally.statement, tally),
    one("intervention", "1", "objection", said),
    one("decision", "1", decision.title, decision), one("interest", "1", "Ben Ostrow", interest), one("rule", "logo", "logo", { ...RULES["logo"] }),
  ];
}
