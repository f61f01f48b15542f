import { momentNow } from "../../../dates";
import { formatUtc, t, word } from "../../../words";
import Incidents from "../../../screens/operations/Incidents.svelte";
import { choice, day, instant, long, ref, simple, text, texts, whole } from "../../simple";
import View from "./View.svelte";

const embargoed = (fields: { visibility?: string }) => fields.visibility === "embargoed";

export const incident = simple({
  kind: "incident",
  path: "operations/incidents",
  change: "edit",
  List: Incidents,
  View,
  begin: () => ({ severity: "sev3", detected: momentNow(), visibility: "public" }),
  columns: [
    { label: "incident.title", width: "minmax(14rem, 2fr)", text: ({ fields, title }) => String(fields["title"] ?? title) },
    { label: "incident.severity", width: "8rem", text: ({ fields }) => word("incident.severity", fields["severity"]) },
    { label: "incident.started", width: "12rem", text: ({ fields }) => formatUtc(fields["started"] ?? fields["detected"]) },
    { label: "incident.resolved", width: "12rem", text: ({ fields }) => formatUtc(fields["resolved"]) || t("incidents.open") },
  ],
  fields: [
    text("title"),
    choice("severity", ["sev1", "sev2", "sev3", "sev4"]),
    texts("components"),
    instant("started", { optional: true }),
    instant("detected", { optional: true }),
    instant("acknowledged", { optional: true }),
    instant("mitigated", { optional: true }),
    instant("resolved", { optional: true }),
    long("impact"),
    choice("visibility", ["public", "embargoed"]),
    day("embargo_until", { when: embargoed }),
    choice("detection", ["monitor", "user", "member", "other"], { optional: true, more: true }),
    whole("users_affected", { optional: true, more: true }),
    choice("data_lost", ["no", "some", "unknown"], { optional: true, more: true }),
    ref("lead", "person", { optional: true, more: true }),
    ref("communications", "person", { optional: true, more: true }),
    ref("scribe", "person", { optional: true, more: true }),
    text("url", { optional: true, mono: true, more: true }),
    text("origin", { fixed: true, mono: true }),
  ],
});
