import { momentNow } from "../../../dates";
import { ownPerson } from "../../own";
import { choice, hash, instant, lines, ref, simple, text, yesno } from "../../simple";

/** One line of the timeline of an incident. */
export const incidentLine = simple({
  ...ownPerson,
  kind: "incident-line",
  path: "operations/incident-lines",
  begin: () => ({ at: momentNow() }),
  fields: [
    ref("incident", "incident", { column: "minmax(10rem, 1fr)" }),
    instant("at", { column: "12.5rem" }),
    choice("type", ["observation", "action", "decision", "communication"], { column: "9rem" }),
    lines("text", { column: "minmax(12rem, 2fr)" }),
    yesno("public"),
    choice("status", ["investigating", "identified", "monitoring", "resolved"], { optional: true, when: (fields) => fields["public"] === true }),
    hash("evidence", { optional: true, sealed: true, more: true }),
    ref("person", "person", { fixed: true, column: "minmax(9rem, 1fr)" }),
    text("origin", { fixed: true, mono: true }),
  ],
});
