// Every action and place that can be reached by name from the command palette.
import { serviceSample } from "./host";
import { places } from "./places";
import { kinds } from "./records";
import { go, href } from "./router";
import { loadApp, say, setTheme, store } from "./store.svelte";
import { t, word } from "./words";

export type PaletteAction = { id: string; label: string; where: string; run: () => void };

export function actions(): PaletteAction[] {
  return [...placeActions(), ...addActions(), ...serviceActions(), ...windowActions()];
}

function placeActions(): PaletteAction[] {
  const service = store.service;
  if (!service) return [];
  const run = (path: string) => () => go(href(service.book, path));
  return places.map((place) => ({
    id: `place-${place.id}`, label: t(place.label), where: service.name, run: run(place.path),
  }));
}

function addActions(): PaletteAction[] {
  const service = store.service;
  if (!service || store.readOnly) return [];
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
    { id: "help", label: t("help.title"), where: "?", run: () => (store.helpOpen = true) },
  ];
}

/** Actions whose name holds every word, those that begin with the text first. */
export function matching(all: PaletteAction[], text: string): PaletteAction[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const name = (action: PaletteAction) => action.label.toLocaleLowerCase();
  const kept = all.filter((action) => words.every((one) => name(action).includes(one)));
  const first = words[0] ?? "";
  return kept.sort((a, b) => Number(name(b).startsWith(first)) - Number(name(a).startsWith(first)));
}
