import { momentNow } from "../../../dates";
import SimpleForm from "../../SimpleForm.svelte";
import { instant, simple, text, texts } from "../../simple";

/** One number of the running service. */
export const measurement = simple({
  kind: "measurement",
  path: "operations/measurements",
  addable: true,
  Form: SimpleForm,
  begin: () => ({ at: momentNow() }),
  fields: [
    text("metric", { mono: true, column: "minmax(12rem, 1fr)" }),
    texts("labels", { mono: true, column: "minmax(8rem, 1fr)" }),
    text("value", { column: "8rem" }),
    text("unit", { optional: true, column: "6rem" }),
    instant("at", { column: "12.5rem" }),
    text("source", { optional: true }),
    text("origin", { fixed: true, mono: true }),
  ],
});
