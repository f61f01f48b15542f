import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DeviceStatus } from "../src/generated/DeviceStatus";
import type { Member } from "../src/generated/Member";
import type { Remote } from "../src/generated/Remote";
import type { Seen } from "../src/generated/Seen";
import {
  addressProblem, deviceHas, inShort, placeState, retryIn, sortDevices, unsent, verdict, type Situation,
} from "../src/screens/sync/sentences";
import { Throttle } from "../src/throttle";
import { formatAgo, formatMoment, formatRelative } from "../src/words";

const has = (missing: number, more: Partial<Seen> = {}): Seen => ({
  heard: "2026-06-30T14:02:00Z", missing, until: missing ? "2026-06-30T10:00:00Z" : null, differs: false, ...more,
});
const device = (short: string, seen: Seen | null, more: Partial<DeviceStatus> = {}): DeviceStatus => ({
  short, own: false, objects: 4, last: null, person: "Ben", label: "phone",
  active: true, recovery: false, seen, ...more,
});
const OWN = device("me", null, { own: true });
const remote = (more: Partial<Remote> = {}): Remote => ({
  address: "/stick", kind: "folder", paused: false, last: "2026-06-30T14:02:00Z", tried: null, error: null, last_report: null, secret: null, ...more,
});
const member = (devices: { short: string; standing?: string; recovery?: boolean }[]) =>
  ({ devices: devices.map((one) => ({ standing: "active", recovery: false, ...one })) }) as unknown as Member;
function situation(others: DeviceStatus[], more: Partial<Situation> & { unsent?: number } = {}): Situation {
  const status = {
    fingerprint: "f", objects: 9, own_objects: 5, unsent: more.unsent ?? 0, documents: 1, devices: [OWN, ...others], rejected: [],
  };
  return { status, members: [], remotes: [remote()], paused: false, ...more };
}
const keys = ({ first, more }: ReturnType<typeof verdict>) => [first[0], ...more.map(([key]) => key)];

describe("is it safe?", () => {
  it("when every other device has everything", () => {
    const found = verdict(situation([device("a", has(0)), device("b", has(0))]));
    expect(found).toMatchObject({ tone: "fine", first: ["safe.all", { n: 2 }], more: [], alone: false });
  });
  it("when some have", () => {
    const found = verdict(situation([device("a", has(0)), device("b", has(5)), device("c", null)]));
    expect(found).toMatchObject({ tone: "fine", first: ["safe.some", { n: 1, all: 3 }], more: [] });
  });
  it("when none is known to have, or was heard of", () => {
    expect(verdict(situation([device("a", has(5)), device("b", null)]))).toMatchObject({ tone: "open", first: ["safe.none", {}] });
    expect(verdict(situation([device("a", null)]))).toMatchObject({ tone: "open", first: ["safe.unheard", {}] });
  });
  it("when something has left to nowhere", () => {
    const others = [device("a", has(3)), device("b", has(9))];
    expect(verdict(situation(others, { unsent: 3 }))).toMatchObject({ tone: "open", first: ["safe.unsent", { n: 3 }], more: [] });
    expect(keys(verdict(situation(others, { unsent: 3, remotes: [] })))).toEqual(["safe.unsent", "safe.add"]);
  });
  it("does not call unsent what another device was heard to have", () => {
    expect(unsent(situation([], { unsent: 5 }).status, [device("a", has(0)), device("b", null)])).toBe(0);
    expect(unsent(situation([], { unsent: 5 }).status, [device("a", has(2)), device("b", has(1, { differs: true }))])).toBe(2);
    const forgotten = situation([device("a", has(0))], { unsent: 5, remotes: [] });
    expect(verdict(forgotten)).toMatchObject({ tone: "fine", first: ["safe.all", { n: 1 }], more: [] });
  });
  it("alone: without a place, with one, and handed over", () => {
    expect(keys(verdict(situation([], { unsent: 5, remotes: [] })))).toEqual(["safe.alone", "safe.alone.hint"]);
    const waits = situation([], { unsent: 5, remotes: [remote({ last: null, error: "No." })] });
    expect(keys(verdict(waits))).toEqual(["safe.alone", "safe.alone.invite", "safe.unsent", "safe.trouble"]);
    expect(verdict(situation([]))).toMatchObject({ tone: "open", first: ["safe.alone.copy", {}], alone: true });
  });
  it("never fine with trouble, a pause or a device that was told something different", () => {
    const others = [device("a", has(0))];
    expect(verdict(situation(others, { remotes: [remote({ error: "No." })] }))).toMatchObject({ tone: "open" });
    expect(verdict(situation(others, { remotes: [remote({ error: "No.", paused: true })] })).more).toEqual([]);
    expect(verdict(situation(others, { paused: true }))).toMatchObject({ tone: "open", more: [["safe.paused", {}]] });
    const differs = verdict(situation([device("a", has(0, { differs: true })), device("b", has(0))]));
    expect(differs).toMatchObject({ tone: "care", first: ["safe.some", { n: 1, all: 2 }], more: [["safe.differs", { n: 1 }]] });
  });
  it("counts neither removed devices nor recovery sheets", () => {
    const members = [member([{ short: "gone", standing: "removed" }, { short: "sheet", recovery: true }, { short: "a" }])];
    const others = [device("a", has(0)), device("gone", has(9)), device("sheet", null, { objects: 0 })];
    expect(verdict(situation(others, { members }))).toMatchObject({ tone: "fine", first: ["safe.all", { n: 1 }] });
    const sorted = sortDevices([OWN, ...others, device("used", null)], members);
    expect(sorted.own).toEqual([OWN]);
    expect(sorted.others.map((one) => one.short)).toEqual(["a", "used"]);
    expect(sorted.gone.map(({ device: { short }, why }) => [short, why])).toEqual([["gone", "devices.removed"]]);
  });
  it("keeps a device whose short name a removed one has, too", () => {
    const members = [member([{ short: "a", standing: "removed" }, { short: "a" }])];
    expect(sortDevices([device("a", has(0))], members).others).toHaveLength(1);
  });
});

describe("the line at the bottom", () => {
  const said = (one: Situation, busy = false) => inShort(one, busy).map(([key]) => key);
  it("says who has it and what is unsent", () => {
    expect(inShort(situation([device("a", has(0)), device("b", has(1))]), false)).toEqual([
      ["status.have", { n: 1, all: 2 }], ["status.sent", {}],
    ]);
    expect(said(situation([device("a", has(0))]))).toEqual(["status.have.all", "status.sent"]);
    expect(said(situation([device("a", has(4))], { unsent: 2 }))).toEqual(["status.have", "status.unsent"]);
    expect(said(situation([], { unsent: 2, remotes: [] }))).toEqual(["status.alone"]);
  });
  it("says what goes on and what does not", () => {
    const others = [device("a", has(0))];
    expect(said(situation(others, { paused: true }), true)).toContain("status.busy");
    expect(said(situation(others, { paused: true }))).toContain("status.paused");
    expect(said(situation(others, { remotes: [remote({ error: "No." })] }))).toContain("status.trouble");
  });
});

describe("a device and a place", () => {
  it("in words", () => {
    const words = (one: DeviceStatus) => deviceHas(one, (time) => time);
    expect(words(OWN)).toEqual(["device.here", {}]);
    expect(words(device("a", null))).toEqual(["device.unheard", {}]);
    expect(words(device("a", has(0)))).toEqual(["device.all", {}]);
    expect(words(device("a", has(0, { differs: true })))).toEqual(["device.other", {}]);
    expect(words(device("a", has(5)))).toEqual(["device.until", { n: 5, time: "2026-06-30T10:00:00Z" }]);
    expect(words(device("a", has(5, { until: null })))).toEqual(["device.missing", { n: 5 }]);
  });
  it("as it stands", () => {
    const state = { paused: false, busy: ["/busy"], retry: [{ address: "/stick", seconds: 40 }] };
    expect(placeState(remote(), state, false)).toBe("fine");
    expect(placeState(remote(), state, true)).toBe("busy");
    expect(placeState(remote({ address: "/busy", error: "No." }), state, false)).toBe("busy");
    expect(placeState(remote({ last: null }), state, false)).toBe("new");
    expect(placeState(remote({ paused: true, error: "No." }), state, false)).toBe("paused");
    expect(placeState(remote(), { ...state, paused: true }, false)).toBe("all");
    expect(placeState(remote({ paused: true }), { ...state, paused: true }, false)).toBe("paused");
    expect(placeState(remote({ kind: "file" }), { ...state, paused: true }, false)).toBe("byhand");
    expect(placeState(remote({ error: "No." }), state, false)).toBe("trouble");
    expect(retryIn(remote({ error: "No." }), state, 12_300)).toBe(28);
    expect(retryIn(remote({ error: "No." }), state, 90_000)).toBe(0);
    expect(retryIn(remote({ error: "No." }), { ...state, paused: true }, 0)).toBeNull();
    expect(retryIn(remote({ address: "/other" }), state, 0)).toBeNull();
  });
  it.each([
    ["folder", "/media/stick", true], ["folder", "  ", false], ["file", "/tmp/harbor", false], ["file", "/tmp/harbor.commonhold", true],
    ["bucket", "s3://harbor/team?region=eu", true], ["bucket", "s3://ann:word@harbor/team", false], ["bucket", "/media", false],
    ["bucket", "webdav+https://cloud.example.org/a@b", true], ["relay", "https://relay.example.org", true],
    ["relay", "https://ann:word@relay.example.org", false], ["relay", "relay.example.org", false],
    ["peer", "peer:k3x9@192.168.1.4:4018", true], ["peer", "192.168.1.4", false],
  ] as const)("%s at “%s” may be right: %s", (kind, address, right) => {
    expect(addressProblem(kind, address) === null).toBe(right);
  });
});

describe("times", () => {
  const now = Date.parse("2026-06-30T14:00:00Z");
  it("are told from now", () => {
    expect(formatRelative(40)).toBe("in 40 seconds");
    expect(formatRelative(540)).toBe("in 9 minutes");
    expect(formatAgo("2026-06-30T13:59:50Z", now)).toBe("just now");
    expect(formatAgo("2026-06-30T14:00:09Z", now)).toBe("just now");
    expect(formatRelative(0)).toBe("now");
    expect(formatAgo("2026-06-30T13:58:30Z", now)).toBe("1 minute ago");
    expect(formatAgo("2026-06-30T11:30:00Z", now)).toBe("2 hours ago");
    expect(formatAgo("2026-06-27T11:30:00Z", now)).toBe("3 days ago");
    expect(formatAgo("soon", now)).toBe("soon");
  });
  it("are a weekday within the last days, a date before", () => {
    expect(formatMoment("2026-06-29T12:00:00Z", now)).toMatch(/Mon/);
    expect(formatMoment("2026-05-29T12:00:00Z", now)).toMatch(/2026/);
    expect(formatMoment("2026-07-29T12:00:00Z", now)).toMatch(/2026/);
  });
});

describe("reading again", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  it("comes at once, then not more often than every so often, and never gets lost", async () => {
    const act = vi.fn(() => Promise.resolve());
    const throttle = new Throttle(act, () => 400);
    for (let n = 0; n < 5; n += 1) throttle.call();
    await vi.advanceTimersByTimeAsync(1);
    expect(act).toHaveBeenCalledTimes(1);
    for (let n = 0; n < 5; n += 1) throttle.call();
    await vi.advanceTimersByTimeAsync(390);
    expect(act).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(act).toHaveBeenCalledTimes(2);
    throttle.call();
    throttle.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(act).toHaveBeenCalledTimes(2);
  });
  it("comes once more for a call while it was under way", async () => {
    let free = () => {};
    const act = vi.fn(() => new Promise<void>((done) => (free = done)));
    const throttle = new Throttle(act, () => 400);
    void throttle.now();
    throttle.call();
    throttle.call();
    free();
    await vi.advanceTimersByTimeAsync(401);
    expect(act).toHaveBeenCalledTimes(2);
  });
});
