import { choice, day, lines, moment, ref, simple, text, texts, whole } from "../../simple";

export const incident = simple({
  kind: "incident",
  path: "operations/incidents",
  change: "edit",
  begin: () => ({ visibility: "public", severity: "sev3" }),
  fields: [
    text("title", { column: "minmax(14rem, 3fr)" }),
    choice("severity", ["sev1", "sev2", "sev3", "sev4"], { column: "10rem" }),
    texts("components", { column: "minmax(9rem, 1fr)" }),
    moment("started", { optional: true, column: "11rem" }),
    moment("detected", { optional: true }),
    moment("acknowledged", { optional: true, more: true }),
    moment("mitigated", { optional: true }),
    moment("resolved", { optional: true, column: "11rem" }),
    choice("detection", ["monitor", "user", "member", "other"], { optional: true, more: true }),
    lines("impact", { optional: true }),
    whole("users_affected", { optional: true, more: true }),
    choice("data_lost", ["no", "some", "unknown"], { optional: true, more: true }),
    ref("lead", "person", { optional: true }),
    ref("communications", "person", { optional: true, more: true }),
    ref("scribe", "person", { optional: true, more: true }),
    choice("visibility", ["public", "embargoed"], { column: "9rem" }),
    day("embargo_until", { optional: true, when: (fields) => fields["visibility"] === "embargoed" }),
    text("origin", { optional: true, fixed: true }),
    text("url", { optional: true, mono: true, more: true }),
  ],
});
