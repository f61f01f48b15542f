import { screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK } from "../src/dev/fake-data";
import type { FakeHost } from "../src/dev/fake-host";
import { begin, calledOf, click, open, type, violations } from "./screens";

let host: FakeHost;
beforeEach(async () => void (host = await begin()));

describe("publishing", () => {
  it("shows what the public sees, what not yet, and what is masked where", async () => {
    await open("publish");
    expect(screen.getByTestId("unpublished").textContent).toContain("4 transactions are not public yet");
    const findings = screen.getByTestId("findings");
    expect(findings.textContent).toContain("4 places are masked");
    expect(findings.querySelectorAll("li")).toHaveLength(3);
    expect(findings.textContent).toContain("A sentence of the page");
    expect(screen.getByTestId("overdue").textContent).toContain("2 of them");
    expect(findings.textContent).toContain("line 3: e-mail address, line 7: name");
    expect(screen.getByTestId("publications").querySelectorAll("tbody tr").length).toBeGreaterThan(0);
    expect(await violations()).toEqual([]);
  });
  it("writes into the chosen folder and says what came of it", async () => {
    await open("publish");
    await type("field-dir", "");
    await click("publish");
    expect(screen.getByTestId("problem-dir").textContent).toBe("Choose the folder.");
    await click("pick-dir");
    await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("field-dir").value).toBe("/media/stick/harbor"));
    await click("publish");
    expect((await screen.findByTestId("published")).textContent).toMatch(/12 files written.*49 unchanged.*1 removed/s);
    expect(screen.getByTestId("published").textContent).toContain("about.html");
    expect(calledOf(host, "site_build")).toEqual([{ book: BOOK, dir: "/media/stick/harbor", record: true, job: expect.any(String) }]);
    await waitFor(() => expect(screen.getByTestId("unpublished").textContent).toBe("Everything is public."));
    expect(await violations()).toEqual([]);
  });
  it("can be written without being recorded", async () => {
    await open("publish");
    await click("field-record");
    await click("publish");
    expect((await screen.findByTestId("published")).textContent).toContain("not recorded");
    expect(calledOf(host, "site_build")[0]).toMatchObject({ record: false });
  });
  it("keeps the folder when it cannot be written", async () => {
    await begin("operations=full");
    await open("publish");
    await type("field-dir", "/srv/full");
    await click("publish");
    expect((await screen.findByTestId("failure")).textContent).toContain("no room left");
    expect(screen.getByTestId<HTMLInputElement>("field-dir").value).toBe("/srv/full");
  });
  it("has a first time, and a word for a preview that fails", async () => {
    await begin("operations=empty");
    const { unmount } = await open("publish");
    expect(screen.getByText(/Nothing was published yet/)).toBeTruthy();
    expect(screen.getByTestId<HTMLInputElement>("field-dir").value).toBe("");
    unmount();
    await begin("operations=broken");
    await open("publish");
    expect(screen.getByTestId("failure").textContent).toContain("could not be put together");
  });
  it("offers nothing to write in a locked profile", async () => {
    await begin("readonly");
    await open("publish");
    expect(screen.queryByTestId("publish")).toBeNull();
  });
});
