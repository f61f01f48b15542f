import SimpleForm from "../../SimpleForm.svelte";
import { hash, simple, text } from "../../simple";

/** A text of a manifesto, by its hash: what is signed is exactly this. */
export const manifesto = simple({
  kind: "manifesto",
  path: "governance/manifestos",
  addable: true,
  Form: SimpleForm,
  fields: [
    text("title", { column: "minmax(14rem, 2fr)" }),
    text("version", { optional: true, column: "8rem" }),
    hash("file", { optional: true, sealed: false }),
    text("sha256", { mono: true, column: "12rem" }),
    text("source", { optional: true, mono: true, column: "minmax(10rem, 1fr)" }),
    text("licence", { optional: true }),
  ],
});
