import { choice, day, decided, lines, ref, simple, texts } from "../../simple";

const FROM = ["evaluating", "starting", "operating", "closing"] as const;
const TO = ["starting", "operating", "closing", "closed"] as const;

export const phase = simple({
  kind: "phase",
  path: "product/phases",
  fields: [
    day("date", { column: "8rem" }),
    choice("from", FROM, { words: "phase", column: "9rem" }),
    choice("to", TO, { words: "phase", column: "9rem" }),
    lines("statement", { column: "minmax(12rem, 2fr)" }),
    decided({ column: "minmax(9rem, 1fr)" }),
    day("ends"),
    ref("person", "person"),
    texts("gate", { mono: true }),
  ],
});
