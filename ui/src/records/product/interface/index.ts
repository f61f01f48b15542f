import { day, lines, simple, text } from "../../simple";

export const publicInterface = simple({
  kind: "interface",
  path: "product/interfaces",
  change: "edit",
  fields: [
    text("name", { column: "minmax(10rem, 1fr)" }),
    day("since", { optional: true, column: "8rem" }),
    text("spec", { optional: true, column: "minmax(10rem, 1fr)" }),
    lines("promise", { column: "minmax(11rem, 2fr)" }),
    day("broken", { optional: true, more: true, column: "8rem" }),
    lines("why_broken", { optional: true, more: true }),
  ],
});
