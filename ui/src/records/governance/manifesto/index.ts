import SimpleForm from "../../SimpleForm.svelte";
import { simple, text } from "../../simple";

export const manifesto = simple({
  kind: "manifesto",
  path: "governance/manifestos",
  addable: true,
  Form: SimpleForm,
  fields: [
    text("title", { column: "minmax(12rem, 2fr)" }),
    text("version", { optional: true, column: "7rem" }),
    text("sha256", { mono: true, column: "minmax(9rem, 1fr)" }),
    text("source", { optional: true, mono: true }),
    text("licence", { optional: true }),
    text("file", { optional: true, mono: true, fixed: true }),
  ],
});
