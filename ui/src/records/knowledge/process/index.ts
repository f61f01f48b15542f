import { day, lines, long, ref, simple, text, yesno } from "../../simple";

/** How something is done here, again and again. */
export const process = simple({
  kind: "process",
  path: "knowledge/processes",
  change: "edit",
  begin: () => ({ public: true }),
  fields: [
    text("title", { column: "minmax(14rem, 2fr)" }),
    lines("purpose", { optional: true, column: "minmax(12rem, 2fr)" }),
    lines("inputs", { optional: true }),
    lines("outputs", { optional: true }),
    long("body"),
    ref("owner", "person", { optional: true, column: "minmax(8rem, 1fr)" }),
    day("reviewed", { optional: true }),
    day("expires", { optional: true, column: "8rem" }),
    yesno("public"),
    text("adopted_from", { optional: true, more: true }),
    text("adopted_sha256", { optional: true, mono: true, more: true }),
    text("licence", { optional: true, more: true }),
  ],
});
