import { today } from "../../../dates";
import SimpleForm from "../../SimpleForm.svelte";
import { choice, day, simple, text } from "../../simple";

/** Who signed which text. Withdrawn, it stays readable and counts no more. */
export const signature = simple({
  kind: "signature",
  path: "governance/signatures",
  addable: true,
  Form: SimpleForm,
  begin: () => ({ date: today(), mandate: "declared" }),
  fields: [
    text("organisation", { column: "minmax(12rem, 2fr)" }),
    text("manifesto_sha256", { mono: true, column: "12rem" }),
    choice("capacity", ["founding", "supporting", "individual"], { optional: true, column: "9rem" }),
    day("date", { column: "8rem" }),
    text("url", { optional: true, mono: true }),
    text("logo", { optional: true, mono: true }),
    text("signatory", { optional: true, column: "minmax(9rem, 1fr)" }),
    text("signatory_role", { optional: true }),
    text("mandate", { optional: true }),
    text("origin", { fixed: true, mono: true }),
  ],
});
