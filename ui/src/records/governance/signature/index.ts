import { today } from "../../../dates";
import SimpleForm from "../../SimpleForm.svelte";
import { choice, day, simple, text } from "../../simple";

export const signature = simple({
  kind: "signature",
  path: "governance/signatures",
  addable: true,
  Form: SimpleForm,
  begin: () => ({ date: today() }),
  fields: [
    text("manifesto_sha256", { mono: true }),
    text("organisation", { column: "minmax(12rem, 2fr)" }),
    text("url", { optional: true, mono: true }),
    text("logo", { optional: true, more: true }),
    text("signatory", { optional: true, column: "minmax(9rem, 1fr)" }),
    text("signatory_role", { optional: true }),
    text("mandate", { optional: true }),
    choice("capacity", ["founding", "supporting", "individual"], { optional: true, column: "8rem" }),
    day("date", { column: "8rem" }),
    text("origin", { optional: true, fixed: true }),
  ],
});
