import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK, slug } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import ImportWizard from "../src/records/finance/import/ImportWizard.svelte";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost(new URLSearchParams());
  useTransport(host);
});
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
const choose = async (mark: string, value: string) => fireEvent.change(await screen.findByTestId(mark), { target: { value } });
async function open() {
  render(ImportWizard, { book: BOOK });
  await fireEvent.click(await screen.findByTestId("pick-path"));
  await screen.findByTestId("import-preview");
}

describe("importing a file", () => {
  it("finds out the format, says it, and goes on to sort what came", async () => {
    await open();
    expect(screen.getByTestId("read-as").textContent).toContain("Bank file (CSV)");
    expect(screen.getByTestId("mapping")).toBeTruthy();
    await fireEvent.click(screen.getByTestId("run-import"));
    await waitFor(() => expect(location.hash).toContain(`finance/imports/${slug("import", "1")}/review`));
    expect(called("import_run")[0]).toMatchObject({ format: "auto", options: { file_account: null, keep_names: false } });
    expect(called("match_payments")).toEqual([]);
  });
  it("asks which of several accounts is meant", async () => {
    await open();
    await choose("field-format", "camt");
    await choose("field-file_account", "DE89370400440532013000");
    await waitFor(() => expect(called("import_preview").at(-1)?.["options"]["file_account"]).toBe("DE89370400440532013000"));
    expect(called("import_preview").at(-1)?.["options"]["mapping"]).toBeNull();
  });
  it("seals the names of givers unless somebody wants them in the record", async () => {
    await open();
    await choose("field-format", "stripe");
    await fireEvent.click(await screen.findByTestId("field-keep_names"));
    await waitFor(() => expect(called("import_preview").at(-1)).toMatchObject({ format: "stripe", options: { keep_names: true } }));
    const result = await axe.run(document.body, { runOnly: ["wcag2a", "wcag2aa"], rules: { "color-contrast": { enabled: false } } });
    expect(result.violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
  });
});
