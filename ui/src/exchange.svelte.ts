// What the whole window knows about the exchange that goes on by itself. The host says when something
// changed; then it is read again. Nothing is asked by the clock.
import type { BackgroundState } from "./generated/BackgroundState";
import type { Failure } from "./generated/Failure";
import type { Member } from "./generated/Member";
import type { Progress } from "./generated/Progress";
import type { Remote } from "./generated/Remote";
import type { Status } from "./generated/Status";
import { Load } from "./elements/load.svelte";
import * as host from "./host";
import { store } from "./store.svelte";
import { Throttle } from "./throttle";

/** How a service stands, with the people to whom its devices belong. */
export type Known = { book: string; status: Status; members: Member[] };

const IDLE: BackgroundState = { paused: false, busy: [], retry: [] };
/** Least time between two looks at the places, while an exchange says much. */
const PLACES_MS = 400;
/** The same for the devices. In a large book the host takes seconds for it, so it rests ten times as long. */
const DEVICES_MS = 2500;
const REST = 10;

class Exchange {
  remotes = $state.raw<Remote[] | null>(null);
  background = $state.raw<BackgroundState>(IDLE);
  /** When the state was read: what is said in seconds counts from there. */
  readAt = $state(0);
  progress = $state.raw<Progress | null>(null);
  /** A person asked for an exchange, and it is under way. */
  asked = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** Counts up when an exchange ended, well or not. */
  ended = $state(0);
  readonly known = new Load<Known>();
  #book = "";
  #took = 0;
  #followers = 0;
  #unlisten: (() => void)[] = [];
  #places = new Throttle(() => this.read(), () => PLACES_MS);
  #devices = new Throttle(() => this.#look(), () => this.#rest());

  /** For as long as something on the screen shows it. Gives back how to stop. */
  follow = (): (() => void) => {
    this.#followers += 1;
    if (this.#followers === 1) this.#begin();
    return () => {
      this.#followers -= 1;
      if (this.#followers === 0) this.#end();
    };
  };

  #begin(): void {
    this.remotes = this.progress = this.failure = null;
    this.background = IDLE;
    this.known.value = this.known.failure = null;
    const listening = [
      host.onExchangeChanged(() => this.#places.call()),
      host.onJobProgress((progress) => {
        if (progress.job === "background") this.progress = progress;
      }),
    ];
    for (const one of listening) {
      void one.then(
        (stop) => (this.#followers > 0 ? this.#unlisten.push(stop) : stop()),
        () => undefined,
      );
    }
    this.#places.call();
  }
  #end(): void {
    for (const stop of this.#unlisten.splice(0)) stop();
    this.#places.stop();
    this.#devices.stop();
  }

  /** Reads the places and what goes on there now. In a profile that may be written this also begins the exchange. */
  async read(): Promise<void> {
    try {
      const behind = store.readOnly ? Promise.resolve(IDLE) : host.backgroundState().catch(() => IDLE);
      const [remotes, background] = await Promise.all([host.remoteList(), behind]);
      const before = marks(this.remotes ?? []);
      if (this.remotes !== null && before !== marks(remotes)) this.ended += 1;
      this.remotes = remotes;
      this.background = background;
      this.readAt = Date.now();
      if (background.busy.length === 0) this.progress = null;
      this.failure = null;
    } catch (thrown) {
      this.failure = host.asFailure(thrown);
    }
  }

  /** Looks soon who has what of a service. */
  look(book: string, after = 0): void {
    this.#book = book;
    this.#devices.call(after);
  }
  lookNow(book: string): Promise<void> {
    this.#book = book;
    return this.#devices.now();
  }
  of(book: string | null): Known | null {
    return this.known.value?.book === book ? this.known.value : null;
  }

  async #look(): Promise<void> {
    const book = this.#book;
    const begun = performance.now();
    await this.known.run(async () => {
      const members = host.team({ book }).then(
        (team) => team.members,
        () => [],
      );
      const [status, people] = await Promise.all([host.status({ book }), members]);
      return { book, status, members: people };
    });
    this.#took = performance.now() - begun;
  }
  #rest(): number {
    return this.of(this.#book) ? Math.max(DEVICES_MS, REST * this.#took) : 0;
  }
}

const marks = (remotes: Remote[]) => remotes.map((one) => `${one.address} ${one.tried} ${one.last}`).join("\n");

export const exchange = new Exchange();
