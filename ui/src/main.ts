import "./locale";
import "@fontsource-variable/inter/wght.css";
import "@fontsource/ibm-plex-mono/latin-400.css";
import "./tokens.css";
import "./base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { asFailure, isInsideHost, useTransport } from "./host";
import { language } from "./locale";
import { applyTheme, store } from "./store.svelte";

document.documentElement.lang = language;
applyTheme();

window.addEventListener("error", (event) => (store.fatal = asFailure(event.error ?? event.message)));
window.addEventListener("unhandledrejection", (event) => (store.fatal = asFailure(event.reason)));

async function start(): Promise<void> {
  // In a plain browser under `npm run dev` a made-up host answers. It is not in the built window.
  if (import.meta.env.DEV && !isInsideHost()) {
    const { fakeTransport } = await import("./dev/fake-host");
    useTransport(fakeTransport());
  }
  const target = document.getElementById("app");
  if (target) mount(App, { target });
}

void start();
