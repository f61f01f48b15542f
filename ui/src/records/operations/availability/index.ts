import SimpleForm from "../../SimpleForm.svelte";
import { choice, instant, simple, text } from "../../simple";

/** How a component was for a while. What no record covers is not known. */
export const availability = simple({
  kind: "availability",
  path: "operations/availabilities",
  addable: true,
  Form: SimpleForm,
  fields: [
    text("component", { column: "minmax(9rem, 1fr)" }),
    choice("state", ["up", "degraded", "down", "maintenance"], { column: "9rem" }),
    instant("from", { column: "12.5rem" }),
    instant("until", { column: "12.5rem" }),
    text("source", { column: "minmax(8rem, 1fr)" }),
    text("origin", { fixed: true, mono: true }),
  ],
});
