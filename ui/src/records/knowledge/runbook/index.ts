import { day, lines, long, ref, simple, text, texts, yesno } from "../../simple";
import Coverage from "../../../screens/knowledge/RunbookCoverage.svelte";
import RunScreen from "../../../screens/knowledge/run/RunScreen.svelte";
import View from "./View.svelte";

export const runbook = simple({
  kind: "runbook",
  path: "knowledge/runbooks",
  change: "edit",
  Above: Coverage,
  View,
  screens: { run: RunScreen },
  begin: () => ({ public: true, body: "" }),
  fields: [
    text("title", { column: "minmax(14rem, 2fr)" }),
    lines("symptom", { optional: true }),
    texts("alerts", { mono: true, column: "minmax(10rem, 1fr)" }),
    texts("components", { column: "minmax(8rem, 1fr)" }),
    lines("prerequisites", { optional: true }),
    long("body"),
    lines("escalation", { optional: true, more: true }),
    ref("owner", "person", { optional: true, column: "minmax(8rem, 1fr)" }),
    ref("backup", "person", { optional: true }),
    day("reviewed", { optional: true }),
    day("expires", { optional: true, column: "8rem" }),
    yesno("public"),
    text("adopted_from", { optional: true, more: true }),
    text("adopted_sha256", { optional: true, mono: true, more: true }),
    text("licence", { optional: true, more: true }),
  ],
});
