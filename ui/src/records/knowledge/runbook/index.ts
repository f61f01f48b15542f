import { day, lines, ref, simple, text, texts, yesno } from "../../simple";

export const runbook = simple({
  kind: "runbook",
  path: "knowledge/runbooks",
  change: "edit",
  begin: () => ({ public: true }),
  fields: [
    text("title", { column: "minmax(12rem, 2fr)" }),
    text("symptom", { optional: true }),
    texts("alerts", { column: "minmax(9rem, 1fr)" }),
    texts("components", { column: "minmax(9rem, 1fr)" }),
    lines("prerequisites", { optional: true }),
    lines("body", { optional: true }),
    lines("escalation", { optional: true }),
    ref("owner", "person", { optional: true, column: "minmax(8rem, 1fr)" }),
    ref("backup", "person", { optional: true }),
    day("reviewed", { optional: true, column: "8rem" }),
    day("expires", { optional: true }),
    yesno("public"),
    text("adopted_from", { optional: true, more: true }),
    text("adopted_sha256", { optional: true, mono: true, more: true }),
    text("licence", { optional: true, more: true }),
  ],
});
