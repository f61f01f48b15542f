import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import HashField from "../src/elements/HashField.svelte";

const SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const show = (keep: (sealed: boolean) => Promise<{ sha256: string; name: string } | null>) =>
  render(HashField, { name: "documents", label: "Receipts", value: [], keep });
const choose = async () => fireEvent.click(screen.getByTestId("field-documents"));

describe("receipts", () => {
  it("are kept sealed unless somebody says otherwise, listed once, and left out again", async () => {
    const asked: boolean[] = [];
    show(async (sealed) => {
      asked.push(sealed);
      return { sha256: SHA, name: "bill.pdf" };
    });
    await choose();
    await waitFor(() => expect(screen.getByTestId("hashes-documents").textContent).toContain("bill.pdf"));
    await fireEvent.click(screen.getByTestId("documents-sealed"));
    await choose();
    await waitFor(() => expect(asked).toEqual([true, false]));
    expect(screen.getByTestId("hashes-documents").querySelectorAll("li")).toHaveLength(1);
    await fireEvent.click(screen.getByRole("button", { name: /Remove: bill.pdf/ }));
    expect(screen.queryByTestId("hashes-documents")).toBeNull();
  });
  it("that cannot be kept say why beside the field, and no file changes nothing", async () => {
    let answer: () => Promise<null> = async () => null;
    show(() => answer());
    await choose();
    expect(screen.queryByTestId("hashes-documents")).toBeNull();
    answer = () => Promise.reject({ code: "not-allowed", message: "Only leadership can seal a file.", hint: null, detail: null, problems: [] });
    await choose();
    expect((await screen.findByTestId("failure")).textContent).toContain("Only leadership");
  });
});
