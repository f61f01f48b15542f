import { render, screen, waitFor, fireEvent } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import { kindNamed } from "../src/records";
import RecordForm from "../src/screens/RecordForm.svelte";
import { lastChange, undoLast } from "../src/undo.svelte";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost(new URLSearchParams());
  lastChange.step = null;
  useTransport(host);
});
const fund = () => kindNamed("fund") ?? expect.unreachable();

describe("undo", () => {
  it("withdraws what was added, with a reason", async () => {
    render(RecordForm, { book: BOOK, kind: fund(), id: null, mode: "new" });
    await fireEvent.input(await screen.findByTestId("field-name"), { target: { value: "Trips" } });
    await fireEvent.click(screen.getByTestId("save"));
    await waitFor(() => expect(lastChange.step).not.toBeNull());
    await undoLast();
    const [, args] = host.calls.find(([name]) => name === "record_withdraw") ?? expect.unreachable();
    expect(args["reason"]).toBe("undone");
    expect(lastChange.step).toBeNull();
  });
  it("writes the old values of an edit back, and nothing else", async () => {
    const row = host.records.find((one) => one.kind === "fund")?.row ?? expect.unreachable();
    const before = row.fields["purpose"];
    render(RecordForm, { book: BOOK, kind: fund(), id: row.id, mode: "edit" });
    await fireEvent.input(await screen.findByTestId("field-purpose"), { target: { value: "Other" } });
    await fireEvent.click(screen.getByTestId("save"));
    await waitFor(() => expect(lastChange.step).not.toBeNull());
    await undoLast();
    expect(host.calls.filter(([name]) => name === "record_edit").at(-1)?.[1]["fields"]).toEqual({ purpose: before });
  });
});
