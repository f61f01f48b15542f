import { count, day, lines, moment, ref, simple, text, texts } from "../../simple";

export const close = simple({
  kind: "close",
  path: "finance/closes",
  fields: [
    day("from", { column: "8rem" }),
    day("to", { column: "8rem" }),
    ref("person", "person", { column: "minmax(9rem, 1fr)" }),
    moment("at", { column: "12rem" }),
    lines("note", { column: "minmax(10rem, 2fr)" }),
    text("sha256", { mono: true }),
    texts("trial_balance"),
    count("transactions"),
    texts("heads"),
  ],
});
