import { THEN } from "../scenario";
import { choice, ref, simple, text, texts } from "../../simple";

export const firing = simple({
  kind: "firing",
  path: "product/firings",
  fields: [
    text("month", { column: "8rem" }),
    ref("scenario", "scenario", { column: "minmax(11rem, 2fr)" }),
    texts("values", { column: "minmax(12rem, 2fr)" }),
    choice("then", THEN, { words: "scenario.then", column: "minmax(9rem, 1fr)" }),
  ],
});
