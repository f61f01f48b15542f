// What needs the person at this device, for the place of that name and for the mark beside it.
import { Load } from "./elements/load.svelte";
import type { NeedsYou } from "./generated/NeedsYou";
import * as host from "./host";
import { store } from "./store.svelte";
import { Throttle } from "./throttle";

/** Least time between two looks, while many changes arrive. */
const LOOK_MS = 2000;

class Needs {
  known = new Load<NeedsYou>();
  #book = $state("");
  #looks = new Throttle(() => this.now(), () => LOOK_MS);

  /** How much waits; null while nobody knows. */
  get count(): number | null {
    return this.#book === store.book ? (this.known.value?.items.length ?? null) : null;
  }
  /** Soon, and not with every change. */
  look(book: string): void {
    if (book === "") return;
    if (book !== this.#book) this.known.value = null;
    this.#looks.call();
  }
  now = async (): Promise<void> => {
    const book = store.book;
    this.#book = book;
    if (book !== "") await this.known.run(() => host.needsYou({ book }));
  };
}

export const needs = new Needs();
