import { day, lines, ref, simple, text, yesno } from "../../simple";

export const workProcess = simple({
  kind: "process",
  path: "knowledge/processes",
  change: "edit",
  begin: () => ({ public: true }),
  fields: [
    text("title", { column: "minmax(12rem, 2fr)" }),
    text("purpose", { optional: true, column: "minmax(10rem, 2fr)" }),
    lines("inputs", { optional: true }),
    lines("outputs", { optional: true }),
    lines("body", { optional: true }),
    ref("owner", "person", { optional: true, column: "minmax(9rem, 1fr)" }),
    day("reviewed", { optional: true, column: "8rem" }),
    day("expires", { optional: true }),
    yesno("public"),
    text("adopted_from", { optional: true, more: true }),
    text("adopted_sha256", { optional: true, mono: true, more: true }),
    text("licence", { optional: true, more: true }),
  ],
});
