import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { daysBetween, minutesBetween, readMoment, writeMoment } from "../src/dates";
import { BOOK, slug } from "../src/dev/fake-data";
import type { FakeHost } from "../src/dev/fake-host";
import type { RecordRow } from "../src/generated/RecordRow";
import { href } from "../src/router";
import { embargoOf, readLine, reviewDue, sorted, timelineOf, timesOf } from "../src/screens/operations/incidents";
import { latestOf } from "../src/screens/operations/metrics";
import { formatMinutes, formatSeconds, formatTenths, formatUtc, tenths } from "../src/words";
import { begin, calledOf, click, failOnce, open, type, violations } from "./screens";

let host: FakeHost;
beforeEach(async () => void (host = await begin()));
const row = (id: string, fields: Record<string, unknown>): RecordRow => ({ id, title: id, state: "ok", problems: [], conflicts: 0, fields, summary: null });
const OVER = slug("incident", "1");

describe("moments", () => {
  it.each([
    ["2026-05-14 09:12", "2026-05-14T09:12:00Z"], ["14.5.2026 9:12", "2026-05-14T09:12:00Z"], ["9:12", "2026-06-01T09:12:00Z"], ["9:12:30 UTC", "2026-06-01T09:12:30Z"],
    ["2026-05-14T11:12:00+02:00", "2026-05-14T09:12:00Z"], ["25:00", null], ["9:60", null], ["soon", null], ["2026-02-30 09:12", null], ["", null],
  ])("“%s” is read as %s", (text, moment) => {
    expect(readMoment(text, "2026-06-01")).toBe(moment);
  });
  it("are written as they are typed", () => {
    expect(writeMoment("2026-05-14T09:12:00Z")).toBe("2026-05-14 09:12");
    expect(writeMoment("soon")).toBe("soon");
    expect(formatUtc("2026-05-14T09:12:00Z")).toMatch(/9:12.* UTC$/);
  });
  it("lie minutes and days apart", () => {
    expect(minutesBetween("2026-05-14T07:30:00Z", "2026-05-14T07:54:00Z")).toBe(24);
    expect(minutesBetween(null, "2026-05-14T07:54:00Z")).toBeNull();
    expect(daysBetween("2026-05-14", "2026-06-01")).toBe(18);
  });
  it("last for a time a person reads", () => {
    expect([formatMinutes(24), formatMinutes(90), formatMinutes(0), formatMinutes(null)]).toEqual(["24 min", "1 hr 30 min", "0 min", ""]);
    expect(formatSeconds(270)).toBe("4 min 30 sec");
    expect(formatMinutes(2945)).toBe("2 days 1 hr");
    expect([formatTenths(143), tenths(11), tenths(-5)]).toEqual(["14.3%", "1.1", "-0.5"]);
  });
});

describe("an incident in numbers", () => {
  const fields = { started: "2026-05-14T07:30:00Z", detected: "2026-05-14T07:54:00Z", mitigated: "2026-05-14T09:00:00Z", resolved: "2026-05-14T09:25:00Z" };
  it("tells each time from the start and from the one before", () => {
    expect(timesOf(fields).map(({ name, after, since }) => [name, after, since])).toEqual([
      ["started", null, null], ["detected", 24, null], ["mitigated", 90, 66], ["resolved", 115, 25],
    ]);
    expect(timesOf({})).toEqual([]);
  });
  it("has its review due two weeks after it was over", () => {
    expect(reviewDue(fields)).toBe("2026-05-28");
    expect(reviewDue({})).toBeNull();
  });
  it("is kept from the public until a day", () => {
    const secret = { visibility: "embargoed", embargo_until: "2026-07-01" };
    expect(embargoOf(secret, "2026-06-01")).toEqual({ until: "2026-07-01", days: 30, over: false });
    expect(embargoOf(secret, "2026-07-02")?.over).toBe(true);
    expect(embargoOf({ visibility: "public" }, "2026-06-01")).toBeNull();
  });
  it("comes in the same order on every device", () => {
    const lines = [row("b", { incident: "i", at: "2026-05-14T08:00:00Z" }), row("a", { incident: "i", at: "2026-05-14T08:00:00Z" }), row("c", { incident: "i", at: "2026-05-14T07:00:00+00:00" }), row("x", { incident: "j", at: "2026-05-14T07:00:00Z" })];
    expect(timelineOf(lines, "i").map(({ id }) => id)).toEqual(["c", "a", "b"]);
    expect(timelineOf(lines.toReversed(), "i").map(({ id }) => id)).toEqual(["c", "a", "b"]);
    const all = [row("old", { severity: "sev1", resolved: "x", started: "2026-01" }), row("mild", { severity: "sev4", started: "2026-03" }), row("grave", { severity: "sev1", started: "2026-02" }), row("new", { resolved: "x", started: "2026-02" })];
    expect(sorted(all).map(({ id }) => id)).toEqual(["grave", "mild", "new", "old"]);
  });
  it("takes a time before the words", () => {
    expect(readLine("9:12 The queue is full")).toEqual({ time: "9:12", text: "The queue is full" });
    expect(readLine(" 09:12 UTC Restarted ")).toEqual({ time: "09:12", text: "Restarted" });
    expect(readLine("4,000 jobs wait")).toEqual({ time: "", text: "4,000 jobs wait" });
  });
});

describe("incidents", () => {
  it("are listed with what goes on first, and have no barrier", async () => {
    await open("operations/incidents");
    const rows = screen.getByTestId("incidents").querySelectorAll("tbody tr");
    expect([...rows].map((one) => one.querySelector("a")?.textContent)).toEqual(["Uploads are slow", "A key was in a public log", "Mirror lists were empty"]);
    expect(rows[1]?.textContent).toContain("not public until");
    expect((await screen.findByTestId("figure-resolve")).textContent).toContain("1 hr 55 min");
    expect(screen.getByTestId("review-due").textContent).toContain("Mirror lists were empty");
    expect(await violations()).toEqual([]);
    await fireEvent.click(screen.getByTestId("show-open"));
    expect(screen.getByTestId("incidents").querySelectorAll("tbody tr")).toHaveLength(1);
  });
  it("say what they are for while there are none", async () => {
    await begin("operations=empty");
    await open("operations/incidents");
    expect(screen.getByText(/Open an incident the moment/)).toBeTruthy();
    expect(await violations()).toEqual([]);
  });
  it("are listed also when the numbers cannot be put together", async () => {
    await begin("operations=broken");
    await open("operations/incidents");
    expect((await screen.findByTestId("failure")).textContent).toContain("could not be put together");
    expect(screen.getByTestId("incidents")).toBeTruthy();
  });
  it("ask for the end of an embargo only under one", async () => {
    await open("operations/incidents/new");
    expect(screen.queryByTestId("field-embargo_until")).toBeNull();
    await fireEvent.change(screen.getByTestId("field-visibility"), { target: { value: "embargoed" } });
    expect(await screen.findByTestId("field-embargo_until")).toBeTruthy();
    await click("now-started");
    expect(screen.getByTestId<HTMLInputElement>("field-started").value).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/);
  });
});

describe("one incident", () => {
  const show = async () => {
    await open(`operations/incidents/${OVER}`);
    await screen.findAllByTestId("line");
  };
  it("tells what happened in UTC, whoever wrote it, and has no barrier", async () => {
    await show();
    const lines = screen.getAllByTestId("line").map((one) => one.querySelector("time")?.textContent);
    expect(lines).toEqual(["07:54", "08:05", "08:20", "08:58", "09:25"]);
    expect(screen.getByTestId("time-resolved").textContent).toContain("1 hr 55 min");
    expect(screen.getByTestId("updates").textContent).toContain("Lists are complete again.");
    expect(screen.getByTestId("factors").querySelectorAll("li")).toHaveLength(2);
    expect(screen.getByTestId("due").textContent).toContain("should have been public");
    expect(screen.getAllByTestId("action")).toHaveLength(2);
    expect(await violations()).toEqual([]);
  });
  it("takes a line by the keyboard, at its time, and is ready for the next", async () => {
    await show();
    await type("field-line", "9:40 Wrote to the *users*.");
    await fireEvent.submit(screen.getByTestId("add-line"));
    await waitFor(() => expect(screen.getAllByTestId("line")).toHaveLength(6));
    const written = calledOf(host, "record_add").at(-1);
    expect(written).toMatchObject({ kind: "incident-line", fields: { incident: OVER, at: "2026-05-14T09:40:00Z", text: "Wrote to the *users*.", type: "observation", public: false } });
    expect(screen.getByTestId<HTMLInputElement>("field-line").value).toBe("");
    expect(document.activeElement).toBe(screen.getByTestId("field-line"));
  });
  it("keeps what was typed when it cannot be written, and says what is wrong with a time", async () => {
    await show();
    await fireEvent.submit(screen.getByTestId("add-line"));
    expect(screen.getByTestId("problem-line").textContent).toContain("Say in a few words");
    await type("field-line", "The queue is full");
    await type("field-line-at", "later");
    await fireEvent.submit(screen.getByTestId("add-line"));
    expect(screen.getByTestId("problem-line-at").textContent).toContain("Write a time");
    await type("field-line-at", "8:30");
    failOnce(host, "record_add", "There is no room left on the disk.");
    await fireEvent.submit(screen.getByTestId("add-line"));
    expect((await screen.findByTestId("failure")).textContent).toContain("no room left");
    expect(screen.getByTestId<HTMLInputElement>("field-line").value).toBe("The queue is full");
    await fireEvent.submit(screen.getByTestId("add-line"));
    await waitFor(() => expect(screen.getAllByTestId("line")).toHaveLength(6));
  });
  it("tells the public only what is marked, each time anew", async () => {
    await show();
    await type("field-line", "All is well.");
    await click("field-line-public");
    await fireEvent.change(await screen.findByTestId("field-line-status"), { target: { value: "resolved" } });
    await fireEvent.submit(screen.getByTestId("add-line"));
    await waitFor(() => expect(screen.getByTestId("updates").textContent).toContain("All is well."));
    expect(calledOf(host, "record_add").at(-1)?.["fields"]).toMatchObject({ public: true, status: "resolved" });
    expect(screen.getByTestId<HTMLInputElement>("field-line-public").checked).toBe(false);
  });
  it("keeps both versions of a text two people write", async () => {
    await show();
    await click("write-impact");
    await fireEvent.input(screen.getByTestId("field-impact"), { target: { value: "Nobody could install." } });
    await click("done-impact");
    await waitFor(() => expect(calledOf(host, "record_edit")).toHaveLength(1));
    expect(calledOf(host, "record_edit")[0]).toMatchObject({ fields: { impact: "Nobody could install." }, base: { impact: expect.stringContaining("**install**") } });
    await screen.findByTestId("write-impact");
  });
  it("leaves a long text alone when the rest of the record is edited", async () => {
    await open(`operations/incidents/${OVER}/edit`);
    await screen.findByTestId("field-title");
    expect(screen.queryByTestId("field-impact")).toBeNull();
    await type("field-title", "Lists were empty");
    await click("save");
    await waitFor(() => expect(calledOf(host, "record_edit")).toHaveLength(1));
    expect(calledOf(host, "record_edit")[0]?.["fields"]).toEqual({ title: "Lists were empty" });
  });
  it("takes over what another wrote meanwhile, and not into the middle of a change", async () => {
    await show();
    await click("write-impact");
    const area = screen.getByTestId<HTMLTextAreaElement>("field-impact");
    await host.invoke("record_edit", { kind: "incident", id: OVER, fields: { impact: "Ben was here." } });
    await waitFor(() => expect(area.value).toBe("Ben was here."));
    await fireEvent.input(area, { target: { value: "Ben was here. And Anna." } });
    await host.invoke("record_edit", { kind: "incident", id: OVER, fields: { impact: "Ben was here first." } });
    await new Promise((done) => setTimeout(done, 50));
    expect(area.value).toBe("Ben was here. And Anna.");
    await click("done-impact");
    await waitFor(() => expect(calledOf(host, "record_edit").at(-1)).toMatchObject({ fields: { impact: "Ben was here. And Anna." }, base: { impact: "Ben was here." } }));
  });
  it("keeps a text that cannot be saved", async () => {
    await show();
    await click("write-impact");
    failOnce(host, "record_edit", "There is no room left on the disk.");
    await fireEvent.input(screen.getByTestId("field-impact"), { target: { value: "Much." } });
    await click("done-impact");
    await screen.findByTestId("failure");
    expect(screen.getByTestId<HTMLTextAreaElement>("field-impact").value).toBe("Much.");
  });
  it("leads to a review, its factors and actions", async () => {
    await open(`operations/incidents/${slug("incident", "3")}`);
    expect(screen.getByTestId("embargo").textContent).toContain("The embargo ends on");
    await click("begin-review");
    await screen.findByTestId("factors");
    await type("field-factor", "Nobody looked.");
    await click("add-factor");
    await waitFor(() => expect(screen.getByTestId("factors").textContent).toContain("Nobody looked."));
    await click("new-action");
    await click("save-action");
    expect(screen.getByTestId("problem-action-text").textContent).toContain("Say what");
    await type("field-action-text", "Look each week.");
    await click("save-action");
    const action = await screen.findByTestId("action");
    expect(within(action).getByText("Look each week.")).toBeTruthy();
    await click("end-action");
    expect(await violations()).toEqual([]);
    await type("field-proof", "commit 1");
    await click("confirm-done");
    await waitFor(() => expect(screen.getByTestId("action").textContent).toContain("done on"));
  });
  it("offers nothing to write in a locked profile", async () => {
    await begin("readonly");
    await show();
    for (const mark of ["add-line", "write-impact", "new-action", "add-factor"]) expect(screen.queryByTestId(mark)).toBeNull();
  });
});

describe("deploys", () => {
  it("are listed under their figures, each with its formula", async () => {
    await open("operations/deploys");
    expect((await screen.findByTestId("figure-failures")).textContent).toContain("2 of 14 deploys failed");
    expect(screen.getByTestId("figure-frequency").textContent).toContain("1.1 a week");
    expect(await violations()).toEqual([]);
  });
  it("show the masked log when asked", async () => {
    await open(`operations/deploys/${slug("deploy", "1")}`);
    expect(screen.getByText(/2 places in it are masked/)).toBeTruthy();
    await click("show-log");
    expect((await screen.findByTestId("log")).textContent).toContain("[ipv4]");
    expect(await violations()).toEqual([]);
  });
});

describe("availability", () => {
  it("shows what is not known as not known, in the chart and in the table", async () => {
    await open("operations/availability");
    const web = screen.getByTestId("component-web");
    expect(web.querySelectorAll("svg[data-testid=availability] rect.unknown").length).toBeGreaterThan(0);
    const queue = within(screen.getByTestId("component-queue")).getByTestId("availability-table").querySelector("tbody tr");
    expect(queue?.textContent).toContain("not known");
    expect(queue?.textContent).not.toContain("100");
    expect(await violations()).toEqual([]);
  });
  it("begins with a sentence and a button", async () => {
    await begin("operations=empty");
    await open("operations/availability");
    expect(screen.getByText(/Nothing is known of any part yet/)).toBeTruthy();
  });
  it("says when it cannot be read", async () => {
    await begin("operations=broken");
    await open("operations/availability");
    expect(screen.getByTestId("failure")).toBeTruthy();
  });
});

describe("metrics, continuity and secrets", () => {
  it("show the latest of each metric", async () => {
    await open("operations/metrics");
    expect(screen.getByTestId("metrics").textContent).toContain("1,310");
    expect(screen.getByTestId("metrics").textContent).not.toContain("1,240");
    expect(await violations()).toEqual([]);
    const rows = [row("a", { metric: "m", labels: ["b=1", "a=1"], at: "2026-01-02T00:00:00Z" }), row("b", { metric: "m", labels: ["a=1", "b=1"], at: "2026-01-01T00:00:00Z" })];
    expect(latestOf(rows).map(({ row, count }) => [row.id, count])).toEqual([["a", 2]]);
  });
  it("name what one person alone holds, and what ran out", async () => {
    await open("operations/continuities");
    expect(screen.getByTestId("alone").textContent).toContain("1 thing is held by fewer than two");
    const first = screen.getByTestId("continuity").querySelector("tbody tr");
    expect(first?.textContent).toMatch(/harbor\.example.*alone.*run out/s);
    expect(await violations()).toEqual([]);
  });
  it("ask for the holders by name", async () => {
    await open("operations/continuities/new");
    await screen.findByTestId("field-holders");
    await click(`holders-${slug("person", "anna")}`);
    await type("field-name", "Bank");
    await click("save");
    await waitFor(() => expect(calledOf(host, "record_add").at(-1)?.["fields"]).toMatchObject({ name: "Bank", holders: [slug("person", "anna")] }));
    expect(location.hash).toContain(href(BOOK, "operations/continuities/"));
  });
  it("warn of secrets that hang on one person", async () => {
    await open("operations/secrets");
    expect((await screen.findByTestId("single-holders")).textContent).toContain("one person alone");
    expect(screen.getByTestId("secrets-due").textContent).toContain("Root password");
    expect(await violations()).toEqual([]);
  });
  it("never show a sealed value unasked", async () => {
    await open("operations/sealed-values");
    await screen.findByText("••••••••");
    expect(document.body.textContent).not.toContain("correct horse");
    document.body.innerHTML = "";
    await open(`operations/sealed-values/${slug("sealed-value", "1")}`);
    expect(document.body.textContent).not.toContain("correct horse");
    await click("reveal");
    expect(screen.getByTestId("sealed-text").textContent).toContain("correct horse");
    await fireEvent.blur(window);
    expect(screen.getByTestId("sealed-text").textContent).not.toContain("correct horse");
  });
  it("copies a sealed value without showing it, and says when it is gone again", async () => {
    await open(`operations/sealed-values/${slug("sealed-value", "1")}`);
    await click("copy-secret");
    await waitFor(() => expect(screen.getByTestId("copied").textContent).toContain("45 seconds"));
    expect(calledOf(host, "secret_copy")[0]).toMatchObject({ book: BOOK });
    expect(document.body.textContent).not.toContain("correct horse");
  });
});
