import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { actions, matching } from "../src/actions";
import { BOOK } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import { needs } from "../src/needs.svelte";
import { belongs, places } from "../src/places";
import { kindByPath, kinds } from "../src/records";
import { href, parseRoute } from "../src/router";
import Place from "../src/screens/Place.svelte";
import Sidebar from "../src/screens/Sidebar.svelte";
import { loadApp, store } from "../src/store.svelte";

const lists = places.flatMap((place) => place.lists ?? []);
beforeEach(async () => {
  useTransport(new FakeHost(new URLSearchParams()));
  await loadApp();
  store.route = parseRoute(href(BOOK, "overview"));
});

describe("places", () => {
  it("hold every list of a kind of money exactly once", () => {
    expect(new Set(lists).size).toBe(lists.length);
    const money = kinds.map((kind) => kind.path).filter((path) => path.startsWith("finance/") && path !== "finance/transactions");
    expect([...money].sort()).toEqual(lists.filter((list) => list.startsWith("finance/") && list !== "finance/balances").sort());
  });
  it("hold every list of the framework's kinds exactly once", () => {
    const plain = ["product/services", "product/items"];
    const product = kinds.map((kind) => kind.path).filter((path) => path.startsWith("product/") && !plain.includes(path));
    expect([...product].sort()).toEqual(lists.filter((list) => list.startsWith("product/")).sort());
  });
  it("know what belongs to them", () => {
    const of = (path: string) => places.filter((place) => belongs(path, place)).map((place) => place.id);
    expect(of("finance/to-pay")).toEqual(["to-pay"]);
    expect(of("finance/expenses/abc/edit")).toEqual(["to-pay"]);
    expect(of("finance/donors")).toEqual(["giving"]);
    expect(of("finance/accounts")).toEqual(["transactions"]);
    expect(of("governance/people/abc")).toEqual(["people"]);
    expect(of("framework/phase")).toEqual(["phase"]);
    expect(of("governance/meetings/abc")).toEqual(["people"]);
    expect(of("finance/expensesx")).toEqual([]);
  });
  it.each([...places.map((place) => place.path), ...lists])("%s is there", async (path) => {
    store.route = parseRoute(href(BOOK, path));
    render(Place);
    await waitFor(() => expect(document.body.dataset["ready"]).toBe(path));
    expect(document.body.textContent).not.toContain("There is nothing here");
    expect(screen.getAllByRole("heading", { level: 1 })).toHaveLength(1);
  });
  it("show the lists of a section, with the present one marked", async () => {
    store.route = parseRoute(href(BOOK, "finance/payees"));
    render(Place);
    expect((await screen.findByTestId("list-payees")).getAttribute("aria-current")).toBe("page");
    expect(screen.getByTestId("section").querySelectorAll("a")).toHaveLength(8);
    expect(kindByPath("finance/payees")?.kind).toBe("payee");
  });
  it("are all reached by name, and what can be begun there, too", () => {
    const named = (text: string) => matching(actions(), text).map((action) => action.id);
    expect(named("statements and close")).toContain("place-books");
    expect(named("all donors")).toContain("list-donors");
    expect(named("write file")).toContain("do-file");
    matching(actions(), "close a period").find((action) => action.id === "do-close")?.run();
    expect(location.hash).toBe(href(BOOK, "finance/books", { do: "close" }));
  });
  it("say beside their name how much needs you", async () => {
    render(Sidebar, { app: store.app ?? expect.unreachable() });
    expect((await screen.findByTestId("needs-count")).textContent).toContain("6 things need you");
    needs.known.value = { items: [] };
    await waitFor(() => expect(screen.queryByTestId("needs-count")).toBeNull());
  });
});

describe("an address that begins something", () => {
  it("opens the dialog, and closing it takes the address back", async () => {
    history.replaceState(null, "", href(BOOK, "finance/to-pay", { do: "file" }));
    store.route = parseRoute(location.hash);
    render(Place);
    await screen.findByTestId("batch");
    await fireEvent.click(screen.getByTestId("dialog-close"));
    expect(location.hash).toBe(href(BOOK, "finance/to-pay"));
  });
});
