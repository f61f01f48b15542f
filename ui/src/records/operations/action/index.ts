import { choice, day, lines, ref, simple, text } from "../../simple";

/** What is to be done after an incident. */
export const action = simple({
  kind: "action",
  path: "operations/actions",
  change: "edit",
  fields: [
    lines("text", { column: "minmax(14rem, 2fr)" }),
    ref("about", "review", { also: ["incident"], column: "minmax(10rem, 1fr)" }),
    choice("type", ["prevent", "detect", "mitigate", "process"], { column: "9rem" }),
    ref("owner", "person", { optional: true, column: "minmax(8rem, 1fr)" }),
    day("due", { optional: true, column: "8rem" }),
    day("done", { optional: true, column: "8rem" }),
    text("proof", { optional: true }),
  ],
});
