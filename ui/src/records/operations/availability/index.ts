import SimpleForm from "../../SimpleForm.svelte";
import { choice, moment, simple, text } from "../../simple";

export const availability = simple({
  kind: "availability",
  path: "operations/availabilities",
  addable: true,
  Form: SimpleForm,
  fields: [
    text("component", { column: "minmax(10rem, 2fr)" }),
    moment("from", { column: "11rem" }),
    moment("until", { column: "11rem" }),
    choice("state", ["up", "degraded", "down", "maintenance"], { column: "8rem" }),
    text("source", { column: "minmax(9rem, 1fr)" }),
    text("origin", { optional: true, fixed: true }),
  ],
});
