import { today } from "../../../dates";
import SimpleForm from "../../SimpleForm.svelte";
import { choice, day, lines, ref, simple, text, yesno } from "../../simple";

export const change = simple({
  kind: "change",
  path: "operations/changes",
  addable: true,
  Form: SimpleForm,
  begin: () => ({ date: today() }),
  fields: [
    choice("category", ["added", "changed", "deprecated", "removed", "fixed", "security"], { column: "9rem" }),
    lines("text", { column: "minmax(14rem, 3fr)" }),
    text("version", { optional: true, column: "7rem" }),
    day("date", { column: "8rem" }),
    yesno("breaking", { column: "8rem" }),
    ref("interface", "interface", { optional: true }),
    ref("deploy", "deploy", { optional: true, more: true }),
    text("commit", { optional: true, mono: true, more: true }),
    text("url", { optional: true, mono: true, more: true }),
    text("origin", { optional: true, fixed: true }),
  ],
});
