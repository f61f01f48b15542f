import { render, screen, waitFor, fireEvent } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import { kinds } from "../src/records";
import CreateService from "../src/screens/CreateService.svelte";
import RecordForm from "../src/screens/RecordForm.svelte";
import RecordScreen from "../src/screens/RecordScreen.svelte";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost(new URLSearchParams());
  useTransport(host);
});

async function violations(): Promise<string[]> {
  const options = { runOnly: ["wcag2a", "wcag2aa"], rules: { "color-contrast": { enabled: false } } };
  const result = await axe.run(document.body, options);
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
}
const show = (kind: (typeof kinds)[number], id: string | null, mode: "new" | "edit") =>
  render(RecordForm, { book: BOOK, kind, id, mode });

describe("every form", () => {
  it.each(kinds.filter((kind) => kind.addable))("$kind can be filled in and has no barrier", async (kind) => {
    show(kind, null, "new");
    await screen.findByTestId("save");
    expect(document.querySelectorAll("[data-testid^=field-]").length).toBeGreaterThan(0);
    expect(await violations()).toEqual([]);
  });
  it.each(kinds)("$kind can be read and has no barrier", async (kind) => {
    const id = host.records.find((one) => one.kind === kind.kind)?.row.id;
    if (!id) return expect(kind.kind).toBe("withdrawal");
    render(RecordScreen, { book: BOOK, kind, id });
    await screen.findByTestId("record-title");
    expect(await violations()).toEqual([]);
  });
  it("for a new service asks for a name before it asks the host", async () => {
    render(CreateService, { arrived: async () => {} });
    await fireEvent.click(screen.getByTestId("save"));
    expect(screen.getByTestId("problem-name").textContent).not.toBe("");
    expect(host.calls.map(([name]) => name)).not.toContain("service_create");
    expect(await violations()).toEqual([]);
  });
});

describe("saving", () => {
  it("writes a balanced entry from the simple form", async () => {
    const kind = kinds.find((one) => one.kind === "transaction") ?? expect.unreachable();
    show(kind, null, "new");
    await fireEvent.input(await screen.findByTestId("field-narration"), { target: { value: "Hosting July" } });
    await fireEvent.input(screen.getByTestId("field-amount"), { target: { value: "12.5" } });
    const category = screen.getByTestId<HTMLSelectElement>("field-category");
    await fireEvent.change(category, { target: { value: category.options[1]?.value } });
    await fireEvent.click(screen.getByTestId("save"));
    await waitFor(() => expect(host.calls.some(([name]) => name === "record_add")).toBe(true));
    const fields = host.calls.find(([name]) => name === "record_add")?.[1]["fields"];
    expect(fields.postings.map((posting: { amount: string }) => posting.amount)).toEqual(["-12.50 EUR", "12.50 EUR"]);
  });
  it("keeps the input and says what is wrong when the host refuses", async () => {
    const kind = kinds.find((one) => one.kind === "fund") ?? expect.unreachable();
    show(kind, null, "new");
    await fireEvent.input(await screen.findByTestId("field-purpose"), { target: { value: "Stays here" } });
    await fireEvent.click(screen.getByTestId("save"));
    expect((await screen.findByTestId("problem-name")).textContent).toContain("Give the fund a name.");
    expect(screen.getByTestId("failure")).toBeTruthy();
    expect(screen.getByTestId<HTMLTextAreaElement>("field-purpose").value).toBe("Stays here");
  });
  it("sends only the changed fields of an edit", async () => {
    const kind = kinds.find((one) => one.kind === "fund") ?? expect.unreachable();
    const id = host.records.find((one) => one.kind === "fund")?.row.id ?? "";
    show(kind, id, "edit");
    await fireEvent.input(await screen.findByTestId("field-purpose"), { target: { value: "New purpose" } });
    await fireEvent.click(screen.getByTestId("save"));
    await waitFor(() => expect(host.calls.some(([name]) => name === "record_edit")).toBe(true));
    const args = host.calls.find(([name]) => name === "record_edit")?.[1];
    expect(args?.["fields"]).toEqual({ purpose: "New purpose" });
  });
  it("sends the text a page edit began with, and reads the merge back", async () => {
    const kind = kinds.find((one) => one.kind === "page") ?? expect.unreachable();
    const stored = host.records.find((one) => one.kind === "page") ?? expect.unreachable();
    const before = stored.row.fields["body"];
    render(RecordScreen, { book: BOOK, kind, id: stored.row.id });
    await fireEvent.input(await screen.findByTestId("field-body"), { target: { value: "Shorter" } });
    await fireEvent.click(screen.getByTestId("save"));
    await waitFor(() => expect(host.calls.some(([name]) => name === "record_edit")).toBe(true));
    const args = host.calls.find(([name]) => name === "record_edit")?.[1];
    expect(args?.["base"]).toEqual({ body: before });
    expect(args?.["fields"]).toEqual({ body: "Shorter" });
  });
});
