import SimpleForm from "../../SimpleForm.svelte";
import { choice, lines, moment, ref, simple, text, yesno } from "../../simple";

export const incidentLine = simple({
  kind: "incident-line",
  path: "operations/incident-lines",
  addable: true,
  Form: SimpleForm,
  fields: [
    ref("incident", "incident", { column: "minmax(10rem, 1fr)" }),
    moment("at", { column: "11rem" }),
    choice("type", ["observation", "action", "decision", "communication"], { column: "8rem" }),
    lines("text", { column: "minmax(14rem, 3fr)" }),
    yesno("public"),
    choice("status", ["investigating", "identified", "monitoring", "resolved"], { optional: true }),
    text("evidence", { optional: true, mono: true, fixed: true }),
    ref("person", "person", { optional: true, column: "minmax(8rem, 1fr)" }),
    text("origin", { optional: true, fixed: true }),
  ],
});
