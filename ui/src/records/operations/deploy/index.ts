import SimpleForm from "../../SimpleForm.svelte";
import { choice, lines, moment, ref, simple, text, whole, yesno } from "../../simple";

export const deploy = simple({
  kind: "deploy",
  path: "operations/deploys",
  addable: true,
  Form: SimpleForm,
  fields: [
    text("environment", { column: "9rem" }),
    text("repository", { column: "minmax(10rem, 1fr)" }),
    text("commit", { mono: true, column: "9rem" }),
    text("reference", { optional: true }),
    choice("trigger", ["commit", "manual", "schedule", "rollback", "unknown"], { column: "9rem" }),
    moment("started", { column: "11rem" }),
    moment("ended", { optional: true }),
    choice("result", ["succeeded", "failed", "cancelled"], { column: "8rem" }),
    moment("committed", { optional: true, more: true }),
    ref("rolls_back", "deploy", { optional: true, more: true }),
    yesno("preview", { more: true }),
    lines("changelog", { optional: true }),
    text("log", { optional: true, mono: true, fixed: true }),
    text("public_log", { optional: true, mono: true, fixed: true }),
    whole("findings", { optional: true, fixed: true }),
    text("url", { optional: true, mono: true, more: true }),
    text("origin", { optional: true, fixed: true }),
    ref("person", "person", { optional: true }),
  ],
});
