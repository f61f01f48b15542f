import { ownPerson } from "../../own";
import { lines, moment, ref, simple, text, texts, yesno } from "../../simple";

export const runbookRun = simple({
  ...ownPerson,
  kind: "runbook-run",
  path: "knowledge/runbook-runs",
  fields: [
    ref("runbook", "runbook", { column: "minmax(12rem, 2fr)" }),
    text("sha256", { mono: true, more: true }),
    moment("started", { column: "11rem" }),
    moment("ended", { optional: true }),
    ref("incident", "incident", { optional: true }),
    texts("steps"),
    lines("deviations", { optional: true }),
    yesno("drill", { column: "7rem" }),
    ref("person", "person", { fixed: true, column: "minmax(9rem, 1fr)" }),
  ],
});
