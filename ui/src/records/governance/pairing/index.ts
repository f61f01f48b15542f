import { today } from "../../../dates";
import SimpleForm from "../../SimpleForm.svelte";
import { day, refs, simple, text } from "../../simple";

/** People who worked on something together, to learn from each other. */
export const pairing = simple({
  kind: "pairing",
  path: "governance/pairings",
  addable: true,
  Form: SimpleForm,
  begin: () => ({ date: today() }),
  fields: [
    day("date", { column: "8rem" }),
    refs("persons", "person", { column: "minmax(10rem, 1fr)" }),
    text("subject", { column: "minmax(12rem, 2fr)" }),
    text("with", { optional: true, column: "minmax(9rem, 1fr)" }),
  ],
});
