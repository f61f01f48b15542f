import { today } from "../../../dates";
import { day, ref, simple, text, yesno } from "../../simple";

export const meeting = simple({
  kind: "meeting",
  path: "governance/meetings",
  change: "edit",
  begin: () => ({ held: today(), private: true }),
  fields: [
    text("topic", { column: "minmax(12rem, 2fr)" }),
    day("held", { column: "8rem" }),
    yesno("private", { column: "8rem" }),
    ref("minutes", "page", { optional: true, column: "minmax(9rem, 1fr)" }),
    day("published", { optional: true, column: "8rem" }),
  ],
});
