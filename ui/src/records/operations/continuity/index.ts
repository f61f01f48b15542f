import Continuity from "../../../screens/operations/Continuity.svelte";
import { choice, day, lines, ref, refs, simple, text } from "../../simple";

/** Something the service cannot do without. */
export const continuity = simple({
  kind: "continuity",
  path: "operations/continuities",
  change: "edit",
  List: Continuity,
  fields: [
    text("name", { column: "minmax(12rem, 2fr)" }),
    choice("type", ["domain", "registrar", "bank", "host", "store", "payment", "trademark", "mail", "forge", "other"], { column: "9rem" }),
    refs("holders", "person", { column: "minmax(10rem, 2fr)" }),
    text("legal_owner", { optional: true }),
    day("renewal", { optional: true, column: "8rem" }),
    ref("schedule", "schedule", { optional: true }),
    lines("handover", { optional: true }),
  ],
});
