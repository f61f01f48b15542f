import { choice, day, lines, ref, simple, text } from "../../simple";

const KINDS = ["employment", "payment", "family", "investment"] as const;

export const interest = simple({
  kind: "interest",
  path: "governance/interests",
  change: "edit",
  fields: [
    ref("person", "person", { column: "minmax(9rem, 1fr)" }),
    text("subject", { column: "minmax(12rem, 2fr)" }),
    choice("kind", KINDS, { column: "10rem" }),
    day("from", { optional: true, column: "8rem" }),
    day("until", { optional: true, column: "8rem" }),
    lines("note", { optional: true }),
  ],
});
