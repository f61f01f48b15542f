import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import { today } from "../src/dates";
import { BOOK, slug } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { fakeRequirements, fakeScenarios } from "../src/dev/fake-framework-data";
import type { Gate } from "../src/generated/Gate";
import type { GateItem } from "../src/generated/GateItem";
import type { PhaseMove } from "../src/generated/PhaseMove";
import type { RequirementView } from "../src/generated/RequirementView";
import { isId } from "../src/records/decided";
import { useTransport } from "../src/host";
import { asked, requirements } from "../src/messages/de/requirements";
import { kindByPath, kinds } from "../src/records";
import { href, parseRoute } from "../src/router";
import Place from "../src/screens/Place.svelte";
import RecordForm from "../src/screens/RecordForm.svelte";
import { comesAlong, daysLater, missingOf, placeOf, problemsOf } from "../src/screens/framework/gates";
import { nameOf, routeOf, vouchingOf, waysOf } from "../src/screens/framework/next";
import { told, toldItem } from "../src/screens/framework/told";
import { conditionOf, measured, monthsOf, standingOf, thenOf } from "../src/screens/framework/watch";
import { followHost, loadApp, store } from "../src/store.svelte";

let host: FakeHost;
async function begin(flags = "") {
  host = new FakeHost(new URLSearchParams(flags));
  useTransport(host);
  await loadApp();
  await followHost();
}
beforeEach(() => begin());
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
const click = async (mark: string) => fireEvent.click(await screen.findByTestId(mark));
const type = async (mark: string, value: string) => fireEvent.input(await screen.findByTestId(mark), { target: { value } });
async function open(path: string, query: Record<string, string> = {}) {
  history.replaceState(null, "", href(BOOK, path, query));
  delete document.body.dataset["ready"];
  store.route = parseRoute(location.hash);
  const shown = render(Place);
  await waitFor(() => expect(document.body.dataset["ready"]).toBe(path));
  return shown;
}
async function violations(): Promise<string[]> {
  const rules = { "color-contrast": { enabled: false }, "heading-order": { enabled: true } };
  const result = await axe.run(document.body, { runOnly: ["wcag2a", "wcag2aa"], rules });
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
}
const V2 = fakeRequirements("v2");
const one = (id: string, more: Partial<RequirementView> = {}): RequirementView => ({
  ...(V2.find((known) => known.id === id) ?? V2[0] ?? expect.unreachable()), id, next: "Do it.", status: "unmet", ...more,
});
const within = (id: string, mark: string) =>
  screen.getByTestId(`requirement-${id}`).querySelector<HTMLElement>(`[data-testid="${mark}"]`) ?? expect.unreachable(`${id} ${mark}`);

describe("the way to the next step", () => {
  // The ids as the core lists them; a new version adds here.
  const ids = Object.keys(requirements);
  it("is known for every requirement, or somebody can vouch", () => {
    expect(ids).toHaveLength(32);
    const attestable = ["finance.self-funded.no-perks", "governance.individuals", "product.offline-first", "infra.introspection"];
    const without = ids.filter((id) => waysOf(one(id, { attestable: false, evidence: [] }), null).length === 0);
    expect(without.filter((id) => !attestable.includes(id))).toEqual([]);
  });
  it.each(ids)("of %s leads to a place of this window, by a name", async (id) => {
    for (const way of waysOf(one(id), null)) {
      expect(way.label).not.toBe("");
      const { unmount } = await open(way.to);
      expect(document.body.textContent).not.toContain("There is nothing here");
      unmount();
    }
  });
  it("goes to the plan there is, or to a new one", () => {
    expect(waysOf(one("product.shutdown"), "abc")).toEqual([{ to: "product/plans/abc/edit", label: "Shutdown plan" }]);
    expect(waysOf(one("product.shutdown"), null)).toEqual([{ to: "product/plans/new", label: "Write the shutdown plan" }]);
    expect(waysOf(one("product.shutdown", { next: "" }), null)).toEqual([]);
  });
  it("of a requirement nobody here knows leads to what it was found in", () => {
    const evidence = [{ kind: "page" as const, id: "p1", title: "Rules" }];
    expect(waysOf(one("v3.new", { attestable: false, evidence }), null)).toEqual([{ to: "knowledge/pages/p1", label: "Open" }]);
    expect(waysOf(one("v3.new", { attestable: false, evidence: [] }), null)).toEqual([]);
  });
  it("names evidence and finds it by its kind", () => {
    for (const { kind } of kinds) expect(kindByPath(routeOf({ kind, id: "x" }).split("/").slice(0, 2).join("/"))?.kind).toBe(kind);
    expect(nameOf({ kind: "drill", id: "x", title: "user-export" })).toBe("the users’ export");
    expect(nameOf({ kind: "attestation", id: "x", title: "infra.automatic" })).toBe("Attestation");
    expect(nameOf({ kind: "phase", id: "x", title: "operating" })).toBe("Operating");
    expect(nameOf({ kind: "donor", id: "x", title: "" })).toBe("Donor");
  });
  it("knows how somebody may vouch", () => {
    expect(vouchingOf(one("infra.automatic", { attestable: true }))).toBe("word");
    expect(vouchingOf(one("governance.bylaws", { attestable: false }))).toBe("decision");
    expect(vouchingOf(one("finance.efficiency", { attestable: false }))).toBe("not");
  });
});

describe("the words of a requirement", () => {
  it("are the host's in English, and German where there are German ones", () => {
    const view = one("product.export");
    expect(told(view, "en")).toMatchObject({ title: view.title, lang: undefined });
    expect(told(view, "de").title).toContain("mitnehmen");
    expect(told({ ...view, next: "" }, "de").next).toBe("");
    expect(told(one("v3.new"), "de")).toMatchObject({ lang: "en" });
    expect(toldItem({ what: "A treasurer", holds: true, requirement: null }, "de")).toEqual({ what: asked["A treasurer"], lang: undefined });
    expect(toldItem({ what: "x", holds: true, requirement: "product.export" }, "de").lang).toBeUndefined();
    expect(toldItem({ what: "Something new", holds: true, requirement: null }, "de").lang).toBe("en");
  });
});

describe("a gate", () => {
  const item = (what: string, holds: boolean, requirement: string | null = null): GateItem => ({ what, holds, requirement });
  const whole = item("The whole record was exported since closing began", false);
  const gate = (to: string, items: GateItem[]): Gate => ({ to, items, open: items.every(({ holds }) => holds) });
  it("lacks nothing that comes with the move", () => {
    const closed = gate("closed", [item("The last day has come", true), whole]);
    expect(missingOf(closed)).toEqual([]);
    expect(comesAlong(closed, whole)).toBe(true);
    expect(missingOf(gate("operating", [whole]))).toEqual([whole]);
  });
  it("leads to where a thing is settled", () => {
    expect(placeOf(gate("operating", []), item("x", false, "product.export"), null)).toBe("framework/requirements");
    expect(placeOf(gate("starting", []), item("A treasurer", false), null)).toBe("people");
    expect(placeOf(gate("starting", []), item("Who it is for", false), null)).toBe("product/services");
    expect(placeOf(gate("closing", []), item("How users are told", false), "p")).toBe("product/plans/p");
    expect(placeOf(gate("closed", []), whole, null)).toBe("");
  });
  it("asks for the last day, not before the shutdown period, and for a file", () => {
    const move = (more: Partial<PhaseMove>): PhaseMove => ({ to: "closing", statement: "It ends.", decision: null, ends: "2027-01-01", archive: "/a.zip", ...more });
    const fields = (more: Partial<PhaseMove>, days = 180) => problemsOf(move(more), "2026-07-05", days).map(({ field }) => field);
    expect(daysLater("2026-07-05", 180)).toBe("2027-01-01");
    expect(fields({})).toEqual([]);
    expect(fields({ ends: "2026-12-31" })).toEqual(["ends"]);
    expect(fields({ ends: "soon" })).toEqual(["ends"]);
    expect(fields({ ends: null, archive: null, statement: " " })).toEqual(["statement", "ends", "archive"]);
    expect(fields({ to: "operating", ends: null, archive: null })).toEqual([]);
  });
});

describe("a scenario in words", () => {
  const fields = { metric: "coverage-percent", comparison: "below", limit: "80", months: 3, phase: "closing" };
  it("says when it comes true and what then happens", () => {
    expect(conditionOf(fields, "EUR")).toBe("Coverage below 80 %, 3 months in a row");
    expect(conditionOf({ ...fields, metric: "balance", limit: "500.00", months: 1 }, "EUR")).toMatch(/^Free money below .*500\.00/);
    expect(thenOf("propose-phase", fields)).toBe("the phase “Closing” is proposed");
    expect(thenOf("notify", fields)).toBe("the team is told");
    expect(measured("runway-months", "", "EUR")).toBe("not known");
  });
  it("knows how far it is", () => {
    const [fires, near, quiet] = fakeScenarios();
    expect([fires, near, quiet].map((view) => standingOf(view ?? expect.unreachable()))).toEqual(["fires", "near", "quiet"]);
    expect(monthsOf(near ?? expect.unreachable()).map(({ beyond }) => beyond)).toEqual([false, true, true]);
    expect(standingOf({ ...(quiet ?? expect.unreachable()), months: 1, run: 0, fires: false })).toBe("quiet");
  });
});

describe("the requirements", () => {
  it("are shown with numbers by area and have no barrier", async () => {
    await open("framework/requirements");
    expect(screen.getByTestId("kept").textContent).toBe("8 of 13 kept");
    expect(screen.getByTestId("kept-finance").textContent).toContain("3 of 6 kept");
    expect(within("product.export", "status").textContent).toContain("Kept");
    expect(called("scenario_watch")).toHaveLength(1);
    expect(await violations()).toEqual([]);
    await click("show-todo");
    expect(screen.queryByTestId("requirement-product.export")).toBeNull();
    expect(location.hash).toContain("show=todo");
  });
  it("begin at the one somebody came for", async () => {
    await open("framework/requirements", { open: "infra.secrets" });
    await waitFor(() => expect(document.activeElement?.id).toBe("requirement-infra.secrets"));
  });
  it("take somebody's word", async () => {
    await open("framework/requirements");
    await fireEvent.click(within("finance.self-funded.no-perks", "vouch"));
    await click("confirm-vouch");
    expect(screen.getByTestId("problem-statement").textContent).not.toBe("");
    await type("field-statement", "The rules say so.");
    expect(await violations()).toEqual([]);
    await click("confirm-vouch");
    await waitFor(() => expect(within("finance.self-funded.no-perks", "status").textContent).toContain("Vouched for"));
    expect(called("framework_attest")[0]?.["vouch"]).toEqual({
      requirement: "finance.self-funded.no-perks", not_applicable: false, statement: "The rules say so.", evidence: null, decision: null, until: null, ended: null,
    });
  });
  it("do not apply only by a decision", async () => {
    await open("framework/requirements");
    await fireEvent.click(within("infra.secrets", "vouch-other"));
    await type("field-statement", "There are none.");
    await click("confirm-vouch");
    expect(screen.getByTestId("problem-decision").textContent).not.toBe("");
    expect(called("framework_attest")).toEqual([]);
    await type("field-decision", "Vote 7");
    await click("confirm-vouch");
    await waitFor(() => expect(within("infra.secrets", "status").textContent).toContain("Does not apply"));
    expect(called("framework_attest")[0]?.["vouch"]).toMatchObject({ not_applicable: true, decision: "Vote 7" });
  });
  it("of a later version are shown before it is taken into force by a decision", async () => {
    await open("framework/requirements");
    expect(screen.getByTestId("later-v2").textContent).toContain("Version v2 asks for 3 more");
    await click("compare");
    await click("take");
    await screen.findAllByText("As things stand today, 1 of these 3 are kept.");
    await click("confirm-take");
    expect(screen.getByTestId("problem-reason").textContent).toBe("Say which decision.");
    await type("field-reason", "Vote 9");
    await click("confirm-take");
    await waitFor(() => expect(screen.getByTestId("in-force").textContent).toContain("v2"));
    expect(called("framework_migrate")).toEqual([{ book: BOOK, to: "v2", decision: "Vote 9" }]);
    expect(screen.queryByTestId("later-v2")).toBeNull();
  });
  it("say when nothing is to be done, and when they cannot be read", async () => {
    await begin("framework=done");
    const { unmount } = await open("framework/requirements", { show: "todo" });
    expect(document.body.textContent).toContain("Nothing is to be done");
    unmount();
    await begin("framework=broken");
    await open("framework/requirements");
    expect(screen.getByTestId("failure").textContent).toContain("could not be checked");
  });
  it("offer nothing to write in a locked profile", async () => {
    await begin("readonly");
    await open("framework/requirements");
    expect(screen.queryAllByTestId(/^vouch/)).toEqual([]);
    expect(called("scenario_watch")).toEqual([]);
  });
});

describe("the phase", () => {
  it("is entered after its consequences, with a sentence, a day and a file", async () => {
    await open("framework/phase");
    expect(await violations()).toEqual([]);
    await click("enter-closing");
    expect(screen.getByTestId("consequences").textContent).toContain("cannot be taken back");
    expect(await violations()).toEqual([]);
    await click("confirm-enter");
    expect(screen.getByTestId("problem-archive").textContent).not.toBe("");
    expect(called("phase_enter")).toEqual([]);
    await type("field-statement", "We end in good order.");
    await click("pick-archive");
    await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("field-archive").value).not.toBe(""));
    await click("confirm-enter");
    await waitFor(() => expect(screen.getByTestId("phase-now").textContent).toContain("Closing"));
    const entered = called("phase_enter")[0]?.["entered"];
    expect(entered).toMatchObject({ to: "closing", statement: "We end in good order.", decision: null, ends: daysLater(today(), 180) });
    expect(entered.archive).toMatch(/^~\/harbor-closing-.*\.zip$/);
    expect(screen.getByTestId("moves").textContent).toContain("Operating → Closing");
  });
  it("is not entered while something is missing", async () => {
    await begin("framework=closing");
    await open("framework/phase");
    expect(screen.getByTestId("gate-closed").textContent).toContain("1 thing is missing. The record is exported with the move.");
    expect(screen.queryByTestId("enter-closed")).toBeNull();
  });
  it("shows a move without effect with the reason, and does not count it", async () => {
    await begin("framework=void");
    await open("framework/phase");
    expect(screen.getByTestId("move-void").textContent).toContain("It names no decision.");
    expect(screen.getByTestId("phase-now").textContent).toContain("since this record was begun");
    expect(await violations()).toEqual([]);
  });
  it("stands when its archive cannot be written, and asks for it", async () => {
    await begin("framework=full");
    await open("framework/phase");
    expect(screen.queryByTestId("archive-due")).toBeNull();
    await click("enter-closing");
    await type("field-statement", "We end.");
    await click("pick-archive");
    await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("field-archive").value).not.toBe(""));
    await click("confirm-enter");
    await waitFor(() => expect(screen.getByTestId("archive-due").textContent).toContain("Closing"));
    expect(await violations()).toEqual([]);
    await click("archive-write");
    await waitFor(() => expect(screen.queryByTestId("archive-due")).toBeNull());
    expect(called("phase_archive")[0]?.["path"]).toMatch(/\.zip$/);
  });
  it("names the decision of the register it was chosen from, and tells that words link nothing", async () => {
    await open("framework/phase");
    await click("enter-closing");
    const field = await screen.findByTestId<HTMLInputElement>("field-decision");
    await waitFor(() => expect(field.list?.options.length).toBeGreaterThan(0));
    await type("field-decision", "Some minutes");
    expect(screen.getByTestId("enter-form").textContent).toContain("These words link nothing");
    await type("field-decision", field.list?.options[0]?.value ?? "");
    expect(screen.getByTestId("enter-form").textContent).toContain("Chosen from the register.");
    await type("field-statement", "We end.");
    await click("pick-archive");
    await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("field-archive").value).not.toBe(""));
    await click("confirm-enter");
    await waitFor(() => expect(called("phase_enter")).toHaveLength(1));
    expect(isId(called("phase_enter")[0]?.["entered"].decision)).toBe(true);
  });
  it("takes the last day of what ends with its proof, and of nothing else", async () => {
    await begin("framework=ending");
    await open("framework/phase");
    const [bill, told] = screen.getAllByTestId("prove");
    await fireEvent.click(told ?? expect.unreachable());
    expect(screen.queryByTestId("field-ended")).toBeNull();
    await click("cancel");
    await fireEvent.click(bill ?? expect.unreachable());
    await type("field-statement", "Cancelled in writing.");
    await type("field-evidence", "https://harbor.example/end");
    const last = await screen.findByTestId("field-ended");
    await fireEvent.change(last, { target: { value: "some day" } });
    await click("confirm-vouch");
    expect(screen.getByTestId("problem-ended").textContent).not.toBe("");
    expect(called("framework_attest")).toEqual([]);
    await fireEvent.change(last, { target: { value: "2026-12-31" } });
    expect(await violations()).toEqual([]);
    await click("confirm-vouch");
    await waitFor(() => expect(called("framework_attest")).toHaveLength(1));
    expect(called("framework_attest")[0]?.["vouch"]).toMatchObject({ requirement: `closed.schedule.${slug("schedule", "1")}`, ended: "2026-12-31" });
  });
  it("ends for good", async () => {
    await begin("framework=closed");
    await open("framework/phase");
    expect(screen.getByTestId("gate-end").textContent).toContain("not opened again");
  });
});

describe("the scenarios", () => {
  it("are shown with numbers and what fired", async () => {
    await open("framework/scenarios");
    expect(screen.getByTestId("scenario-fires").textContent).toContain("3 of 3 months");
    expect(screen.getByTestId("scenario-near").textContent).toContain("Coverage below 80 %");
    await waitFor(() => expect(screen.getByTestId("fired").textContent).toContain("1 scenario has come true"));
    expect(called("scenario_watch")).toHaveLength(1);
    expect(await violations()).toEqual([]);
  });
  it("teach when there is none", async () => {
    await begin("framework=empty");
    await open("framework/scenarios");
    expect(document.body.textContent).toContain("No scenario yet");
    expect(await violations()).toEqual([]);
  });
});

describe("entries in which a person speaks for themselves", () => {
  it.each(["reaffirmation", "drill"] as const)("a %s is written in the name of who sits here", async (name) => {
    const kind = kinds.find((known) => known.kind === name) ?? expect.unreachable();
    render(RecordForm, { book: BOOK, kind, id: null, mode: "new" });
    await screen.findByTestId("save");
    expect(screen.queryByTestId("field-person")).toBeNull();
    await click("save");
    await waitFor(() => expect(called("record_add")).toHaveLength(1));
    expect(called("record_add")[0]?.["fields"]).toMatchObject({ person: slug("person", "anna"), date: today() });
  });
});
