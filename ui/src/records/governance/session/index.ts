import { instant, lines, ref, simple, text, yesno } from "../../simple";

/** One meeting of a community of practice. */
export const session = simple({
  kind: "session",
  path: "governance/sessions",
  change: "edit",
  fields: [
    text("title", { column: "minmax(12rem, 2fr)" }),
    ref("venue", "venue", { optional: true, column: "minmax(9rem, 1fr)" }),
    instant("starts", { column: "12.5rem" }),
    instant("ends", { optional: true }),
    yesno("held", { column: "6rem" }),
    lines("notes", { optional: true }),
    text("uid", { fixed: true, mono: true }),
    text("origin", { fixed: true, mono: true }),
  ],
});
