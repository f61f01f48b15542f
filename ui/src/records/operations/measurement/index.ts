import SimpleForm from "../../SimpleForm.svelte";
import { moment, simple, text, texts } from "../../simple";

export const measurement = simple({
  kind: "measurement",
  path: "operations/measurements",
  addable: true,
  Form: SimpleForm,
  fields: [
    text("metric", { mono: true, column: "minmax(11rem, 2fr)" }),
    texts("labels", { mono: true }),
    moment("at", { column: "11rem" }),
    text("value", { column: "8rem" }),
    text("unit", { optional: true, column: "6rem" }),
    text("source", { optional: true }),
    text("origin", { optional: true, fixed: true }),
  ],
});
