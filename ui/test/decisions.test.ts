import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import { BOOK, slug } from "../src/dev/fake-data";
import { RULES } from "../src/dev/fake-decision-data";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import { parseRoute } from "../src/router";
import ProposalList from "../src/screens/decisions/ProposalList.svelte";
import ProposalScreen from "../src/screens/decisions/ProposalScreen.svelte";
import NewProposal from "../src/screens/decisions/NewProposal.svelte";
import { followHost, store } from "../src/store.svelte";
import { formatDate } from "../src/words";

let host: FakeHost;
let stop = () => {};
async function begin(flags = "") {
  stop();
  host = new FakeHost(new URLSearchParams(flags));
  useTransport(host);
  stop = await followHost();
}
beforeEach(async () => {
  store.route = parseRoute(`#/${BOOK}/decisions`);
  await begin();
});
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
const click = async (mark: string) => fireEvent.click(await screen.findByTestId(mark));
const type = async (mark: string, value: string) => fireEvent.input(await screen.findByTestId(mark), { target: { value } });
const choose = async (mark: string, value: string) => fireEvent.change(await screen.findByTestId(mark), { target: { value } });
const text = async (mark: string) => (await screen.findByTestId(mark)).textContent ?? "";
const id = (title: string) => slug("proposal", title);
const show = (title: string) => render(ProposalScreen, { book: BOOK, id: id(title) });
async function violations(): Promise<string[]> {
  const rules = { "color-contrast": { enabled: false }, "heading-order": { enabled: true } };
  const result = await axe.run(document.body, { runOnly: ["wcag2a", "wcag2aa"], rules });
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
}

describe("the list", () => {
  it("shows first what waits for the person here, then the rest, then what is over with its result", async () => {
    render(ProposalList, { book: BOOK });
    const mine = await screen.findByTestId("votes-mine");
    expect(mine.textContent).toContain("Your vote is missing");
    expect(mine.textContent).toContain("Your count is missing");
    expect((await screen.findByTestId("votes-open")).textContent).toContain("Which logo?");
    const closed = screen.getByTestId("votes-closed").textContent;
    expect(closed).toContain("Passed – 2 yes and 1 no");
    expect(closed).toContain("Taken back");
    expect(await violations()).toEqual([]);
  });
  it("teaches when it is empty, and says what is broken", async () => {
    await begin("decisions=empty");
    const { unmount } = render(ProposalList, { book: BOOK });
    await screen.findByText(/Nothing was put to a vote yet/);
    unmount();
    await begin("decisions=broken");
    render(ProposalList, { book: BOOK });
    expect(await text("failure")).toContain("could not be read");
  });
  it("takes in a vote held elsewhere only from a file that was read whole", async () => {
    host.commands["pick_file"] = () => "/torn.blt";
    render(ProposalList, { book: BOOK });
    await click("election");
    await click("pick-path");
    expect(await text("election-found")).toContain("Line 4 holds no ballot.");
    expect(screen.getByTestId<HTMLButtonElement>("confirm-election").disabled).toBe(true);
    host.commands["pick_file"] = () => "/treasurer.blt";
    await click("pick-path");
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("confirm-election").disabled).toBe(false));
    expect(await violations()).toEqual([]);
    await click("confirm-election");
    await waitFor(() => expect(called("election_import")).toEqual([{ book: BOOK, path: "/treasurer.blt", title: "Treasurer 2026", text: "", date: null }]));
    await waitFor(() => expect(screen.queryByTestId("confirm-election")).toBeNull());
  });
});

describe("one vote", () => {
  it("says the rule with its numbers, and takes a vote that can be changed", async () => {
    show("Let Fatma become a member?");
    expect(await text("rule-sentence")).toContain("4 people are on the roll");
    await click("cast");
    expect(await text("problems")).toContain("Choose one, or abstain.");
    expect(called("vote")).toEqual([]);
    await click("choice-1");
    await type("field-why", " Too early ");
    await click("cast");
    await waitFor(() => expect(called("vote")).toHaveLength(1));
    expect(called("vote")[0]).toEqual({
      book: BOOK, proposal: id("Let Fatma become a member?"), choice: { choice: "no", ranking: [], scores: [], reason: "Too early" },
    });
    await waitFor(() => expect(screen.getByTestId("my-ballot").textContent).toContain("You voted: No."));
    expect(await text("voter-Anna Berg")).toContain("Too early");
    await click("choice-2");
    await click("cast");
    await waitFor(() => expect(called("vote")[1]).toMatchObject({ choice: { choice: "abstain" } }));
    await waitFor(() => expect(store.said).toContain("The last one counts"));
    expect(await violations()).toEqual([]);
  });
  it("puts options in order with the keyboard alone, and keeps the keyboard where it was", async () => {
    show("Which logo?");
    const order = async () => [...(await screen.findByTestId("ranked")).querySelectorAll("li")].map((one) => one.dataset["option"]);
    expect(await order()).toEqual(["Anchor", "Blue wave"]);
    expect(await text("unranked")).toContain("Keep the old one");
    const up = screen.getByTestId("up-1");
    up.focus();
    await fireEvent.keyDown(up, { key: "ArrowUp", altKey: true });
    expect(await order()).toEqual(["Blue wave", "Anchor"]);
    await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toContain("Blue wave"));
    await click("put-0");
    await click("leave-1");
    expect(await order()).toEqual(["Blue wave", "Keep the old one"]);
    expect(await violations()).toEqual([]);
    await click("cast");
    await waitFor(() => expect(called("vote")[0]?.["choice"]).toEqual({ choice: "", ranking: ["Blue wave", "Keep the old one"], scores: [], reason: null }));
  });
  it("takes points for every option, and shows no counts before the close where the rule hides them", async () => {
    show("What comes first next year?");
    expect(await text("hidden")).toContain("after the close");
    expect(await text("voter-Ben")).toContain("voted");
    await click("points-0-5");
    await click("cast");
    expect(await text("problems")).toContain("every option");
    await click("points-1-2");
    expect(await violations()).toEqual([]);
    await click("cast");
    await waitFor(() => expect(called("vote")[0]?.["choice"]).toMatchObject({ choice: "", scores: ["5", "2"] }));
    await waitFor(() => expect(screen.getByTestId("my-ballot").textContent).toContain("New mirror 5"));
  });
  it("shows result, ties beside ballots, what is not in the count and why, and what carried it out", async () => {
    show("Pay Ben for night shifts?");
    expect(await text("result")).toContain(`in effect from ${formatDate("2026-07-20")}`);
    expect(await text("voter-Ben")).toContain("Paid by the service: 400.00 EUR");
    expect(await text("voter-Anna Berg")).toContain("family: Ben Ostrow");
    expect(await text("late")).toContain("Chris – alone it would not have changed it");
    expect(await text("late-together")).toContain("would not have changed");
    expect(await text("ineligible")).toContain("not on the roll");
    expect(await text("tally")).toContain("holds");
    expect(screen.getByTestId("executed-by").querySelector("a")?.getAttribute("href")).toContain("finance/schedules/");
    expect(await violations()).toEqual([]);
  });
  it("is counted by a teller after looking, and then written into the register", async () => {
    show("Move to a second host?");
    await click("count");
    expect(await text("count-preview")).toContain("passed");
    expect(called("tally_sign")).toEqual([]);
    expect(await violations()).toEqual([]);
    await click("sign-count");
    await waitFor(() => expect(called("tally_sign")).toEqual([{ book: BOOK, proposal: id("Move to a second host?"), recount: false }]));
    await click("register");
    await click("confirm-register");
    await waitFor(() => expect(called("decision_record")[0]?.["new"]).toMatchObject({
      proposal: id("Move to a second host?"), title: "Move to a second host?", effective_from: "2026-08-20", executed_by: [], corrects: null,
    }));
    await waitFor(() => expect(screen.getByTestId("executed").textContent).toContain("Move to a second host?"));
  });
  it("is seconded at once, and vetoed only with a reason", async () => {
    show("No confidence in leadership?");
    await click("say-second");
    await waitFor(() => expect(called("say")[0]).toMatchObject({ kind: "second", reason: null }));
    await waitFor(() => expect(screen.queryByTestId("say-second")).toBeNull());
    const view = host.decisions.views.find((one) => one.title.startsWith("No confidence")) ?? expect.unreachable();
    view.mine.may_veto = true;
    store.revision += 1;
    await click("say-veto");
    await click("confirm-say");
    expect(await text("problem-reason")).not.toBe("");
    expect(called("say")).toHaveLength(1);
    await type("field-reason", "Biased");
    expect(await violations()).toEqual([]);
  });
  it("that is not here says so", async () => {
    show("No such vote");
    expect(await text("failure")).toContain("not here");
    expect(screen.getAllByRole("heading", { level: 1 })).toHaveLength(1);
  });
});

describe("a new proposal", () => {
  it("shows what the rule takes before anything is opened, and asks for what is missing", async () => {
    render(NewProposal, { book: BOOK });
    await click("open-proposal");
    expect(await text("problem-rule")).not.toBe("");
    expect(await text("problem-title")).not.toBe("");
    await choose("field-rule", "logo");
    expect(await text("chosen-rule")).toContain("4 people are on the roll");
    await type("field-title", "Which banner?");
    await type("field-days", "90");
    await click("open-proposal");
    expect(await text("problem-options")).toContain("two options");
    expect(await text("problem-days")).toContain("Between 3 and 30");
    expect(called("proposal_open")).toEqual([]);
    await type("field-options", "Red\n\n Red \nGreen");
    await type("field-days", "10");
    expect(await violations()).toEqual([]);
    await click("open-proposal");
    await waitFor(() => expect(called("proposal_open")).toHaveLength(1));
    expect(called("proposal_open")[0]).toEqual({ book: BOOK, new: {
      title: "Which banner?", text: "", rule: "logo", options: ["Red", "Green"], days: 10, about_kind: null, about: null, conflicts: [],
    } });
    await waitFor(() => expect(location.hash).toContain("/decisions/"));
  });
  it("asks for no options where the method has its own, and lets nobody try what they may not", async () => {
    render(NewProposal, { book: BOOK });
    await choose("field-rule", RULES["membership"]?.name ?? "");
    expect(screen.queryByTestId("field-options")).toBeNull();
    await choose("field-rule", "binding");
    expect(await text("may-not")).toContain("may not");
    expect(screen.getByTestId<HTMLButtonElement>("open-proposal").disabled).toBe(true);
  });
});
