import { day, lines, long, ref, simple, texts } from "../../simple";

/** What was learned from an incident. */
export const review = simple({
  kind: "review",
  path: "operations/reviews",
  change: "edit",
  fields: [
    ref("incident", "incident", { column: "minmax(12rem, 2fr)" }),
    lines("trigger", { optional: true }),
    texts("contributing_factors"),
    long("summary"),
    lines("went_well", { optional: true }),
    lines("went_poorly", { optional: true }),
    lines("lucky", { optional: true }),
    day("published", { optional: true, column: "8rem" }),
    ref("person", "person", { optional: true, column: "minmax(9rem, 1fr)" }),
  ],
});
