import { today } from "../../../dates";
import SimpleForm from "../../SimpleForm.svelte";
import { choice, day, lines, ref, simple, text } from "../../simple";

export const contribution = simple({
  kind: "contribution",
  path: "governance/contributions",
  addable: true,
  Form: SimpleForm,
  begin: () => ({ date: today() }),
  fields: [
    ref("person", "person", { column: "minmax(10rem, 1fr)" }),
    choice("type", ["code", "triage", "docs", "talk", "design", "funding", "operations", "community"], { column: "9rem" }),
    day("date", { column: "8rem" }),
    text("link", { optional: true, column: "minmax(10rem, 2fr)" }),
    lines("note", { optional: true }),
  ],
});
