import { choice, day, lines, money, ref, simple, text } from "../../simple";

export const disclosure = simple({
  kind: "disclosure",
  path: "governance/disclosures",
  change: "edit",
  begin: () => ({ per: "month" }),
  fields: [
    ref("person", "person", { column: "minmax(9rem, 1fr)" }),
    text("payer", { column: "minmax(9rem, 1fr)" }),
    money("amount", { column: "9rem" }),
    choice("per", ["once", "hour", "month", "year"], { column: "7rem" }),
    day("from", { column: "8rem" }),
    day("until", { optional: true, column: "8rem" }),
    lines("work", { column: "minmax(10rem, 2fr)" }),
    lines("expectation", { optional: true }),
  ],
});
