import { lines, moment, ref, simple, text, yesno } from "../../simple";

export const session = simple({
  kind: "session",
  path: "governance/sessions",
  change: "edit",
  fields: [
    text("title", { column: "minmax(12rem, 2fr)" }),
    ref("venue", "venue", { optional: true, column: "minmax(9rem, 1fr)" }),
    moment("starts", { column: "11rem" }),
    moment("ends", { optional: true }),
    yesno("held", { column: "7rem" }),
    lines("notes", { optional: true }),
    text("uid", { optional: true, mono: true, more: true }),
    text("origin", { optional: true, fixed: true }),
  ],
});
