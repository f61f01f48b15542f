import SimpleForm from "../../SimpleForm.svelte";
import { choice, day, lines, simple, text } from "../../simple";

export const commons = simple({
  kind: "commons",
  path: "knowledge/commons",
  addable: true,
  Form: SimpleForm,
  fields: [
    text("title", { column: "minmax(12rem, 2fr)" }),
    choice("type", ["postmortem", "runbook", "process", "text"], { column: "8rem" }),
    text("source", { column: "minmax(9rem, 1fr)" }),
    text("author", { optional: true }),
    text("url", { optional: true, mono: true, more: true }),
    day("date", { optional: true, column: "8rem" }),
    text("sha256", { mono: true, more: true }),
    text("licence", { optional: true, column: "8rem" }),
    text("attribution", { optional: true }),
    lines("text", { optional: true }),
    text("file", { optional: true, mono: true, fixed: true }),
  ],
});
