// What the whole window shares: the profile, the route, what changed. No domain logic.
import { tick } from "svelte";
import type { AppState } from "./generated/AppState";
import type { Failure } from "./generated/Failure";
import type { ServiceSummary } from "./generated/ServiceSummary";
import * as host from "./host";
import { remember, remembered } from "./remember";
import { parseRoute, routeName, type Route } from "./router";

export type Theme = "system" | "light" | "dark";

const SUMMARY_MS = 150;

class Store {
  app = $state<AppState | null>(null);
  route = $state<Route>(parseRoute(location.hash));
  /** Counts up with every batch of changes: read it in an effect to load again. */
  revision = $state(0);
  /** Counts up on any change that did not come from this window. */
  arrived = $state(0);
  savedAt = $state<Date | null>(null);
  fatal = $state<Failure | null>(null);
  theme = $state<Theme>(asTheme(remembered("theme")));
  paletteOpen = $state(false);
  helpOpen = $state(false);
  /** A short sentence for the status line and for screen readers. */
  said = $state("");

  get book(): string {
    return this.route.book ?? "";
  }
  get service(): ServiceSummary | null {
    return this.app?.services.find((service) => service.book === this.route.book) ?? null;
  }
  get readOnly(): boolean {
    return this.app?.read_only != null;
  }
}

export const store = new Store();

function asTheme(text: string | null): Theme {
  return text === "light" || text === "dark" ? text : "system";
}

export function setTheme(theme: Theme): void {
  store.theme = theme;
  remember("theme", theme);
  applyTheme();
}

export function applyTheme(): void {
  if (store.theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = store.theme;
}

let soon: ReturnType<typeof setTimeout> | undefined;

export async function loadApp(): Promise<void> {
  clearTimeout(soon);
  store.app = await host.appState();
}

export function say(sentence: string): void {
  store.said = sentence;
}

/** Call after a successful write of this window. */
export function saved(): void {
  store.savedAt = new Date();
}

export function followRoute(): () => void {
  const changed = () => {
    delete document.body.dataset["ready"];
    store.route = parseRoute(location.hash);
  };
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

/** The data of this route is on the screen: tests and assistive tools may look. */
export async function ready(route: Route): Promise<void> {
  await tick();
  if (routeName(route) === routeName(store.route)) document.body.dataset["ready"] = routeName(route);
}

export async function followHost(): Promise<() => void> {
  return host.onRecordsChanged((changes) => {
    store.revision += 1;
    if (changes.some((change) => change.source !== "local")) store.arrived += 1;
    // A batch of changes, or one that an action follows up itself, costs one summary and not many.
    clearTimeout(soon);
    soon = setTimeout(() => void loadApp().catch(() => undefined), SUMMARY_MS);
  });
}
