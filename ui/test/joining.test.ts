import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK, slug } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import { kindNamed } from "../src/records";
import { parseRoute } from "../src/router";
import JoinService from "../src/screens/joining/JoinService.svelte";
import JoinWaiting from "../src/screens/joining/JoinWaiting.svelte";
import Recover from "../src/screens/joining/Recover.svelte";
import RecordForm from "../src/screens/RecordForm.svelte";
import RecordScreen from "../src/screens/RecordScreen.svelte";
import { store } from "../src/store.svelte";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost(new URLSearchParams("empty"));
  useTransport(host);
  location.hash = "";
});
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
const click = async (mark: string) => fireEvent.click(await screen.findByTestId(mark));
const type = async (mark: string, value: string) => fireEvent.input(await screen.findByTestId(mark), { target: { value } });
async function violations(): Promise<string[]> {
  const options = { runOnly: ["wcag2a", "wcag2aa"], rules: { "color-contrast": { enabled: false } } };
  return (await axe.run(document.body, options)).violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`);
}

describe("joining", () => {
  it("counts the words before it asks the host, then waits under an address of its own", async () => {
    render(JoinService);
    await type("field-words", "orchard violin second humble canyon");
    await click("join-now");
    expect(screen.getByTestId("problem-words").textContent).toContain("5");
    expect(called("join_start")).toEqual([]);
    expect(await violations()).toEqual([]);
    await type("field-words", "orchard violin second humble canyon frost");
    await type("field-folder", "/media/stick/harbor");
    await type("field-name", "Fatma");
    await type("field-label", "thinkpad");
    await click("join-now");
    await waitFor(() => expect(location.hash).toBe("#/new/join/j1"));
    expect(called("join_start")).toEqual([{
      folder: "/media/stick/harbor", invitation: "orchard violin second humble canyon frost", name: "Fatma", label: "thinkpad",
    }]);
  });
  it("hands a file over by its path", async () => {
    render(JoinService);
    await click("way-file");
    await type("field-file", "/media/stick/fatma.invitation.txt");
    await type("field-folder", "/media/stick/harbor");
    await type("field-name", "Fatma");
    await type("field-label", "thinkpad");
    await click("join-now");
    await waitFor(() => expect(called("join_start")[0]?.["invitation"]).toBe("file:/media/stick/fatma.invitation.txt"));
  });
  it("shows the words to compare until somebody has confirmed, then opens the service", async () => {
    await host.invoke("join_start", { folder: "/media/stick/harbor", invitation: "x", name: "Fatma", label: "thinkpad" });
    let book = "";
    render(JoinWaiting, { id: "j1", arrived: async (opened: string) => void (book = opened) });
    expect((await screen.findByTestId("compare-words")).textContent).toContain("cactus");
    expect(await violations()).toEqual([]);
    await waitFor(() => expect(called("join_check").length).toBeGreaterThan(0));
    for (let looks = 0; looks < 3 && book === ""; looks += 1) {
      await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("join-look").disabled).toBe(false));
      await click("join-look");
      await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("join-look").disabled).toBe(false));
    }
    expect(book).toBe(BOOK);
  });
  it("says why it was refused and lets one begin again", async () => {
    await host.invoke("join_start", { folder: "/x", invitation: "x", name: "Fatma", label: "thinkpad" });
    const join = host.team.joins[0] ?? expect.unreachable();
    host.team.commands["join_check"] = () => ({ ...join, state: "refused", reason: "The words were not the same." });
    render(JoinWaiting, { id: "j1", arrived: async () => {} });
    expect((await screen.findByTestId("join-over")).textContent).toContain("Harbor");
    expect(screen.getByTestId("join-waiting").textContent).toContain("not the same");
    await click("join-again");
    await waitFor(() => expect(location.hash).toBe("#/new/join"));
    expect(called("join_cancel")).toEqual([{ id: "j1" }]);
  });
});

describe("recovering", () => {
  it("takes the words however they are typed", async () => {
    let book = "";
    render(Recover, { arrived: async (opened: string) => void (book = opened) });
    await type("field-words", "1. gravity 2. lantern\n3. spoon");
    await click("recover-now");
    expect(screen.getByTestId("problem-words").textContent).toContain("3");
    expect(await violations()).toEqual([]);
    const words = "gravity lantern spoon velvet harbor ticket orange museum drift copper window eagle";
    await type("field-words", words.split(" ").map((one, at) => `${at + 1}. ${one}`).join("\n"));
    await type("field-folder", "/media/stick/harbor");
    await type("field-name", "new laptop");
    await click("recover-now");
    await waitFor(() => expect(book).toBe(BOOK));
    expect(called("recovery_restore")).toEqual([{ words, folder: "/media/stick/harbor", name: "new laptop" }]);
  });
});

describe("a record", () => {
  const show = (name: "contact" | "approval", at = 0) => {
    const kind = kindNamed(name) ?? expect.unreachable();
    const id = host.records.filter((one) => one.kind === name)[at]?.row.id ?? "";
    render(RecordScreen, { book: BOOK, kind, id });
    return id;
  };
  it("says who wrote it, on which device and whether that counts", async () => {
    show("contact");
    const history = await screen.findByTestId<HTMLDetailsElement>("history");
    expect(called("history")).toEqual([]);
    history.open = true;
    await fireEvent(history, new Event("toggle"));
    const steps = await screen.findByTestId("history-steps");
    expect(steps.textContent).toContain("Dora");
    expect(steps.textContent).toContain("written during a removal");
    expect(await violations()).toEqual([]);
  });
  it("that is private says so, and is erased with a reason", async () => {
    const id = show("contact");
    expect((await screen.findByTestId("private")).textContent).toContain("treasurer");
    await click("erase");
    await type("field-reason", "Has left");
    await click("confirm-erase");
    await waitFor(() => expect(called("private_erase")).toEqual([{ book: BOOK, kind: "contact", id, reason: "Has left" }]));
    await waitFor(() => expect(host.records.some((one) => one.row.id === id)).toBe(false));
  });
  it("that is marked says what that means and can be written anew", async () => {
    const id = show("approval");
    expect((await screen.findByTestId("record-state")).textContent).toContain("written anew");
    const link = screen.getByTestId<HTMLAnchorElement>("write-anew");
    store.route = parseRoute(new URL(link.href).hash);
    expect(store.route.query["from"]).toBe(id);
    const kind = kindNamed("approval") ?? expect.unreachable();
    render(RecordForm, { book: BOOK, kind, id: null, mode: "new" });
    expect((await screen.findByTestId<HTMLTextAreaElement>("field-reason")).value).toBe("Within the budget.");
    // Written anew by whoever sits here, never in the name of who was removed.
    await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>("field-person").value).toBe(slug("person", "anna")));
  });
});
