import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK, slug } from "../src/dev/fake-data";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import HeldBack from "../src/screens/HeldBack.svelte";
import NotAccepted from "../src/screens/NotAccepted.svelte";
import Sync from "../src/screens/Sync.svelte";
import People from "../src/screens/people/People.svelte";
import Recovery from "../src/screens/people/Recovery.svelte";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost(new URLSearchParams());
  useTransport(host);
});
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
const click = async (mark: string) => fireEvent.click(await screen.findByTestId(mark));
const type = async (mark: string, value: string) => fireEvent.input(await screen.findByTestId(mark), { target: { value } });
async function violations(): Promise<string[]> {
  const rules = { "color-contrast": { enabled: false }, "heading-order": { enabled: true } };
  const options = { runOnly: ["wcag2a", "wcag2aa"], rules };
  const result = await axe.run(document.body, options);
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
}
async function openPerson(name: string, mark: string) {
  const card = await screen.findByTestId(`member-${name}`);
  await fireEvent.click(card.querySelector(`[data-testid="${mark}"]`) ?? expect.unreachable(mark));
}

describe("the people screen", () => {
  it("shows the team with oneself first, and has no barrier", async () => {
    render(People, { book: BOOK });
    const members = await screen.findByTestId("members");
    expect(members.querySelector("article")?.dataset["testid"]).toBe("member-Anna Berg");
    expect(screen.getByTestId("members-gone").textContent).toContain("Dora");
    expect(screen.getByTestId("rules").textContent).toContain("Transactions");
    expect((await screen.findByTestId("rotation")).textContent).toContain("nobody else");
    await screen.findByTestId("requests");
    expect(await violations()).toEqual([]);
  });
  it("lets somebody in after the three words", async () => {
    render(People, { book: BOOK });
    expect((await screen.findByTestId("compare-words")).textContent).toContain("orbit");
    await click("confirm-request");
    await screen.findByTestId("member-Fatma");
    expect(called("join_confirm")).toEqual([{ book: BOOK, id: "r1" }]);
  });
  it("signs a removal only after its consequences, and with a reason", async () => {
    render(People, { book: BOOK });
    await click("sign-0");
    await screen.findByTestId("removal-preview");
    const reason = screen.getByTestId<HTMLTextAreaElement>("field-reason");
    expect(reason.value).toBe("Has not answered for a year.");
    await fireEvent.input(reason, { target: { value: "" } });
    await click("confirm-removal");
    expect(screen.getByTestId("problem-reason").textContent).not.toBe("");
    expect(called("member_remove")).toEqual([]);
    await type("field-reason", "Gone");
    await click("confirm-removal");
    await waitFor(() => expect(called("member_remove")).toHaveLength(1));
    expect(called("member_remove")[0]).toEqual({ book: BOOK, person: slug("person", "chris"), device: null, reason: "Gone" });
  });
  it("says which secrets nobody else holds, and that more signatures are needed", async () => {
    const bank = host.records.find((one) => one.row.title === "Online banking") ?? expect.unreachable();
    bank.row.fields["holders"] = [slug("person", "ben")];
    render(People, { book: BOOK });
    await openPerson("Ben", "remove-member");
    const preview = await screen.findByTestId("removal-preview");
    expect(screen.getByTestId("removal-votes").textContent).toContain("1 of 2");
    expect(screen.getByTestId("sole-secrets").textContent).toContain("1");
    expect(preview.querySelector("tbody tr")?.textContent).toContain("Online banking");
    expect(await violations()).toEqual([]);
  });
  it("gives a role with its term and the decision behind it", async () => {
    render(People, { book: BOOK });
    await openPerson("Emil", "grant");
    await click("confirm-grant");
    expect((await screen.findByTestId("problem-role")).textContent).not.toBe("");
    await fireEvent.change(screen.getByTestId("field-role"), { target: { value: "teller" } });
    await fireEvent.change(screen.getByTestId("field-to"), { target: { value: "2027-01-31" } });
    await type("field-decision", "Minutes of July");
    await click("confirm-grant");
    await waitFor(() => expect(called("role_grant")).toHaveLength(1));
    expect(called("role_grant")[0]).toMatchObject({ role: "teller", to: "2027-01-31", decision: "Minutes of July" });
  });
  it("ends a role with a reason", async () => {
    render(People, { book: BOOK });
    await openPerson("Emil", "end-member");
    await type("field-reason", "Asked for it");
    await click("confirm-end");
    await waitFor(() => expect(called("role_end")[0]).toMatchObject({ role: "member", reason: "Asked for it" }));
  });
});

describe("inviting", () => {
  it("asks for what is missing, then shows words, text and picture", async () => {
    render(People, { book: BOOK });
    await click("invite");
    await click("create-invitation");
    expect((await screen.findByTestId("problem-name")).textContent).not.toBe("");
    expect(called("invitation_create")).toEqual([]);
    expect(await violations()).toEqual([]);
    await type("field-name", "Hana");
    await fireEvent.click(screen.getByTestId("roles-member"));
    await click("create-invitation");
    await screen.findByTestId("invitation");
    expect(called("invitation_create")[0]).toEqual({
      book: BOOK, person: null, name: "Hana", roles: ["contributor", "member"], days: 7, folder: "/media/stick/harbor",
    });
    expect(screen.getByTestId("invitation-words").querySelectorAll("li")).toHaveLength(6);
    expect(screen.getByTestId<HTMLImageElement>("invitation-qr").src).toMatch(/^data:image\/svg\+xml/);
    expect(await violations()).toEqual([]);
    await click("save-invitation");
    await waitFor(() => expect(called("invitation_save")).toHaveLength(1));
    await click("revoke-invitation");
    await waitFor(() => expect(screen.queryByTestId("invitation")).toBeNull());
    expect(called("invitation_revoke")).toHaveLength(1);
  });
  it("invites another device of one’s own without a role", async () => {
    render(People, { book: BOOK });
    await openPerson("Anna Berg", "add-device");
    await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("field-folder").value).not.toBe(""));
    await click("create-invitation");
    await waitFor(() => expect(called("invitation_create")[0]).toMatchObject({ person: slug("person", "anna"), roles: [] }));
  });
});

describe("what does not count", () => {
  it("is released only with a reason", async () => {
    render(HeldBack, { book: BOOK });
    await click("release-0");
    await click("confirm-release");
    expect(called("held_release")).toEqual([]);
    await type("field-reason", "Checked with Ben");
    await click("confirm-release");
    await waitFor(() => expect(screen.getByTestId("held").querySelectorAll("li")).toHaveLength(1));
    expect(called("held_release")[0]).toMatchObject({ object: "d1".repeat(32), reason: "Checked with Ben" });
    expect(await violations()).toEqual([]);
  });
  it("is listed with its reason, and reached from the sync screen", async () => {
    render(NotAccepted, { book: BOOK });
    expect((await screen.findByTestId("rejected-records")).textContent).toContain("being removed");
    expect(screen.getByTestId("rejected").textContent).toContain("not a member");
    expect(await violations()).toEqual([]);
    render(Sync, { book: BOOK });
    expect((await screen.findByTestId("open-held")).textContent).toContain("2");
    expect(screen.getByTestId("open-rejected").textContent).toContain("2");
  });
});

describe("the recovery sheet", () => {
  it("shows twelve words, once", async () => {
    render(Recovery, { book: BOOK });
    await click("make-sheet");
    expect((await screen.findByTestId("recovery-words")).querySelectorAll("li")).toHaveLength(12);
    expect(screen.queryByTestId("make-sheet")).toBeNull();
    expect(called("recovery_create")).toHaveLength(1);
    expect(await violations()).toEqual([]);
  });
});
