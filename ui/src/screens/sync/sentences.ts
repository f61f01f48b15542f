// What the numbers of an exchange come to, in sentences. No host, no state.
import type { BackgroundState } from "../../generated/BackgroundState";
import type { DeviceStatus } from "../../generated/DeviceStatus";
import type { Member } from "../../generated/Member";
import type { PlaceKind } from "../../generated/PlaceKind";
import type { Remote } from "../../generated/Remote";
import type { Seen } from "../../generated/Seen";
import type { Status } from "../../generated/Status";
import type { MessageKey } from "../../messages/en";
import { t, word } from "../../words";

/** A message and what fills it. */
export type Said = [MessageKey, Record<string, string | number>];

/** Every kind of place the screens know, also those a host may not offer yet. */
export type AnyKind = PlaceKind | "bucket" | "relay" | "peer";
export const KINDS: AnyKind[] = ["folder", "file", "bucket", "relay", "peer"];

export type Gone = { device: DeviceStatus; why: MessageKey };
/** The devices of a service: this one, others that belong, and those that hold no copy any more. */
export type Devices = { own: DeviceStatus[]; others: DeviceStatus[]; gone: Gone[] };

/** Short names may be equal: a device counts as gone only when every device of that name is. */
function whyGone(device: DeviceStatus, members: Member[]): MessageKey | null {
  const named = members.flatMap((one) => one.devices).filter((one) => one.short === device.short);
  if (named.length === 0) return null;
  if (named.every((one) => one.standing !== "active")) return "devices.removed";
  return named.every((one) => one.recovery || one.standing !== "active") ? "device.recovery" : null;
}

export function sortDevices(devices: DeviceStatus[], members: Member[]): Devices {
  const sorted: Devices = { own: [], others: [], gone: [] };
  for (const device of devices) {
    const why = whyGone(device, members);
    if (device.own) sorted.own.push(device);
    else if (why) sorted.gone.push({ device, why });
    else sorted.others.push(device);
  }
  // A sheet in a drawer has written nothing and is no device to look for.
  sorted.gone = sorted.gone.filter(({ device, why }) => why !== "device.recovery" || device.objects > 0);
  return sorted;
}

const hasAll = (seen: Seen | null): boolean => seen !== null && seen.missing === 0 && !seen.differs;

/**
 * Own changes that are on no other device, as far as is known. What was handed to a place that is not in the list
 * any more is not counted as sent, so what another device was heard to have is asked as well.
 */
export function unsent(status: Status, others: DeviceStatus[]): number {
  const missing = others.flatMap(({ seen }) => (seen && !seen.differs ? [seen.missing] : []));
  return Math.min(status.unsent, ...missing);
}

const troubled = (remotes: Remote[]) => remotes.filter((one) => one.error !== null && !one.paused).length;

export type Situation = { status: Status; members: Member[]; remotes: Remote[]; paused: boolean };
/** How it stands: all well, something open, or something to take care of. */
export type Verdict = { tone: "fine" | "open" | "care"; first: Said; more: Said[]; alone: boolean };

/** Is it safe? One sentence, and what has to be said with it. */
export function verdict({ status, members, remotes, paused }: Situation): Verdict {
  const { others } = sortDevices(status.devices, members);
  const have = others.filter(({ seen }) => hasAll(seen)).length;
  const open = unsent(status, others);
  const differs = others.filter(({ seen }) => seen?.differs).length;
  const trouble = troubled(remotes);
  const more: Said[] = [];
  const alone = others.length === 0;
  const copied = alone && open === 0 && remotes.some((one) => one.last !== null);
  if (copied) more.push(["safe.alone.invite", {}]);
  else if (alone) more.push([remotes.length === 0 ? "safe.alone.hint" : "safe.alone.invite", {}]);
  if (alone && !copied && open > 0 && remotes.length > 0) more.push(["safe.unsent", { n: open }]);
  if (!alone && remotes.length === 0 && (open > 0 || have < others.length)) more.push(["safe.add", {}]);
  if (differs > 0) more.push(["safe.differs", { n: differs }]);
  if (trouble > 0) more.push(["safe.trouble", { n: trouble }]);
  if (paused && remotes.length > 0) more.push(["safe.paused", {}]);
  const first = alone ? forAlone(copied) : forOthers(others, have, open);
  const fine = !alone && open === 0 && have > 0 && trouble === 0 && !paused;
  return { tone: differs > 0 ? "care" : fine ? "fine" : "open", first, more, alone };
}

const forAlone = (copied: boolean): Said => [copied ? "safe.alone.copy" : "safe.alone", {}];

function forOthers(others: DeviceStatus[], have: number, open: number): Said {
  if (open > 0) return ["safe.unsent", { n: open }];
  if (have === others.length) return ["safe.all", { n: have }];
  if (have > 0) return ["safe.some", { n: have, all: others.length }];
  return [others.some(({ seen }) => seen) ? "safe.none" : "safe.unheard", {}];
}

/** The same for the line at the bottom of the window, in a few words each. */
export function inShort({ status, members, remotes, paused }: Situation, busy: boolean): Said[] {
  const { others } = sortDevices(status.devices, members);
  const have = others.filter(({ seen }) => hasAll(seen)).length;
  const open = unsent(status, others);
  const trouble = troubled(remotes);
  const said: Said[] = [];
  if (others.length === 0) said.push(["status.alone", {}]);
  else if (have === others.length) said.push(["status.have.all", { n: have }]);
  else said.push(["status.have", { n: have, all: others.length }]);
  // A service that is on one device alone and goes nowhere has no use for a number here.
  if (others.length > 0 || remotes.length > 0) said.push(open > 0 ? ["status.unsent", { n: open }] : ["status.sent", {}]);
  if (trouble > 0) said.push(["status.trouble", { n: trouble }]);
  if (busy) said.push(["status.busy", {}]);
  else if (paused && remotes.length > 0) said.push(["status.paused", {}]);
  return said;
}

/** What another device has; `moment` writes a time for people. */
export function deviceHas(device: DeviceStatus, moment: (time: string) => string): Said {
  const { own, seen } = device;
  if (own) return ["device.here", {}];
  if (!seen) return ["device.unheard", {}];
  if (seen.missing === 0) return seen.differs ? ["device.other", {}] : ["device.all", {}];
  return seen.until === null
    ? ["device.missing", { n: seen.missing }]
    : ["device.until", { n: seen.missing, time: moment(seen.until) }];
}

/** "all": paused because all places are. */
export type PlaceState = "busy" | "paused" | "all" | "trouble" | "byhand" | "new" | "fine";

/** How it stands with a place. `syncing`: a person has just asked for an exchange there. */
export function placeState(remote: Remote, background: BackgroundState, syncing: boolean): PlaceState {
  if (syncing || background.busy.includes(remote.address)) return "busy";
  const byHand = remote.kind === "file";
  if (remote.paused) return "paused";
  if (background.paused && !byHand) return "all";
  if (remote.error !== null) return "trouble";
  if (byHand) return "byhand";
  return remote.last === null ? "new" : "fine";
}

/** Seconds until a place is tried again; nothing when that is not planned. */
export function retryIn(remote: Remote, background: BackgroundState, sinceRead: number): number | null {
  if (remote.paused || background.paused) return null;
  const planned = background.retry.find((one) => one.address === remote.address);
  return planned ? Math.max(0, planned.seconds - Math.floor(sinceRead / 1000)) : null;
}

const BEGINS: Record<AnyKind, RegExp> = {
  folder: /./, file: /\.commonhold$/, bucket: /^(s3|webdav\+https?):\/\/./, relay: /^https?:\/\/./, peer: /^peer:./,
};
const CREDENTIALS = /^[a-z0-9+.-]+:\/\/[^/?#]*@/i;

/** What is wrong with an address somebody typed, as far as that can be seen without trying. */
export function addressProblem(kind: AnyKind, address: string): string | null {
  const text = address.trim();
  if (text === "") return word("remote.missing", kind);
  if ((kind === "bucket" || kind === "relay") && CREDENTIALS.test(text)) return t("remote.password");
  return BEGINS[kind].test(text) ? null : word("remote.begin", kind);
}
