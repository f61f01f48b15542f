import { formatSeconds, formatUtc, number, word } from "../../../words";
import Figures from "../../../screens/operations/DeployFigures.svelte";
import { ownPerson } from "../../own";
import { choice, hash, instant, lines, ref, simple, text, whole, yesno } from "../../simple";
import { secondsOf } from "./seconds";
import View from "./View.svelte";

/** What people call a reference of git: `main`, not `refs/heads/main`. */
const branch = (reference: unknown) => (typeof reference === "string" ? reference.replace(/^refs\/(heads|tags)\//, "") : undefined);

export const deploy = simple({
  ...ownPerson,
  kind: "deploy",
  path: "operations/deploys",
  Above: Figures,
  View,
  begin: () => ({ environment: "production", preview: false }),
  columns: [
    { label: "deploy.result", width: "8rem", text: ({ fields }) => word("deploy.result", fields["result"]) },
    {
      label: "deploy.environment", width: "minmax(9rem, 1fr)",
      text: ({ fields }) => [fields["environment"], branch(fields["reference"]) ?? String(fields["commit"] ?? "").slice(0, 10)].filter(Boolean).join(" · "),
    },
    { label: "deploy.trigger", width: "6.5rem", text: ({ fields }) => word("deploy.trigger", fields["trigger"]) },
    { label: "deploy.started", width: "12.5rem", text: ({ fields }) => formatUtc(fields["started"]) },
    { label: "deploy.took", width: "6.5rem", end: true, text: ({ fields }) => formatSeconds(secondsOf(fields)) },
    { label: "deploy.findings", width: "4.5rem", end: true, text: ({ fields }) => (typeof fields["findings"] === "number" ? number(fields["findings"]) : "") },
  ],
  fields: [
    choice("result", ["succeeded", "failed", "cancelled"]),
    text("environment"),
    choice("trigger", ["manual", "commit", "schedule", "rollback", "unknown"]),
    instant("started"),
    instant("ended", { optional: true }),
    text("repository"),
    text("commit", { mono: true }),
    text("reference", { optional: true, mono: true }),
    lines("changelog", { optional: true }),
    ref("rolls_back", "deploy", { optional: true, more: true }),
    instant("committed", { optional: true, more: true }),
    yesno("preview", { more: true }),
    text("url", { optional: true, mono: true, more: true }),
    hash("log", { fixed: true, sealed: true }),
    hash("public_log", { fixed: true, sealed: false }),
    whole("findings", { fixed: true }),
    ref("person", "person", { fixed: true }),
    text("origin", { fixed: true, mono: true }),
  ],
});
