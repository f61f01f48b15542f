import { href } from "../../../router";
import { choice, count, lines, moment, ref, simple, text } from "../../simple";

const RESULTS = ["passed", "not-passed", "vetoed", "not-started", "chair-decides"] as const;

export const tally = simple({
  kind: "tally",
  path: "governance/tallies",
  links: (book, { fields }) => [{ label: "decide.go", to: href(book, `decisions/${fields["proposal"]}`), mark: "open-vote" }],
  fields: [
    ref("proposal", "proposal", { column: "minmax(12rem, 2fr)" }),
    ref("person", "person", { column: "minmax(9rem, 1fr)" }),
    moment("at", { column: "11rem" }),
    choice("result", RESULTS, { words: "decide.verdict", column: "10rem" }),
    text("winner"),
    lines("statement"),
    count("counted"),
    count("late"),
    count("ineligible"),
    count("interventions"),
    text("counts", { mono: true }),
    text("sha256", { mono: true }),
    ref("corrects", "tally"),
  ],
});
