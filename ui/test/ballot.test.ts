import { describe, expect, it } from "vitest";
import { RULES, fakeView, fakeViews } from "../src/dev/fake-decision-data";
import { choiceOf, draftOf, missing, moved, optionWord, readPoints, readRanking, wayOf } from "../src/screens/decisions/ballot";
import { asked, lacking, linesOf, optionsOf } from "../src/screens/decisions/opening";
import { grouped, isDone, stageSentence, widths } from "../src/screens/decisions/votes";

const view = (rule: string, said: string | null, options: string[]) => {
  const terms = RULES[rule] ?? expect.unreachable();
  const ballot = said === null ? null : { id: "b", seq: 1, choice: said, reason: null, counted: true };
  return { options, terms, mine: { ballot } };
};

describe("a ballot", () => {
  it("is read back from the words it is shown with", () => {
    const tricky = ["a", "a > b", "b"];
    expect(readRanking("b > a", ["a", "b", "c"])).toEqual(["b", "a"]);
    expect(readRanking("a > b > a > b", tricky)).toEqual(["a > b", "a", "b"]);
    expect(readRanking("x > a", ["a", "b"])).toEqual([]);
    expect(readRanking("a > a", ["a", "b"])).toEqual([]);
    expect(readPoints("red, or blue 5, green 0", ["red, or blue", "green"])).toEqual([5, 0]);
    expect(readPoints("green 9", ["green"])).toEqual([null]);
    expect(readPoints("green 1, red 2", ["green"])).toEqual([null]);
  });
  it("begins with what was cast, and comes to the same again", () => {
    const ranked = view("logo", "b > a", ["a", "b", "c"]);
    expect(choiceOf(ranked, draftOf(ranked))).toEqual({ choice: "", ranking: ["b", "a"], scores: [], reason: null });
    const scored = view("budget", "a 5, b 0", ["a", "b"]);
    expect(choiceOf(scored, draftOf(scored))).toEqual({ choice: "", ranking: [], scores: ["5", "0"], reason: null });
    const plain = view("membership", "no", ["yes", "no"]);
    expect(choiceOf(plain, draftOf(plain)).choice).toBe("no");
    for (const rule of ["logo", "budget", "membership"]) {
      const abstained = view(rule, "abstain", ["a", "b"]);
      expect(choiceOf(abstained, draftOf(abstained))).toEqual({ choice: "abstain", ranking: [], scores: [], reason: null });
    }
  });
  it("is not cast while something is missing", () => {
    for (const rule of ["logo", "budget", "membership"]) {
      const fresh = view(rule, null, ["a", "b"]);
      expect(missing(fresh, draftOf(fresh))).not.toBeNull();
      expect(missing(fresh, { ...draftOf(fresh), choice: "abstain" })).toBeNull();
    }
  });
  it("moves an option by one place, and none beyond the ends", () => {
    expect(moved(["a", "b", "c"], "b", -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b"], "b", 1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], "a", -1)).toEqual(["a", "b"]);
    expect(moved(["a"], "x", 1)).toEqual(["a"]);
  });
  it("shows words for the options of a method, and the proposer's own as they are", () => {
    expect([optionWord("simple-majority", "yes"), optionWord("plurality", "yes"), optionWord("score", "abstain")]).toEqual(["Yes", "yes", "Abstain"]);
    expect([wayOf("schulze"), wayOf("score"), wayOf("consent")]).toEqual(["ranking", "score", "choice"]);
  });
});

describe("votes in a list", () => {
  it("stand each in one group, the soonest first", () => {
    const rows = fakeViews();
    const groups = grouped(rows);
    expect([...groups.mine, ...groups.open, ...groups.closed].map((row) => row.id).sort()).toEqual(rows.map((row) => row.id).sort());
    expect(groups.mine.every((row) => row.my_vote_missing || row.my_count_missing)).toBe(true);
    const closing = groups.mine.map((row) => row.closes ?? "");
    expect(closing).toEqual([...closing].sort());
  });
  it("are not over while a re-count is due", () => {
    const row = fakeViews().find((one) => one.stage === "counted") ?? expect.unreachable();
    expect(isDone(row)).toBe(true);
    expect(isDone({ ...row, recount_due: true })).toBe(false);
  });
  it("say where they stand in words for every stage", () => {
    const row = fakeView("x", RULES["membership"] ?? expect.unreachable(), { closes: "2026-07-10T10:00:00Z" });
    const now = Date.parse("2026-07-08T10:00:00Z");
    expect(stageSentence(row, now)).toContain("in 2 days");
    for (const stage of ["irregular", "retracted", "needs-seconds", "open", "grace", "to-count", "disputed", "counted"] as const) {
      expect(stageSentence({ ...row, stage }, now)).not.toMatch(/[{}]|^[a-z-]+$/);
    }
  });
  it("draw bars against the largest, and none against nothing", () => {
    expect(widths([{ votes: 4 }, { votes: 1 }, { votes: 0 }])).toEqual([100, 25, 0]);
    expect(widths([{ votes: 0 }])).toEqual([0]);
  });
});

describe("a new proposal", () => {
  const draft = { title: "T", text: null, rule: "logo", options: "a\n a \n\nb", days: null, conflicts: "x\n", about_kind: null, about: null };
  it("names each option once, the default one of the rule with them", () => {
    const logo = RULES["logo"] ?? expect.unreachable();
    expect(linesOf(" a \n\na\nb ")).toEqual(["a", "b"]);
    expect(optionsOf(draft, logo)).toEqual(["a", "b", "Keep the old one"]);
    expect(asked(draft, logo)).toEqual({ title: "T", text: "", rule: "logo", options: ["a", "b"], days: null, about_kind: null, about: null, conflicts: ["x"] });
    expect(optionsOf(draft, RULES["membership"] ?? expect.unreachable())).toEqual([]);
  });
  it("lacks what the rule asks for", () => {
    const logo = RULES["logo"] ?? expect.unreachable();
    const fields = (more: object) => lacking({ ...draft, ...more }, logo).map((problem) => problem.field);
    expect(fields({})).toEqual([]);
    expect(fields({ title: "  ", options: "", days: 2 })).toEqual(["title", "options", "days"]);
    expect(fields({ days: 31 })).toEqual(["days"]);
    expect(fields({ days: "ten" })).toEqual(["days"]);
    expect(lacking({ ...draft, rule: null }, null).map((problem) => problem.field)).toEqual(["rule"]);
  });
});
