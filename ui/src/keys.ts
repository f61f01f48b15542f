// Keys that work everywhere. A key typed into a field stays in the field.
import { store } from "./store.svelte";
import { lastChange, undoLast } from "./undo.svelte";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    store.paletteOpen = !store.paletteOpen;
    return;
  }
  if (event.altKey || typing(event.target) || openDialog()) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey && lastChange.step) {
    event.preventDefault();
    void undoLast();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("search")?.focus();
  } else if (event.key === "?") {
    event.preventDefault();
    store.helpOpen = true;
  }
}

function openDialog(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
