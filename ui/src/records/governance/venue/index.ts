import { choice, lines, simple, text } from "../../simple";

export const venue = simple({
  kind: "venue",
  path: "governance/venues",
  change: "edit",
  fields: [
    text("name", { column: "minmax(12rem, 2fr)" }),
    choice("mode", ["synchronous", "asynchronous"], { column: "11rem" }),
    text("address", { optional: true, mono: true, column: "minmax(10rem, 2fr)" }),
    lines("description", { optional: true }),
  ],
});
