import { choice, lines, moment, ref, simple, text } from "../../simple";

export const outcome = simple({
  kind: "outcome",
  path: "finance/outcomes",
  fields: [
    choice("result", ["sent", "rejected", "cancelled"], { column: "minmax(9rem, 1fr)" }),
    ref("expense", "expense", { column: "minmax(12rem, 2fr)" }),
    ref("person", "person", { column: "minmax(8rem, 1fr)" }),
    moment("at", { column: "12rem" }),
    ref("batch", "batch"),
    text("code", { column: "6rem" }),
    lines("reason"),
  ],
});
