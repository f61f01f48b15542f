import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import HashField from "../src/elements/HashField.svelte";
import { sha256 } from "../src/hash";

describe("receipts", () => {
  it("are known by the SHA-256 everybody else computes", async () => {
    const bytes = new TextEncoder().encode("abc").buffer as ArrayBuffer;
    expect(await sha256(bytes)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
  it("are taken by name, listed once, and left out again", async () => {
    render(HashField, { name: "documents", label: "Receipts", value: [] });
    const input = screen.getByTestId<HTMLInputElement>("file-documents");
    const file = new File(["abc"], "bill.pdf");
    file.arrayBuffer ??= async () => new TextEncoder().encode("abc").buffer as ArrayBuffer;
    for (let twice = 0; twice < 2; twice += 1) {
      Object.defineProperty(input, "files", { value: [file], configurable: true });
      await fireEvent.change(input);
      await waitFor(() => expect(screen.getByTestId("hashes-documents").textContent).toContain("bill.pdf"));
    }
    expect(screen.getByTestId("hashes-documents").querySelectorAll("li")).toHaveLength(1);
    await fireEvent.click(screen.getByRole("button", { name: /Remove: bill.pdf/ }));
    expect(screen.queryByTestId("hashes-documents")).toBeNull();
  });
});
