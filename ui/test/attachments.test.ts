import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK, slug } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import AttachmentsField from "../src/elements/AttachmentsField.svelte";
import { about, baseName, copyName, pick } from "../src/elements/attachments";
import { useTransport } from "../src/host";
import { kindNamed } from "../src/records";
import RecordForm from "../src/screens/RecordForm.svelte";
import RecordScreen from "../src/screens/RecordScreen.svelte";
import AttachmentList from "../src/screens/attachments/AttachmentList.svelte";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost(new URLSearchParams());
  useTransport(host);
});
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
const click = async (mark: string) => fireEvent.click(await screen.findByTestId(mark));
const HERE = "4b".repeat(32);
const WANTED = "5c".repeat(32);
const refuse = { code: "not-allowed", message: "Only leadership and treasurers can seal a file.", hint: null, detail: null, problems: [] };

describe("what is said of a file", () => {
  it("names its kind, size, state and who reads it", () => {
    const info = { sha256: HERE, size: 84_212, media_type: "application/pdf", state: "here", sealed: true, named: true } as const;
    expect(about(info)).toBe("PDF · 84.2 kB · here · for leadership and treasurers alone");
    expect(copyName(info)).toBe("4b4b4b4b4b4b4b4b.pdf");
    expect(copyName({ ...info, media_type: "application/x-odd" })).toBe("4b4b4b4b4b4b4b4b");
    expect(about({ ...info, size: null, media_type: null, state: "wanted", sealed: false })).toBe("not here yet: wanted");
  });
  it("keeps the order of the record, and each once, known or not", () => {
    const known = host.attachments.files;
    expect(pick([WANTED, HERE, WANTED, "aa".repeat(32)], known).map((one) => [one.sha256.slice(0, 2), one.state])).toEqual([
      ["5c", "wanted"], ["4b", "here"], ["aa", "wanted"],
    ]);
  });
  it("takes the name of a path of any system", () => {
    expect([baseName("/media/anna/bill.pdf"), baseName("C:\\Bills\\bill.pdf"), baseName("bill.pdf")]).toEqual(Array(3).fill("bill.pdf"));
  });
});

describe("files in a form", () => {
  it("are kept sealed unless somebody says otherwise, listed once, and left out again", async () => {
    render(AttachmentsField, { book: BOOK, name: "documents", label: "Receipts", value: [] });
    await click("field-documents");
    const list = await screen.findByTestId("hashes-documents");
    expect(list.textContent).toContain("bank-2026-06.csv");
    expect(list.textContent).toContain("48.2 kB");
    await click("documents-sealed");
    await click("field-documents");
    await waitFor(() => expect(called("attachment_add").map((args) => args["sealed"])).toEqual([true, false]));
    expect(screen.getByTestId("hashes-documents").querySelectorAll("li")).toHaveLength(1);
    await fireEvent.click(screen.getByRole("button", { name: /Remove: bank-2026-06.csv/ }));
    expect(screen.queryByTestId("hashes-documents")).toBeNull();
    expect(document.activeElement).toBe(screen.getByTestId("field-documents"));
  });
  it("show what was there before with its state", async () => {
    render(AttachmentsField, { book: BOOK, name: "documents", label: "Receipts", value: [HERE, WANTED] });
    await waitFor(() => expect(screen.getByTestId("hashes-documents").textContent).toContain("here"));
    expect(screen.getByTestId("hashes-documents").textContent).toContain("wanted");
  });
  it("that cannot be kept say why beside the field, and no file changes nothing", async () => {
    host.commands["pick_file"] = () => null;
    render(AttachmentsField, { book: BOOK, name: "documents", label: "Receipts", value: [] });
    await click("field-documents");
    expect(screen.queryByTestId("hashes-documents")).toBeNull();
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("field-documents").disabled).toBe(false));
    host.commands["pick_file"] = () => "/media/anna/bill.pdf";
    host.attachments.commands["attachment_add"] = () => {
      throw refuse;
    };
    await click("field-documents");
    expect((await screen.findByTestId("failure")).textContent).toContain("Only leadership");
    expect(screen.queryByTestId("hashes-documents")).toBeNull();
  });
  it("of a transaction are written with it", async () => {
    const transaction = kindNamed("transaction") ?? expect.unreachable();
    render(RecordForm, { book: BOOK, kind: transaction, id: null, mode: "new" });
    await click("field-documents");
    expect((await screen.findByTestId("hashes-documents")).querySelectorAll("li")).toHaveLength(1);
  });
});

describe("files of a record", () => {
  it("are saved as a copy, or asked for", async () => {
    render(AttachmentList, { book: BOOK, label: "Receipts", hashes: [HERE, WANTED] });
    await waitFor(() => expect(screen.getAllByTestId("attachment-state").map((one) => one.textContent)).toEqual([
      "PDF · 84.2 kB · here · for leadership and treasurers alone", "not here yet: wanted",
    ]));
    await click("save-copy");
    await waitFor(() => expect(called("attachment_save")).toEqual([{ book: BOOK, sha256: HERE, path: "~/4b4b4b4b4b4b4b4b.pdf" }]));
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("fetch").disabled).toBe(false));
    await click("fetch");
    await waitFor(() => expect(called("attachment_fetch")).toEqual([{ book: BOOK, sha256: WANTED }]));
    await waitFor(() => expect(screen.getAllByTestId("attachment-state")[1]?.textContent).toBe("comes with the next exchange"));
    expect(screen.queryByTestId("fetch")).toBeNull();
  });
  it("say when nothing is known of them, and promise nothing", async () => {
    host.attachments.commands["attachment_list"] = () => {
      throw { ...refuse, message: "The disk is full." };
    };
    render(AttachmentList, { book: BOOK, label: "Receipts", hashes: [HERE] });
    expect((await screen.findByTestId("failure")).textContent).toContain("The disk is full.");
    expect(screen.queryByTestId("save-copy")).toBeNull();
    expect(screen.queryByTestId("fetch")).toBeNull();
  });
  it("stand below a bill", async () => {
    render(RecordScreen, { book: BOOK, kind: kindNamed("expense") ?? expect.unreachable(), id: slug("expense", "hosting-7") });
    await waitFor(() => expect(screen.getByTestId("attachment-state").textContent).toContain("here"));
  });
});
