import SimpleForm from "../../SimpleForm.svelte";
import View from "./View.svelte";
import { choice, day, hash, lines, simple, text } from "../../simple";

/** Other people's work, kept with their names. */
export const commons = simple({
  kind: "commons",
  path: "knowledge/commons",
  addable: true,
  Form: SimpleForm,
  View,
  fields: [
    text("title", { column: "minmax(11rem, 2fr)" }),
    choice("type", ["postmortem", "runbook", "process", "text"], { column: "7rem" }),
    text("source", { column: "minmax(7rem, 1fr)" }),
    text("author", { optional: true }),
    text("licence", { optional: true, column: "6.5rem" }),
    lines("attribution", { optional: true, column: "minmax(8rem, 1fr)" }),
    day("date", { optional: true }),
    text("url", { optional: true, mono: true }),
    text("sha256", { mono: true, column: "7rem" }),
    lines("text", { optional: true }),
    hash("file", { optional: true, sealed: false }),
  ],
});
