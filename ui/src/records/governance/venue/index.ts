import { choice, lines, simple, text } from "../../simple";

/** Where a community of practice meets or writes. */
export const venue = simple({
  kind: "venue",
  path: "governance/venues",
  change: "edit",
  fields: [
    text("name", { column: "minmax(12rem, 1fr)" }),
    choice("mode", ["synchronous", "asynchronous"], { column: "10rem" }),
    text("address", { optional: true, mono: true, column: "minmax(12rem, 1fr)" }),
    lines("description", { optional: true }),
  ],
});
