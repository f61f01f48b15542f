import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import { kindNamed } from "../src/records";
import { INTER_FUND } from "../src/records/finance/transaction/postings";
import RecordForm from "../src/screens/RecordForm.svelte";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost(new URLSearchParams());
  host.records = host.records.filter((one) => one.row.fields["path"] !== INTER_FUND);
  useTransport(host);
});
const added = () => host.calls.filter(([name]) => name === "record_add").map(([, args]) => args);
const choose = (mark: string, at: number) => {
  const list = screen.getByTestId<HTMLSelectElement>(mark);
  return fireEvent.change(list, { target: { value: list.options[at]?.value } });
};

describe("moving money between funds", () => {
  it("writes the account in between only with the entry", async () => {
    const kind = kindNamed("transaction") ?? expect.unreachable();
    render(RecordForm, { book: BOOK, kind, id: null, mode: "new" });
    await fireEvent.click(await screen.findByTestId("shape-move"));
    await fireEvent.input(screen.getByTestId("field-narration"), { target: { value: "Put aside" } });
    await fireEvent.input(screen.getByTestId("field-amount"), { target: { value: "100" } });
    await choose("field-category", 1);
    await choose("field-to_fund", 1);
    await new Promise((done) => setTimeout(done, 400));
    expect(added()).toEqual([]);
    expect(host.calls.filter(([name]) => name === "record_check").at(-1)?.[1]["fields"].postings).toHaveLength(4);
    await fireEvent.click(screen.getByTestId("save"));
    await waitFor(() => expect(added()).toHaveLength(2));
    const [account, entry] = added();
    expect(account?.["fields"].path).toBe(INTER_FUND);
    const id = host.records.find((one) => one.row.fields["path"] === INTER_FUND)?.row.id;
    expect(entry?.["fields"].postings.map((posting: { account: string }) => posting.account)).toContain(id);
    expect(JSON.stringify(entry)).not.toContain(INTER_FUND);
  });
});
