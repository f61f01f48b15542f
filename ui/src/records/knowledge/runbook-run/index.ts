import { instant, lines, ref, simple, text, texts, yesno } from "../../simple";

/** How following a runbook went. The window writes it step by step. */
export const runbookRun = simple({
  kind: "runbook-run",
  path: "knowledge/runbook-runs",
  fields: [
    ref("runbook", "runbook", { column: "minmax(12rem, 2fr)" }),
    instant("started", { column: "12.5rem" }),
    instant("ended"),
    ref("incident", "incident"),
    yesno("drill", { column: "6rem" }),
    texts("steps"),
    lines("deviations", { column: "minmax(10rem, 2fr)" }),
    ref("person", "person", { column: "minmax(8rem, 1fr)" }),
    text("sha256", { mono: true }),
  ],
});
