// The framework in the fake host. "?framework=empty" has no scenario and no plan, "=broken" cannot be read, "=done" keeps
// everything, "=ending" has a checklist to prove, "=void" has a move without effect, "=full" cannot write an archive, and "=evaluating", "=closing" or "=closed" is a service in that phase.
import { slug } from "./fake-data";
import { fakeBylaws } from "./fake-bylaws";
import type { ArchiveDue } from "../generated/ArchiveDue";
import type { Conformance } from "../generated/Conformance";
import type { Gate } from "../generated/Gate";
import type { GateItem } from "../generated/GateItem";
import type { PhaseMove } from "../generated/PhaseMove";
import type { RequirementView } from "../generated/RequirementView";
import type { Vouch } from "../generated/Vouch";
import { fakeHistory, fakeRequirements, fakeScenarios } from "./fake-framework-data";

type Args = Record<string, any>;
type Fails = (code: string, message: string) => unknown;
const NEXT: Record<string, string[]> = {
  evaluating: ["starting", "closed"], starting: ["operating", "closing"], operating: ["closing"], closing: ["closed"], closed: [],
};

export class FakeFramework {
  phase = "operating";
  version = "v1";
  bylaws: string | null = null;
  vouched = new Map<string, Vouch>();
  fired = 1;
  due: ArchiveDue | null = null;

  constructor(private mode: string | null, private changed: () => void, private add: (kind: "attestation" | "phase", fields: Args) => { id: string }, private fails: Fails) {
    if (mode && mode in NEXT) this.phase = mode;
    if (mode === "ending") this.phase = "closing";
  }
  #read<T>(make: () => T): T {
    if (this.mode === "broken") throw this.fails("internal", "The requirements could not be checked.");
    return make();
  }
  requirements(version: string): RequirementView[] {
    return fakeRequirements(version).map((one) => {
      const vouch = this.vouched.get(one.id);
      if (vouch) return { ...one, status: vouch.not_applicable ? "not-applicable" : "attested", sentence: `${vouch.statement} (2026-07-03)`, next: "" };
      return this.mode === "done" && one.status === "unmet" ? { ...one, status: "met", next: "", sentence: "It is proved." } : one;
    });
  }
  #gates(all: RequirementView[]): Gate[] {
    const item = (what: string, holds: boolean): GateItem => ({ what, holds, requirement: null });
    const items: Record<string, () => GateItem[]> = {
      starting: () => [item("What it is about", true), item("Why it should be an open service", false), item("A treasurer", true)],
      operating: () => all.map((one) => ({ what: one.title, holds: one.status !== "unmet", requirement: one.id })),
      closing: () => [item("A shutdown period", true), item("How users are told", true), item("How users get their data", true)],
      closed: () => [item("Every recurring bill is cancelled", true), item("No money is left, in no currency and no fund", this.mode !== "closing"), item("The last day has come", true), item("The whole record was exported since closing began", false), ...this.#checklist()],
    };
    return (NEXT[this.phase] ?? []).map((to) => {
      const asked = items[to]?.() ?? [];
      return { to, open: asked.every((one) => one.holds), items: asked };
    });
  }
  #checklist(): GateItem[] {
    const asked = [["“Hosting” is cancelled", `closed.schedule.${slug("schedule", "1")}`], ["Users were told of the end", "closed.plan.notice"]] as const;
    return this.mode === "ending" ? asked.map(([what, requirement]) => ({ what, holds: this.vouched.has(requirement), requirement })) : [];
  }
  conformance(version: string | null): Conformance {
    const used = version ?? this.version;
    const requirements = this.requirements(used);
    const areas = [...new Set(requirements.map((one) => one.area))].map((area) => {
      const of = requirements.filter((one) => one.area === area);
      return { area, holds: of.filter((one) => one.status !== "unmet").length, of: of.length };
    });
    return { version: used, at: "2026-07-03", phase: this.phase, areas, requirements, void_moves: this.mode === "void" ? [{ id: slug("phase", "1"), from: "starting", to: "operating", date: "2026-02-01", why: "It names no decision." }] : [], gates: this.#gates(requirements), later: used === "v1" ? [["v2", 3]] : [] };
  }
  #enter(move: PhaseMove) {
    const added = this.add("phase", { from: this.phase, to: move.to, date: "2026-07-03", decision: move.decision, statement: move.statement, ends: move.ends, gate: [] });
    this.phase = move.to;
    this.changed();
    const problem = this.mode === "full" ? "The disk is full." : null;
    if (problem) this.due = { id: added.id, to: move.to, date: "2026-07-03" };
    return { id: added.id, archive: problem ? null : move.archive, problem };
  }
  #attest(vouch: Vouch) {
    this.vouched.set(vouch.requirement, vouch);
    return this.add("attestation", { ...vouch, status: vouch.not_applicable ? "not-applicable" : "attested", date: "2026-07-03" });
  }
  #migrate(to: string) {
    this.version = to;
    this.changed();
    return {};
  }
  #bylaws(answers: Record<string, string>) {
    this.bylaws = slug("page", `bylaws-${Object.values(answers).join("-")}`);
    this.changed();
    return { id: this.bylaws };
  }
  #watch() {
    const { fired } = this;
    this.fired = 0;
    return { fired: this.mode === "empty" ? 0 : fired };
  }

  commands: Record<string, (args: Args) => unknown> = {
    framework_check: ({ version }) => this.#read(() => this.conformance(version)),
    framework_history: ({ months }) => this.#read(() => fakeHistory(Number(months))),
    framework_attest: ({ vouch }) => this.#attest(vouch),
    phase_enter: ({ entered }) => this.#enter(entered),
    phase_archive_due: () => this.due,
    phase_archive: ({ path }) => {
      this.due = null;
      return { archive: path };
    },
    framework_migrate: ({ to }) => this.#migrate(to),
    bylaws_draft: ({ answers }) => this.#read(() => fakeBylaws(answers, this.bylaws)),
    bylaws_write: ({ answers }) => this.#bylaws(answers),
    bylaws_adopt: ({ answers }) => ({ written: fakeBylaws(answers, null).rules.length }),
    scenario_list: () => this.#read(() => (this.mode === "empty" ? [] : fakeScenarios())),
    scenario_watch: () => this.#watch(),
  };
}
