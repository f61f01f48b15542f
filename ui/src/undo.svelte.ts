// Undo of this window's own last change. The record keeps both steps; only what counts goes back.
import { Action } from "./elements/load.svelte";
import type { Kind } from "./generated/Kind";
import * as host from "./host";
import { saved, say } from "./store.svelte";
import { t } from "./words";

type Target = { book: string; kind: Kind; id: string };

class LastChange {
  /** How to take the last change back; nothing when there is none or it cannot be. */
  step = $state.raw<{ book: string; act: () => Promise<void> } | null>(null);
  taking = new Action();
}
export const lastChange = new LastChange();

/** Call after a successful write: says what happened, and offers the way back if there is one. */
export function changed(book: string, sentence: string, act: (() => Promise<void>) | null = null): void {
  saved();
  say(sentence);
  lastChange.taking.failure = null;
  lastChange.step = act && { book, act };
}

/** The way back from a record that was added. */
export function byWithdrawing({ book, kind, id }: Target): () => Promise<void> {
  return async () => void (await host.recordWithdraw({ book, kind, id, reason: t("undo.reason") }));
}

/** The way back from changed fields: the old values are written again. */
export function byWritingBack({ book, kind, id }: Target, before: host.Fields, names: string[]): () => Promise<void> {
  const fields = Object.fromEntries(names.map((name) => [name, before[name] ?? null]));
  return async () => void (await host.recordEdit({ book, kind, id, fields, base: null }));
}

export async function undoLast(): Promise<void> {
  const step = lastChange.step;
  if (!step) return;
  const held = document.activeElement;
  if (await lastChange.taking.run(step.act)) {
    changed(step.book, t("undo.done"));
    // The button is gone with what it could do: the keyboard goes on in the content.
    if (held instanceof HTMLButtonElement) document.getElementById("content")?.focus({ preventScroll: true });
  } else if (lastChange.taking.failure) say(lastChange.taking.failure.message);
}
