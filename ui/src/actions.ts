// Every action and place that can be reached by name from the command palette.
import { serviceSample } from "./host";
import { chooseLanguage, language } from "./locale";
import type { MessageKey } from "./messages/en";
import { places } from "./places";
import type { SearchRow } from "./generated/SearchRow";
import { kindByPath, kindNamed, kinds } from "./records";
import { go, href } from "./router";
import { loadApp, say, setTheme, store } from "./store.svelte";
import { lastChange, undoLast } from "./undo.svelte";
import { formatDetail, t, word } from "./words";

/** Each language by its own name, for whoever cannot read the present one. */
const LANGUAGES = { en: "English", de: "Deutsch" };

export type PaletteAction = { id: string; label: string; where: string; run: () => void };

export function actions(): PaletteAction[] {
  return [...placeActions(), ...addActions(), ...serviceActions(), ...windowActions()];
}

function placeActions(): PaletteAction[] {
  const service = store.service;
  if (!service) return [];
  const run = (path: string) => () => go(href(service.book, path));
  const inside = places.flatMap((place) => place.lists ?? []).map((path) => {
    const kind = kindByPath(path);
    return {
      id: `list-${path.split("/")[1]}`, label: kind ? word("kinds", kind.kind) : t("place.balances"), where: service.name,
      run: run(path),
    };
  });
  const lists: { id: string; path: string; label: MessageKey }[] = [
    { id: "held", path: "sync/held", label: "held.title" },
    { id: "rejected", path: "sync/rejected", label: "sync.rejected" },
  ];
  const named = [...places, ...lists].map((place) => ({
    id: `place-${place.id}`, label: t(place.label), where: service.name, run: run(place.path),
  }));
  return [...named, ...inside];
}

function addActions(): PaletteAction[] {
  const service = store.service;
  if (!service || store.readOnly) return [];
  const begun: { id: string; label: MessageKey; path: string }[] = [
    { id: "prepare", label: "pay.prepare", path: "finance/to-pay" }, { id: "file", label: "pay.file", path: "finance/to-pay" },
    { id: "compare", label: "books.compare", path: "finance/books" }, { id: "close", label: "books.close", path: "finance/books" },
  ];
  const adding = kinds.filter((kind) => kind.addable);
  return [
    ...adding.map((kind) => ({
      id: `new-${kind.kind}`, label: word("new", kind.kind), where: service.name,
      run: () => go(href(service.book, `${kind.path}/new`)),
    })),
    {
      id: "import", label: t("imports.new"), where: service.name,
      run: () => go(href(service.book, "finance/imports/new")),
    },
    ...begun.map(({ id, label, path }) => ({
      id: `do-${id}`, label: t(label), where: service.name, run: () => go(href(service.book, path, { do: id })),
    })),
    ...(lastChange.step ? [{ id: "undo", label: t("undo.last"), where: "Ctrl Z", run: () => void undoLast() }] : []),
    { id: "invite", label: t("invite"), where: service.name, run: () => go(href(service.book, "people", { invite: "person" })) },
    { id: "recovery", label: t("recovery.title"), where: service.name, run: () => go(href(service.book, "people/recovery")) },
    { id: "export", label: t("archive.export"), where: service.name, run: () => go(href(service.book, "sync/archive")) },
  ];
}

function serviceActions(): PaletteAction[] {
  const open = (store.app?.services ?? []).map((service) => ({
    id: `service-${service.book.slice(0, 8)}`, label: service.name, where: t("services"),
    run: () => go(href(service.book, "overview")),
  }));
  const begin = (id: string, label: string, path: string) => ({
    id, label, where: "Commonhold", run: () => go(href(null, path)),
  });
  return [
    ...open,
    begin("create", t("first.create"), "new/create"),
    begin("archive", t("first.archive"), "new/archive"),
    begin("join", t("first.join"), "new/join"),
    begin("recover", t("first.recover"), "new/recover"),
    { id: "sample", label: t("first.sample"), where: "Commonhold", run: () => void openSample() },
  ];
}

export async function openSample(): Promise<void> {
  try {
    const { book } = await serviceSample();
    await loadApp();
    go(href(book, "overview"));
  } catch (thrown) {
    say((thrown as { message: string }).message);
  }
}

function windowActions(): PaletteAction[] {
  const where = t("theme");
  return [
    { id: "light", label: t("theme.light"), where, run: () => setTheme("light") },
    { id: "dark", label: t("theme.dark"), where, run: () => setTheme("dark") },
    { id: "system", label: t("theme.system"), where, run: () => setTheme("system") },
    ...(["en", "de"] as const).filter((one) => one !== language).map((one) => ({
      id: `language-${one}`, label: LANGUAGES[one], where: t("language"), run: () => chooseLanguage(one),
    })),
    { id: "help", label: t("help.title"), where: "?", run: () => (store.helpOpen = true) },
  ];
}

/** A record that was found, as something to open. */
export function recordAction(book: string, row: SearchRow): PaletteAction {
  const path = `${kindNamed(row.kind)?.path ?? ""}/${row.id}`;
  const where = [word("kind", row.kind), formatDetail(row.detail)].filter(Boolean).join(" · ");
  return { id: `record-${row.id}`, label: row.title, where, run: () => go(href(book, path)) };
}

/** Actions whose name holds every word, those that begin with the text first. */
export function matching(all: PaletteAction[], text: string): PaletteAction[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const name = (action: PaletteAction) => action.label.toLocaleLowerCase();
  const kept = all.filter((action) => words.every((one) => name(action).includes(one)));
  const first = words[0] ?? "";
  return kept.sort((a, b) => Number(name(b).startsWith(first)) - Number(name(a).startsWith(first)));
}
