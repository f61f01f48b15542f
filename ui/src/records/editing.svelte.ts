// Text that saves itself as it is written and takes over what others write meanwhile: no letter of anybody is lost.
import { onDestroy } from "svelte";
import type { Failure } from "../generated/Failure";
import type { Kind } from "../generated/Kind";
import * as host from "../host";
import { store } from "../store.svelte";
import { changed } from "../undo.svelte";
import { formatClock, t } from "../words";

const IDLE_MS = 800;
type Texts = Record<string, string>;
type Target = () => { book: string; kind: Kind; id: string; fields: host.Fields; locked: boolean };

export class Editing {
  now = $state<Texts>({});
  saving = $state(false);
  savedAt = $state<Date | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What the host had when this editing began. */
  #base: Texts;
  #running: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `names` are the fields; of `long` ones the host puts both versions together. `taken` hears of text that came in. */
  constructor(private target: Target, private names: readonly string[], private long: string, private taken: (before: string, after: string) => void) {
    this.#base = this.#textsOf(target().fields);
    this.now = { ...this.#base };
    onDestroy(() => void this.save());
  }
  #textsOf(fields: host.Fields): Texts {
    return Object.fromEntries(this.names.map((name) => [name, String(fields[name] ?? "")]));
  }
  get dirty(): boolean {
    return this.names.some((name) => this.now[name] !== this.#base[name]);
  }
  get line(): string {
    if (this.saving) return t("page.saving");
    return this.savedAt ? t("status.saved.at", { time: formatClock(this.savedAt) }) : t("page.auto");
  }

  /** Something newer is in the host: take it over, unless a person is in the middle of a change. */
  hear(fields: host.Fields): void {
    if (!this.dirty && !this.saving) this.#take(this.#textsOf(fields));
  }
  #take(theirs: Texts) {
    const before = this.now[this.long] ?? "";
    this.#base = theirs;
    this.now = { ...theirs };
    const after = theirs[this.long] ?? "";
    if (before !== after) this.taken(before, after);
  }

  /** Saves what is there to save; while a save is under way it is that one that is waited for. */
  save = (): Promise<void> => {
    clearTimeout(this.#timer);
    if (this.saving) return this.#running;
    this.#running = this.#write();
    return this.#running;
  };
  async #write(): Promise<void> {
    const { book, kind, id, locked } = this.target();
    if (!this.dirty || locked) return;
    this.saving = true;
    this.failure = null;
    const sent = $state.snapshot(this.now);
    const names = this.names.filter((name) => sent[name] !== this.#base[name]);
    const fields = Object.fromEntries(names.map((name) => [name, sent[name]]));
    const base = names.includes(this.long) ? { [this.long]: this.#base[this.long] ?? "" } : null;
    try {
      await host.recordEdit({ book, kind, id, fields, base });
      const merged = this.#textsOf((await host.recordGet({ book, kind, id })).fields);
      // Typed on while saving: that continues from what was sent; the next save merges it.
      if (this.names.every((name) => this.now[name] === sent[name])) this.#take(merged);
      else this.#base = sent;
      changed(book, "");
      this.savedAt = new Date();
    } catch (thrown) {
      this.failure = host.asFailure(thrown);
    } finally {
      this.saving = false;
      if (this.dirty && this.failure === null) this.later();
    }
  }
  later = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), IDLE_MS);
  };
  onkeydown = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    void this.save();
  };
}

/** Whether nothing may be written into it now. */
export const lockedFor = (state: string): boolean => store.readOnly || state === "withdrawn";
