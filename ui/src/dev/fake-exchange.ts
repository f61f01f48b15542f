// The exchange of the fake host: devices and places in one of several situations. Development and tests only.
import type { BackgroundState } from "../generated/BackgroundState";
import type { DeviceStatus } from "../generated/DeviceStatus";
import type { LiveChoice } from "../generated/LiveChoice";
import type { LiveState } from "../generated/LiveState";
import type { Remote } from "../generated/Remote";
import type { Seen } from "../generated/Seen";
import type { Status } from "../generated/Status";
import { syncReport } from "./fake-reports";

type Args = Record<string, any>;
/** What "?sync=…" may say; without it, two of three other devices have everything. */
export const SITUATIONS = ["alone", "fine", "trouble", "exchanging", "paused", "many", "differs", "unsent"] as const;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const seen = (heard: number, missing = 0, until = 0, differs = false): Seen => ({
  heard: ago(heard), missing, until: missing > 0 ? ago(until) : null, differs,
});
const device = (short: string, person: string | null, label: string, objects: number, what: Seen | null): DeviceStatus => ({
  short, own: false, objects, last: ago(26 * HOUR), person, label: label || null, active: true, recovery: false,
  seen: what,
});
const own = (): DeviceStatus => ({ ...device("3f2a 91c0", "Anna Berg", "laptop", 101, null), own: true, last: ago(2 * HOUR) });
const sheet = device("3f2b 0a77", "Anna Berg", "", 0, null);
const dora = device("d0ra 4410", "Dora", "dora-desktop", 14, seen(90 * 24 * HOUR, 80, 91 * 24 * HOUR));

function place(address: string, kind: string, last: number | null, more: Partial<Remote> = {}): Remote {
  const time = last === null ? null : ago(last);
  return { address, kind: kind as Remote["kind"], paused: false, last: time, tried: time, error: null, last_report: null, secret: null, ...more };
}
const FOLDER = "/media/stick/harbor";
const RELAY = "https://relay.harbor.example";
const BUCKET = "s3://harbor-records/team?endpoint=https://s3.eu-central-1.example.net&region=eu-central-1";
const UNREACHABLE = "relay.harbor.example does not answer. Is there a network?";
const REFUSED = "The storage space harbor-records refuses the access key.";

function others(situation: string | null): DeviceStatus[] {
  const ben = (what: Seen | null) => device("77b1 0d4e", "Ben", "ben-phone", 31, what);
  const chris = (what: Seen | null) => device("c4c4 1200", "Chris", "chris-box", 2, what);
  const emil = (what: Seen | null) => device("e311 5566", "Emil", "emil-air", 0, what);
  if (situation === "alone") return [];
  if (situation === "fine") return [ben(seen(3 * MINUTE)), chris(seen(2 * HOUR)), emil(seen(26 * HOUR))];
  if (situation === "unsent" || situation === "trouble") return [ben(seen(3 * HOUR, 3, 2 * HOUR)), chris(seen(5 * HOUR, 7, 4 * HOUR)), emil(null)];
  if (situation === "differs") return [ben(seen(3 * MINUTE, 4, 50 * HOUR, true)), chris(seen(2 * HOUR)), emil(null)];
  const few = [ben(seen(3 * MINUTE)), chris(seen(50 * HOUR, 5, 51 * HOUR)), emil(seen(2 * HOUR))];
  if (situation !== "many") return few;
  const names = ["Fatma", "Gus", "Hana", "Ines", "Jonas Wiesenthal-Oberhuber", "Karim", "Lea", ""];
  const more = names.map((name, n) =>
    device(`a${n}b${n} 00${n}7`, name || null, n % 3 === 2 ? "" : `${name.split(" ")[0]?.toLowerCase() || "old"}-laptop`, n * 7,
      n % 4 === 3 ? null : seen((n + 1) * 9 * HOUR, n % 2 ? n * 3 : 0, (n + 2) * 9 * HOUR)));
  return [...few, ...more];
}

function places(situation: string | null): Remote[] {
  const folder = place(FOLDER, "folder", 4 * MINUTE);
  const relay = place(RELAY, "relay", MINUTE / 2, { secret: "file" });
  const bucket = place(BUCKET, "bucket", 8 * MINUTE, { secret: "keychain" });
  const failed = (error: string): Partial<Remote> => ({ error, tried: ago(MINUTE) });
  if (situation === "alone") return [];
  if (situation === "fine" || situation === "exchanging") return [folder, relay];
  if (situation === "trouble") {
    return [folder, { ...relay, last: ago(5 * HOUR), ...failed(UNREACHABLE) }, { ...bucket, last: null, ...failed(REFUSED) }];
  }
  if (situation === "paused") return [{ ...folder, paused: true }, relay];
  if (situation !== "many") return [folder];
  const peer = place(`peer:${"k3x9".repeat(13)}@192.168.178.34:40187,[fd00::1af3]:40187`, "peer", null);
  return [folder, relay, bucket, { ...peer, ...failed("Ben’s device is not on.") }, place("~/harbor.commonhold", "file", 70 * HOUR),
    place("webdav+https://cloud.example.org/remote.php/dav/files/anna/harbor", "bucket", 20 * MINUTE, { paused: true })];
}

const ADDRESS = `peer:${"3f2a91c0".repeat(8)}@192.168.178.20:40187,[fd00::20]:40187`;
const QR = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><path d='M1 1h3v3h-3zM5 5h2v2h-2z'/></svg>";
/** A relay whose name begins so does not work, so that its failure can be seen. */
const BROKEN = "https://broken";

function live(choice: LiveChoice): LiveState {
  const error = choice.on && choice.relays.some((one) => one.startsWith(BROKEN)) ? "The port 40187 is used by another program." : null;
  const there = choice.on && error === null;
  const ben = { person: "Ben", label: "ben-phone", short: "77b1 0d4e" };
  return { choice, address: there ? ADDRESS : null, qr_svg: there ? QR : "", connected: there ? [ben] : [], error };
}

export class FakeExchange {
  live: LiveState = live({ on: false, port: 0, discovery: true, relays: [] });
  devices: DeviceStatus[];
  remotes: Remote[];
  state: BackgroundState = { paused: false, busy: [], retry: [] };
  unsent: number;

  constructor(
    situation: string | null,
    private emit: (event: string, payload: unknown) => void,
    private fail: (code: string, message: string) => unknown,
    private job: <T>(job: string, result: T) => Promise<T>,
  ) {
    this.devices = situation === "alone" ? [own()] : [own(), ...others(situation), sheet, dora];
    this.remotes = places(situation);
    this.unsent = situation === "alone" ? 101 : situation === "trouble" || situation === "unsent" ? 3 : 0;
    this.state.paused = situation === "paused";
    if (situation === "trouble") this.state.retry = [{ address: RELAY, seconds: 40 }, { address: BUCKET, seconds: 540 }];
    if (situation === "exchanging") this.#go(RELAY);
  }

  changed() {
    this.emit("exchange-changed", null);
  }
  /** An exchange that goes on by itself, and for long. */
  #go(address: string) {
    this.state.busy = [address];
    let done = 240;
    const step = () => {
      done = (done + 10) % 1000;
      this.emit("job-progress", { job: "background", done, total: 1000, note: "Taking in changes" });
    };
    if (typeof window !== "undefined") window.setInterval(step, 400);
  }
  #find(address: string): Remote {
    const remote = this.remotes.find((one) => one.address === address);
    if (!remote) throw this.fail("not-found", `${address} is none of the places used so far.`);
    return remote;
  }
  #add(address: string): Remote {
    const known = this.remotes.find((one) => one.address === address);
    if (known) return known;
    const kinds: [RegExp, string][] = [[/^(s3|webdav)/, "bucket"], [/^https?:/, "relay"], [/^peer:/, "peer"], [/\.commonhold$/, "file"]];
    const added = place(address, kinds.find(([begin]) => begin.test(address))?.[1] ?? "folder", null);
    this.remotes = [...this.remotes, added];
    this.changed();
    return added;
  }
  async #sync(address: string, job: string) {
    if (address.includes("nowhere")) throw this.fail("unreachable", `${address} cannot be reached.`);
    const report = await this.job(job, syncReport(address));
    const now = ago(0);
    this.#add(address);
    this.remotes = this.remotes.map((one) =>
      one.address === address ? { ...one, last: now, tried: now, error: null, last_report: report } : one);
    this.state.retry = this.state.retry.filter((one) => one.address !== address);
    this.unsent = 0;
    this.changed();
    return report;
  }

  commands: Record<string, (args: Args) => unknown> = {
    status: (): Status => ({
      fingerprint: "9c41 77e0 12ab 6f03 d5c8 4410", objects: 148, own_objects: 101, unsent: this.unsent, documents: 12,
      devices: this.devices,
      rejected: [{
        object: "e1".repeat(32), device: "9a9a 0001", person: null, document: "ledger/2026",
        reason: "Its device was not a member when this was written.",
      }],
    }),
    sync_place: ({ place: address, job }) => this.#sync(address, job),
    remote_list: () => this.remotes,
    remote_add: ({ address }) => this.#add(address),
    remote_remove: ({ address }) => {
      this.#find(address);
      this.remotes = this.remotes.filter((one) => one.address !== address);
      this.changed();
      return null;
    },
    remote_pause: ({ address, paused }) => {
      this.#find(address);
      this.remotes = this.remotes.map((one) => (one.address === address ? { ...one, paused } : one));
      this.changed();
      return null;
    },
    background_state: () => this.state,
    live_state: (): LiveState => this.live,
    live_choose: ({ on, discovery, relays }) => {
      this.live = live({ on, port: 40187, discovery, relays });
      this.changed();
      return null;
    },
    background_pause: ({ paused }) => {
      this.state = { ...this.state, paused };
      this.changed();
      return null;
    },
    background_call: () => {
      this.changed();
      return null;
    },
  };
}
