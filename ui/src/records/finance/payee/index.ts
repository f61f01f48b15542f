import { ref, simple, text, lines } from "../../simple";

export const payee = simple({
  kind: "payee",
  path: "finance/payees",
  change: "edit",
  fields: [
    text("name", { column: "minmax(11rem, 2fr)" }),
    ref("person", "person", { optional: true, column: "minmax(9rem, 1fr)" }),
    ref("contact", "contact", { optional: true, column: "minmax(9rem, 1fr)" }),
    text("country", { optional: true, column: "6rem" }),
    lines("note", { optional: true }),
  ],
});
