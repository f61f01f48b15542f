// Votes of the fake host. Development and tests only: stages are set by hand, not derived.
import type { ProposalView } from "../generated/ProposalView";
import type { ProposalRow } from "../generated/ProposalRow";
import type { TallyDone } from "../generated/TallyDone";
import { slug } from "./fake-data";
import { fakeRules, fakeView, fakeViews, ME } from "./fake-decision-data";

type Args = Record<string, any>;
const OWN: Record<string, string[]> = {
  "simple-majority": ["yes", "no"], supermajority: ["yes", "no"], consent: ["consent", "stand-aside", "object"], "lazy-consensus": ["consent", "stand-aside", "object"],
};

export class FakeDecisions {
  views: ProposalView[];
  #count = 0;

  /** "?decisions=empty" shows what there is before there is anything, "?decisions=broken" what a broken host says. */
  constructor(
    private flag: string | null,
    private changed: () => void,
    private fail: (code: string, message: string) => unknown,
  ) {
    this.views = flag === "empty" ? [] : fakeViews();
  }

  #whole<T>(value: T): T {
    if (this.flag === "broken") throw this.fail("internal", "The votes could not be read.");
    return value;
  }
  #view(id: string): ProposalView {
    const view = this.#whole(this.views).find((one) => one.id === id);
    if (!view) throw this.fail("not-found", "This proposal is not here.");
    return view;
  }
  #next = (kind: string): string => slug(kind, `fake-${(this.#count += 1)}`);
  #row({ id, title, rule, stage, opened, closes, grace_until, cast, roll, result, sentence, my_vote_missing, my_count_missing, recount_due }: ProposalView): ProposalRow {
    return { id, title, rule, stage, opened, closes, grace_until, cast, roll, result, sentence, my_vote_missing, my_count_missing, recount_due };
  }

  #open({ new: asked }: Args) {
    const rule = fakeRules().find((one) => one.rule.name === asked.rule)?.rule;
    if (!rule) throw this.fail("not-found", `There is no rule “${asked.rule}”.`);
    const id = this.#next("proposal");
    const voters = fakeView("", rule, {}).voters.map((one) => ({ ...one, ballot: null }));
    const options = OWN[rule.method] ?? [...asked.options, ...(rule.default_option ? [rule.default_option] : [])];
    const view = fakeView(asked.title, rule, { id, text: asked.text, options, voters, conflicts: asked.conflicts, proposer: ME(), proposer_name: "Anna Berg" });
    this.views = [{ ...view, mine: { ...view.mine, may_retract: true } }, ...this.views];
    this.changed();
    return { id };
  }
  #vote({ proposal, choice }: Args) {
    const view = this.#view(proposal);
    const scores = view.options.map((option, at) => `${option} ${choice.scores[at]}`).join(", ");
    const said = choice.choice || choice.ranking.join(" > ") || scores;
    const ballot = { id: this.#next("ballot"), seq: (view.mine.ballot?.seq ?? 0) + 1, choice: said, reason: choice.reason, counted: true };
    if (view.mine.ballot === null) view.cast += 1;
    for (const voter of view.voters) if (voter.person === ME()) voter.ballot = ballot;
    Object.assign(view.mine, { ballot, vote_missing: false });
    view.my_vote_missing = false;
    view.outcome.count.counts = view.outcome.count.counts.map(({ option }) => ({
      option, votes: view.voters.filter((one) => one.ballot?.choice === option).length,
    }));
    this.changed();
    return { id: ballot.id };
  }
  #say({ proposal, kind, reason }: Args) {
    const view = this.#view(proposal);
    const id = this.#next("intervention");
    view.words = [...view.words, { id, person: ME(), name: "Anna Berg", kind, reason, fault: null }];
    if (kind === "second") Object.assign(view, { stage: "open", mine: { ...view.mine, may_second: false } });
    if (kind === "retract") Object.assign(view, { stage: "retracted", mine: { ...view.mine, may_retract: false, may_vote: false } });
    this.changed();
    return { id };
  }
  #count_({ proposal }: Args): TallyDone {
    this.#view(proposal);
    return { id: null, sentence: "2 yes and 1 no of 4 on the roll: passed.", sha256: "7b".repeat(32), counted: 3, late: 0, ineligible: 0 };
  }
  #sign(args: Args): TallyDone {
    const view = this.#view(args["proposal"]);
    const done = { ...this.#count_(args), id: this.#next("tally") };
    const line = { id: done.id, person: ME(), at: new Date().toISOString(), sha256: done.sha256, statement: done.sentence, standing: "holds" as const };
    Object.assign(view, { stage: "counted", result: "passed", sentence: done.sentence, my_count_missing: false, recount_due: false });
    view.mine.may_count = false;
    Object.assign(view.outcome, { stage: "counted", is_final: true, tallies: [line], effective_from: "2026-08-20" });
    this.changed();
    return done;
  }
  #register({ new: decision }: Args) {
    const id = this.#next("decision");
    const view = decision.proposal ? this.#view(decision.proposal) : null;
    view?.decisions.push({ id, title: decision.title || view.title, date: decision.date, effective_from: decision.effective_from });
    this.changed();
    return { id };
  }
  #election(path: string) {
    if (path.includes("wrong")) throw this.fail("invalid", "This is no file of ballots.");
    return {
      format: "blt", title: "Treasurer 2026", candidates: ["Anna", "Ben"], ballots: 9, seats: 1, withdrawn: [], order: ["Anna", "Ben"],
      sha256: "6d".repeat(32), not_understood: path.includes("torn") ? ["Line 4 holds no ballot."] : [],
    };
  }

  commands: Record<string, (args: Args) => unknown> = {
    rules: () => this.#whole(fakeRules()),
    proposal_open: (args) => this.#open(args),
    proposal_list: () => this.#whole(this.views).map((view) => this.#row(view)),
    proposal_view: ({ id }) => this.#view(id),
    vote: (args) => this.#vote(args),
    say: (args) => this.#say(args),
    tally_preview: (args) => this.#count_(args),
    tally_sign: (args) => this.#sign(args),
    decision_record: (args) => this.#register(args),
    election_read: ({ path }) => this.#election(path),
    election_import: ({ path }) => ({ id: this.#next("decision"), election: this.#election(path) }),
  };
}
