import { day, ref, simple, text } from "../../simple";

export const sealedValue = simple({
  kind: "sealed-value",
  path: "operations/sealed-values",
  change: "edit",
  fields: [
    ref("secret", "secret", { column: "minmax(12rem, 2fr)" }),
    text("value", { mono: true }),
    day("rotated", { optional: true, column: "8rem" }),
  ],
});
