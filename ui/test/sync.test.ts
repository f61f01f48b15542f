import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { BOOK } from "../src/dev/fake-data";
import { SITUATIONS } from "../src/dev/fake-exchange";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import StatusLine from "../src/screens/StatusLine.svelte";
import Sync from "../src/screens/Sync.svelte";
import { loadApp, store } from "../src/store.svelte";

let host: FakeHost;
function use(flags: string): void {
  host = new FakeHost(new URLSearchParams(flags));
  useTransport(host);
}
async function open(flags: string): Promise<HTMLElement> {
  use(flags);
  render(Sync, { book: BOOK });
  const safety = await screen.findByTestId("safety");
  await screen.findByTestId("uncounted");
  return safety;
}
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
const click = async (mark: string) => fireEvent.click(await screen.findByTestId(mark));
const type = async (mark: string, value: string) => fireEvent.input(await screen.findByTestId(mark), { target: { value } });
async function violations(): Promise<string[]> {
  const rules = { "color-contrast": { enabled: false }, "heading-order": { enabled: true } };
  const result = await axe.run(document.body, { runOnly: ["wcag2a", "wcag2aa"], rules });
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
}
afterEach(() => {
  store.app = null;
  store.route = { book: null, path: [], query: {} };
});

describe("the sync screen", () => {
  it.each(SITUATIONS)("has no barrier when it is “%s”", async (situation) => {
    const safety = await open(`sync=${situation}`);
    expect(safety.textContent?.trim()).not.toBe("");
    expect(document.body.textContent).not.toMatch(/\b(CRDT|heads?|merged?|objects?)\b/i);
    expect(await violations()).toEqual([]);
  });
  it("switches direct connections on with what was chosen, shows the address and who is there, and off again", async () => {
    await open("");
    expect((await screen.findByTestId("live-said")).textContent).toContain("Switched off");
    await type("field-relays", "relay.example.org");
    await click("live-on");
    expect((await screen.findByTestId("problem-relays")).textContent).toContain("relay.example.org");
    expect(called("live_choose")).toEqual([]);
    await type("field-relays", "https://relay.example.org\n\n https://two.example.org ");
    await fireEvent.click(await screen.findByTestId("field-discovery"));
    await click("live-on");
    const address = await screen.findByTestId("text-live-address");
    expect((address as HTMLTextAreaElement).value).toMatch(/^peer:/);
    expect(called("live_choose")).toEqual([
      { on: true, discovery: false, relays: ["https://relay.example.org", "https://two.example.org"] },
    ]);
    expect(screen.getByTestId("live-connected").textContent).toContain("Ben");
    expect(await violations()).toEqual([]);
    await click("live-off");
    await waitFor(() => expect(screen.queryByTestId("text-live-address")).toBeNull());
    expect(screen.getByTestId("live-said").textContent).toContain("Switched off");
  });
  it("says in words why direct connections do not work", async () => {
    await open("");
    await type("field-relays", "https://broken.example.org");
    await click("live-on");
    expect((await screen.findByTestId("live-error")).textContent).toContain("used by another program");
    expect(screen.queryByTestId("text-live-address")).toBeNull();
  });
  it("says who has what, without removed devices and sheets", async () => {
    const safety = await open("");
    expect(safety.textContent).toContain("2 of 3 other devices have all of it");
    expect(safety.dataset["tone"]).toBe("fine");
    const rows = within(screen.getByTestId("devices")).getAllByTestId(/^device-\d+$/);
    expect(rows.map((row) => row.querySelector("th")?.textContent)).toEqual([
      expect.stringMatching(/Anna Berg.*laptop.*this device/s), expect.stringContaining("Ben"),
      expect.stringContaining("Chris"), expect.stringContaining("Emil"),
    ]);
    expect(rows[1]?.textContent).toMatch(/has everything.*last heard 3 minutes ago/s);
    expect(rows[2]?.textContent).toContain("5 changes missing");
    expect(screen.getByTestId("devices-gone").textContent).toMatch(/Dora.*belongs no longer/s);
    expect(screen.getByTestId("fingerprint").textContent).toContain("9c41");
  });
  it("warns of a device that was told something different", async () => {
    const safety = await open("sync=differs");
    expect(safety.dataset["tone"]).toBe("care");
    expect(screen.getAllByTestId("differs")).toHaveLength(1);
  });
  it("says what is wrong with a place and when it is tried again", async () => {
    await open("sync=trouble");
    const relay = await screen.findByTestId("place-1");
    expect(relay.dataset["state"]).toBe("trouble");
    expect(relay.textContent).toMatch(/does not answer\..*Tries again in \d+ seconds\./s);
    await click("place-sync-1");
    expect(within(await screen.findByTestId("place-1")).getByTestId("job-cancel").textContent).toBe("Stop");
    await waitFor(() => expect(screen.getByTestId("place-1").dataset["state"]).toBe("fine"));
    expect(called("sync_place")[0]).toMatchObject({ book: BOOK, place: "https://relay.harbor.example" });
    expect(screen.getByTestId("sync-report").textContent).toContain("Harbor");
  });
  it("stops an exchange that a person asked for, without calling it a failure", async () => {
    await open("");
    await click("place-sync-0");
    await click("job-cancel");
    await waitFor(() => expect(screen.queryByTestId("job-cancel")).toBeNull());
    expect(called("job_cancel")).toEqual([{ job: called("sync_place")[0]?.["job"] }]);
    expect(screen.queryByTestId("failure")).toBeNull();
    expect(screen.getByTestId("place-0").dataset["state"]).toBe("fine");
  });
  it("follows what goes on by itself", async () => {
    await open("");
    expect((await screen.findByTestId("place-0")).dataset["state"]).toBe("fine");
    host.exchange.state.busy = ["/media/stick/harbor"];
    host.exchange.changed();
    await waitFor(() => expect(screen.getByTestId("place-0").dataset["state"]).toBe("busy"));
    host.emit("job-progress", { job: "background", done: 3, total: 9, note: "" });
    await waitFor(() => expect(screen.getByTestId("place-0").querySelector("progress")?.value).toBe(3));
    expect(called("background_state").length).toBeLessThan(4);
  });
  it("pauses one, pauses all, and asks before it forgets", async () => {
    await open("");
    await click("place-pause-0");
    await waitFor(() => expect(screen.getByTestId("place-0").dataset["state"]).toBe("paused"));
    expect(called("remote_pause")).toEqual([{ address: "/media/stick/harbor", paused: true }]);
    await click("pause-all");
    await waitFor(() => expect(screen.queryByTestId("sync-all")).toBeNull());
    expect(called("background_pause")).toEqual([{ paused: true }]);
    expect(screen.getByTestId("safety").textContent).toContain("paused");
    await click("place-remove-0");
    expect(called("remote_remove")).toEqual([]);
    expect(await violations()).toEqual([]);
    await click("confirm-remove");
    await waitFor(() => expect(screen.queryByTestId("place-0")).toBeNull());
    expect(called("remote_remove")).toEqual([{ address: "/media/stick/harbor" }]);
  });
});

describe("a new place", () => {
  it("begins with a folder when there is none, and is exchanged with at once", async () => {
    const safety = await open("sync=alone");
    expect(safety.textContent).toContain("Nobody else has this record yet");
    await click("sync-now");
    expect((await screen.findByTestId("problem-folder")).textContent).not.toBe("");
    expect(document.activeElement).toBe(screen.getByTestId("field-folder"));
    await type("field-folder", " /media/stick/new ");
    await click("sync-now");
    expect((await screen.findByTestId("sync-report")).textContent).toContain("Harbor");
    expect(called("remote_add")).toEqual([]);
    expect(called("sync_place")).toMatchObject([{ book: BOOK, place: "/media/stick/new" }]);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("add-place-open")));
    expect(screen.queryByTestId("add-place")).toBeNull();
  });
  it("keeps what was typed when it does not work", async () => {
    await open("sync=alone");
    await type("field-folder", "/nowhere");
    await click("sync-now");
    expect((await screen.findByTestId("failure")).textContent).toContain("cannot be reached");
    expect(screen.getByTestId<HTMLInputElement>("field-folder").value).toBe("/nowhere");
    await click("place-kind-relay");
    await click("place-kind-folder");
    expect(screen.getByTestId<HTMLInputElement>("field-folder").value).toBe("/nowhere");
  });
  it("hands user and secret of a storage space over, outside of the address", async () => {
    await open("");
    await click("add-place-open");
    await click("place-kind-bucket");
    expect(await violations()).toEqual([]);
    await type("field-address", "s3://ann:word@harbor/team");
    await type("field-user", "ann");
    await click("sync-now");
    expect((await screen.findByTestId("problem-address")).textContent).toContain("out of the address");
    expect(screen.getByTestId("problem-secret").textContent).not.toBe("");
    expect(screen.getByTestId<HTMLInputElement>("field-secret").type).toBe("password");
    await type("field-address", "s3://harbor/team");
    await type("field-secret", "word");
    await click("sync-now");
    await waitFor(() => expect(called("remote_add")).toEqual([{ address: "s3://harbor/team", user: "ann", secret: "word" }]));
    await waitFor(() => expect(called("sync_place")).toMatchObject([{ place: "s3://harbor/team" }]));
    await screen.findByTestId("sync-report");
    await screen.findByTestId("add-place-open");
  });
  it("asks a relay for no token, and takes one", async () => {
    await open("");
    await click("add-place-open");
    await click("place-kind-relay");
    await type("field-address", "https://other.example");
    await click("sync-now");
    await waitFor(() => expect(called("remote_add")).toEqual([{ address: "https://other.example" }]));
    await screen.findByTestId("sync-report");
    await screen.findByTestId("add-place-open");
  });
  it("finds a file by both ways", async () => {
    await open("sync=alone");
    await click("place-kind-file");
    await click("pick-file");
    await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("field-file").value).toMatch(/\.commonhold$/));
    await click("pick-other-file");
    await waitFor(() => expect(called("pick_file")).toHaveLength(1));
    expect(await violations()).toEqual([]);
  });
});

describe("the status line", () => {
  async function line(flags: string): Promise<HTMLElement> {
    use(flags);
    store.route = { book: BOOK, path: ["overview"], query: {} };
    await loadApp();
    render(StatusLine);
    return screen.findByTestId("status-sync");
  }
  const says = (words: RegExp) => waitFor(() => expect(screen.getByTestId("status-line").textContent).toMatch(words), { timeout: 4000 });

  it("says who has it and leads to the sync screen", async () => {
    const link = await line("");
    await says(/2 of 3 other devices have it · nothing unsent/);
    expect(link.getAttribute("href")).toBe(`#/${BOOK}/sync`);
    expect(called("background_state")).toHaveLength(1);
    expect(await violations()).toEqual([]);
    host.exchange.state.busy = ["/media/stick/harbor"];
    host.exchange.changed();
    await says(/exchanging/);
  });
  it("says trouble", async () => {
    await line("sync=trouble");
    await says(/0 of 3 other devices have it · 3 changes unsent/);
    await says(/2 places cannot be reached/);
  });
  it("begins no exchange in a profile that is only read", async () => {
    await line("readonly");
    await says(/2 of 3/);
    expect(called("background_state")).toEqual([]);
  });
});
