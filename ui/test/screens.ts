// What tests of whole screens begin with: a made-up host, a route, and the look for barriers.
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { expect } from "vitest";
import { BOOK } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import { href, parseRoute } from "../src/router";
import Place from "../src/screens/Place.svelte";
import { followHost, loadApp, store } from "../src/store.svelte";

export async function begin(flags = ""): Promise<FakeHost> {
  const host = new FakeHost(new URLSearchParams(flags));
  useTransport(host);
  await loadApp();
  await followHost();
  return host;
}
export async function open(path: string, query: Record<string, string> = {}) {
  history.replaceState(null, "", href(BOOK, path, query));
  delete document.body.dataset["ready"];
  store.route = parseRoute(location.hash);
  const shown = render(Place);
  await waitFor(() => expect(document.body.dataset["ready"]).toBe(path));
  return shown;
}
export const calledOf = (host: FakeHost, name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
export const click = async (mark: string) => fireEvent.click(await screen.findByTestId(mark));
export const type = async (mark: string, value: string) => fireEvent.input(await screen.findByTestId(mark), { target: { value } });
/** A host that cannot write for once. */
export function failOnce(host: FakeHost, command: string, message: string): void {
  const invoke = host.invoke;
  host.invoke = async (name, args) => {
    if (name !== command) return invoke(name, args);
    host.invoke = invoke;
    throw { code: "storage", message, hint: null, detail: null, problems: [] };
  };
}
export async function violations(): Promise<string[]> {
  const rules = { "color-contrast": { enabled: false }, "heading-order": { enabled: true } };
  const result = await axe.run(document.body, { runOnly: ["wcag2a", "wcag2aa"], rules });
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
}
