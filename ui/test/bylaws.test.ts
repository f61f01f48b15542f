import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import axe from "axe-core";
import { beforeEach, expect, it } from "vitest";
import { BOOK } from "../src/dev/fake-data";
import { fakeQuestions } from "../src/dev/fake-bylaws";
import { FakeHost } from "../src/dev/fake-host";
import { useTransport } from "../src/host";
import { bylawsQuestions } from "../src/messages/de/bylaws";
import { href, parseRoute } from "../src/router";
import Place from "../src/screens/Place.svelte";
import { asked } from "../src/screens/framework/bylaws";
import { followHost, loadApp, store } from "../src/store.svelte";

let host: FakeHost;
const called = (name: string) => host.calls.filter(([command]) => command === name).map(([, args]) => args);
beforeEach(async () => {
  host = new FakeHost(new URLSearchParams());
  useTransport(host);
  await loadApp();
  await followHost();
  history.replaceState(null, "", href(BOOK, "framework/bylaws"));
  delete document.body.dataset["ready"];
  store.route = parseRoute(location.hash);
  render(Place);
  await waitFor(() => expect(document.body.dataset["ready"]).toBe("framework/bylaws"));
});

it("shows each question with its gap, and the text that comes of the answers", async () => {
  expect(screen.getByTestId("bylaws-text").textContent).toContain("A tie passes nothing.");
  expect(screen.getByTestId("bylaws-missing").textContent).toContain("treasurer");
  await fireEvent.click(screen.getByTestId("tie-chair"));
  await waitFor(() => expect(screen.getByTestId("bylaws-text").textContent).toContain("Leadership decides a tie."));
  expect(screen.getByTestId("bylaws-rules").textContent).toContain("membership");
  const rules = { "color-contrast": { enabled: false } };
  const result = await axe.run(document.body, { runOnly: ["wcag2a", "wcag2aa"], rules });
  expect(result.violations.map((one) => one.id)).toEqual([]);
});

it("writes the text as a page and leads there", async () => {
  await fireEvent.click(screen.getByTestId("grace-0"));
  await waitFor(() => expect(screen.getByTestId("bylaws-text").textContent).toContain("Not at all."));
  await fireEvent.click(screen.getByTestId("bylaws-write"));
  await waitFor(() => expect(location.hash).toContain("knowledge/pages/"));
  expect(called("bylaws_write")).toEqual([{ book: BOOK, answers: { grace: "0" } }]);
});

it("takes rules into force by a decision only", async () => {
  const adopt = screen.getByText("Take the rules into force");
  await fireEvent.click(adopt);
  expect(await screen.findByTestId("problem-decision")).toBeTruthy();
  expect(called("bylaws_adopt")).toEqual([]);
  await fireEvent.input(screen.getByLabelText(/decision that adopted/), { target: { value: "Vote 3" } });
  await fireEvent.click(adopt);
  await waitFor(() => expect(called("bylaws_adopt")).toEqual([{ book: BOOK, answers: {}, decision: "Vote 3" }]));
});

it("is read in German as a translation that says which text binds", async () => {
  expect(screen.queryByTestId("bylaws-translation")).toBeNull();
  await fireEvent.click(screen.getByLabelText("German (translation)"));
  const text = screen.getByTestId("bylaws-text");
  await waitFor(() => expect(text.textContent).toContain("Dies ist eine Übersetzung"));
  expect(text.lang).toBe("de");
  expect(screen.getByTestId("bylaws-translation").textContent).toContain("The English text binds");
});

it("asks in German what has a translation, and says where there is none", () => {
  for (const one of fakeQuestions) {
    expect(asked(one, "de")).toEqual({ ...bylawsQuestions[one.id], lang: undefined });
    expect(asked(one, "fr").lang).toBe("en");
    expect(asked(one, "en").question).toBe(one.question);
  }
});
