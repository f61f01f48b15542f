import { today } from "../../../dates";
import { day, lines, ref, simple } from "../../simple";
import View from "./View.svelte";

/** A secret itself, sealed for those who hold the vault. */
export const sealedValue = simple({
  kind: "sealed-value",
  path: "operations/sealed-values",
  change: "edit",
  View,
  caution: "sealed-value.caution",
  begin: () => ({ rotated: today() }),
  fields: [
    ref("secret", "secret", { column: "minmax(12rem, 2fr)" }),
    lines("value", { secret: true, column: "10rem" }),
    day("rotated", { optional: true, column: "8rem" }),
  ],
});
