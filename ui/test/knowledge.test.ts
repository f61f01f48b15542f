import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK, slug } from "../src/dev/fake-data";
import type { FakeHost } from "../src/dev/fake-host";
import { MANIFESTO } from "../src/dev/fake-operations-data";
import type { RecordRow } from "../src/generated/RecordRow";
import { href } from "../src/router";
import { versionsOf } from "../src/screens/knowledge/changelog";
import { fragmentOf } from "../src/screens/knowledge/fragment";
import { deviationsOf, forget, Run, sha256, written } from "../src/screens/knowledge/run/run.svelte";
import { stepsOf } from "../src/screens/knowledge/steps";
import { begin, calledOf, click, failOnce, open, type, violations } from "./screens";

let host: FakeHost;
const RUNBOOK = slug("runbook", "1");
beforeEach(async () => {
  forget(RUNBOOK);
  host = await begin();
});
const row = (id: string, fields: Record<string, unknown>): RecordRow => ({ id, title: id, state: "ok", problems: [], conflicts: 0, fields, summary: null });

describe("a runbook's text", () => {
  // The same text and the same answers as in the core.
  const BODY = "# Disk full\n\nFirst look.\n\n1. Look at the disk:\n   ```\n   1. df -h\n   expect: no mark\n   ```\n   expect: below 90 %\n2. Remove old logs\n   - **Verify:** `df` says less\n   - undo: restore from the backup\n     of the night\n   1. nested\n\n## If that was not enough\n\nCall somebody.\n\n1) Add a disk\n   verify: one\n   verify: two\n";
  it("is read into steps, with what is expected, checked and taken back", () => {
    const { steps } = stepsOf(BODY);
    expect(steps.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(steps[0]?.text).toContain("1. df -h");
    expect(steps[0]?.text).toContain("expect: no mark");
    expect(steps[0]?.expect).toBe("below 90 %");
    expect(steps[1]).toMatchObject({ verify: "`df` says less", undo: "restore from the backup" });
    expect(steps[1]?.text).toContain("nested");
    expect(steps[1]?.text).not.toContain("Call");
    expect(steps[2]).toMatchObject({ text: "Add a disk", verify: "one\ntwo" });
  });
  it("loses no word of what belongs to no step", () => {
    const { parts } = stepsOf(BODY);
    expect(parts.map((part) => (typeof part === "string" ? part.trim().split("\n")[0] : part.n))).toEqual(["# Disk full", 1, 2, "## If that was not enough", 3]);
  });
  it("has no steps where there is no list, and not endlessly many", () => {
    expect(stepsOf("Version 1.2 came\nnot 1. this\n1.5 GB\n12345. too long").steps).toHaveLength(0);
    expect(stepsOf("").parts).toEqual([]);
    expect(stepsOf("1. again\n".repeat(600)).steps).toHaveLength(500);
    expect(stepsOf("1.\n   what to do\n2. é: ü").steps.map(({ text }) => text)).toEqual(["what to do", "é: ü"]);
  });
});

describe("a run", () => {
  it("is written as one line a step", async () => {
    const run = new Run("1. a\n2. b\n3. c", await sha256("abc"));
    run.say("done");
    run.note = "no\n right ";
    run.say("failed");
    run.say("skipped");
    expect(written(run.went)).toEqual(["1 done", "2 failed: no right", "3 skipped"]);
    expect(deviationsOf(run.went)).toBe("2 failed: no right\n3 skipped");
    expect(run.sha256).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    run.back();
    run.back();
    expect(run.note).toBe("no\n right");
  });
});

describe("a runbook", () => {
  it("shows its steps, what it lacks and how it went, and has no barrier", async () => {
    await open(`knowledge/runbooks/${RUNBOOK}`);
    await screen.findByText("The path to the logs is wrong.");
    expect(screen.getByTestId("expired").textContent).toContain("10 Jan 2026".split(" ")[2]);
    expect(screen.getByTestId("steps").querySelectorAll("ol > li")).toHaveLength(3);
    expect(screen.getByTestId("steps").textContent).toContain("less than 90 % used");
    expect(screen.getByTestId("runs").textContent).toContain("1 step failed");
    expect(await violations()).toEqual([]);
    expect(screen.getByTestId("give-feedback").getAttribute("href")).toBe(href(BOOK, "knowledge/feedbacks/new", { about: RUNBOOK }));
  });
  it("is followed step by step, kept with what was different, and hears of it", async () => {
    const { unmount } = await open(`knowledge/runbooks/${RUNBOOK}/run`);
    expect(screen.getByTestId("step").textContent).toContain("Step 1 of 3");
    expect(screen.getByTestId("step").textContent).toContain("less than 90 % used");
    expect(await violations()).toEqual([]);
    await click("step-done");
    expect(document.activeElement?.textContent).toContain("Step 2 of 3");
    await type("field-note", "no right to delete");
    // Somebody looks elsewhere and comes back: it goes on where it was.
    unmount();
    await open(`knowledge/runbooks/${RUNBOOK}/run`);
    expect(screen.getByTestId<HTMLInputElement>("field-note").value).toBe("no right to delete");
    await click("step-failed");
    await click("step-skipped");
    expect(screen.getByTestId<HTMLTextAreaElement>("field-deviations").value).toBe("2 failed: no right to delete\n3 skipped");
    expect(await violations()).toEqual([]);
    await click("save-run");
    await waitFor(() => expect(calledOf(host, "record_add")).toHaveLength(2));
    const [run, said] = calledOf(host, "record_add");
    const body = host.find(RUNBOOK)?.fields["body"];
    expect(run).toMatchObject({ kind: "runbook-run", fields: { runbook: RUNBOOK, steps: ["1 done", "2 failed: no right to delete", "3 skipped"], drill: false, incident: null, sha256: await sha256(body) } });
    expect(said).toMatchObject({ kind: "feedback", fields: { about: RUNBOOK, from: "member", state: "open", text: expect.stringContaining("no right") } });
    await waitFor(() => expect(location.hash).toBe(href(BOOK, `knowledge/runbooks/${RUNBOOK}`)));
  });
  it("keeps the run when it cannot be written, and writes it once", async () => {
    await open(`knowledge/runbooks/${RUNBOOK}/run`);
    for (const mark of ["step-done", "step-done", "step-failed"]) await click(mark);
    failOnce(host, "record_add", "There is no room left on the disk.");
    await click("save-run");
    expect((await screen.findByTestId("failure")).textContent).toContain("no room left");
    await click("field-tell");
    await click("save-run");
    await waitFor(() => expect(calledOf(host, "record_add").map(({ kind }) => kind)).toEqual(["runbook-run"]));
  });
  it("without steps says how to make them", async () => {
    await host.invoke("record_edit", { id: RUNBOOK, fields: { body: "Just words." } });
    await open(`knowledge/runbooks/${RUNBOOK}/run`);
    expect(screen.getByText(/has no steps yet/)).toBeTruthy();
  });
  it("list says what no runbook is about", async () => {
    await open("knowledge/runbooks");
    expect((await screen.findByTestId("covered")).textContent).toBe("1 of 2 alerts have a runbook.");
    expect(screen.getByTestId("uncovered").textContent).toContain("QueueFull");
    expect(await violations()).toEqual([]);
  });
});

describe("feedback", () => {
  it("is shown with its age and answered in place", async () => {
    await open("knowledge/feedbacks");
    const first = screen.getByTestId("open-feedback");
    expect(first.textContent).toMatch(/Lists are empty.*days old/s);
    expect(await violations()).toEqual([]);
    await click("answer");
    await click("confirm-answer");
    expect(screen.getByTestId("problem-answer").textContent).toContain("Say what becomes");
    failOnce(host, "record_edit", "There is no room left on the disk.");
    await type("field-answer", "Corrected.");
    await click("confirm-answer");
    await screen.findByTestId("failure");
    expect(screen.getByTestId<HTMLTextAreaElement>("field-answer").value).toBe("Corrected.");
    expect(await violations()).toEqual([]);
    await click("confirm-answer");
    await waitFor(() => expect(screen.queryByTestId("open-feedback")).toBeNull());
    expect(calledOf(host, "record_edit").at(-1)?.["fields"]).toMatchObject({ state: "accepted", answer: "Corrected." });
  });
  it("begins with what it is about", async () => {
    await open("knowledge/feedbacks/new", { about: RUNBOOK });
    const about = await screen.findByTestId<HTMLSelectElement>("field-about");
    expect(about.value).toBe(RUNBOOK);
    expect([...about.querySelectorAll("optgroup")].map((group) => group.label)).toContain("Processes");
    await type("field-text", "Say which disk.");
    await click("save");
    await waitFor(() => expect(calledOf(host, "record_add").at(-1)?.["fields"]).toMatchObject({ about: RUNBOOK, text: "Say which disk.", state: "open", person: expect.any(String) }));
  });
});

describe("the work of others", () => {
  it("is taken over with their name, their licence and its hash", async () => {
    const { unmount } = await open(`knowledge/commons/${slug("commons", "1")}`);
    expect(screen.queryByTestId("take-over")).toBeNull();
    unmount();
    await open(`knowledge/commons/${slug("commons", "2")}`);
    expect(await violations()).toEqual([]);
    await click("take-over");
    await waitFor(() => expect(calledOf(host, "record_add")).toHaveLength(1));
    expect(calledOf(host, "record_add")[0]).toMatchObject({
      kind: "runbook", fields: { title: "Mail queue is full", body: "1. Look at the queue.", adopted_from: "R. Ito, Open Mail · Open Mail", adopted_sha256: "7e".repeat(32), licence: "CC-BY-4.0" },
    });
  });
});

describe("the changelog", () => {
  it("goes by version and category", () => {
    const change = (id: string, version: string | null, category: string, date: string) => row(id, { version, category, date, breaking: false });
    const versions = versionsOf([change("a", "1.9.0", "fixed", "2026-01-01"), change("b", "1.10.0", "fixed", "2026-01-01"), change("c", "1.10.0", "added", "2025-12-01"), change("d", null, "fixed", "2025-01-01")]);
    expect(versions.map(({ version, categories }) => [version, categories.map(({ category }) => category)])).toEqual([["", ["fixed"]], ["1.10.0", ["added", "fixed"]], ["1.9.0", ["fixed"]]]);
  });
  it("marks what breaks and has no barrier", async () => {
    await open("operations/changes");
    expect(screen.getByTestId("version-1.4.0").textContent).toContain("Breaks:");
    expect(screen.getByTestId("version-unreleased").textContent).toContain("Uploads go on");
    expect(await violations()).toEqual([]);
  });
});

describe("the community and the manifesto", () => {
  it("show places, sessions to come and past, and pairings", async () => {
    await open("knowledge/community");
    expect(screen.getByTestId("sessions").textContent).toMatch(/1 session to come.*Quiet nights.*Past sessions.*Disks and logs/s);
    expect(screen.getByTestId("pairings").textContent).toContain("Anna Berg");
    expect(await violations()).toEqual([]);
  });
  it("show who signed which text, and the entry to hand on", async () => {
    await open("knowledge/manifesto");
    expect(screen.getByTestId("manifesto").textContent).toContain("Harbor e. V.");
    expect(screen.getByTestId("lost").textContent).toContain("Open Mail");
    expect(screen.getByTestId<HTMLTextAreaElement>("text-fragment").value).toContain('- name: "Harbor e. V."');
    expect(screen.getByTestId("sign").getAttribute("href")).toContain(MANIFESTO);
    expect(await violations()).toEqual([]);
  });
  it.each([["knowledge/community", "new-venue"], ["knowledge/manifesto", "new"], ["knowledge/feedbacks", "new"], ["operations/changes", "new"]])("%s begins with a sentence and a button", async (path, mark) => {
    await begin("operations=empty");
    await open(path);
    expect(document.querySelector(".empty")?.textContent).not.toBe("");
    expect(screen.getAllByTestId(mark).length).toBeGreaterThan(0);
    expect(await violations()).toEqual([]);
  });
  it("write the entry as the list of organisations has it", () => {
    const one = (organisation: string, capacity: string, more = {}) => row(organisation, { organisation, capacity, ...more });
    expect(fragmentOf([one('A "B" C', "founding", { logo: "/a.svg", url: "https://a.example", signatory: "Ann", signatory_role: "Chair" }), one("D", "supporting"), one("Ann", "individual")])).toBe(
      'founding:\n  - name: "A \\"B\\" C"\n    logo: "/a.svg"\n    url: "https://a.example"\n    contributors:\n      - name: "Ann"\n        role: "Chair"\nsupporting:\n  - name: "D"\n',
    );
    expect(fragmentOf([])).toBe("");
  });
});
