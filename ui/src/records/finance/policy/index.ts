import { choice, decided, money, simple, text, whole } from "../../simple";

export const policy = simple({
  kind: "policy",
  path: "finance/policies",
  change: "edit",
  single: true,
  begin: (lookup) => ({ one_up_to: `500.00 ${lookup.currency}`, payer: "treasurer" }),
  fields: [
    money("one_up_to", { column: "10rem" }),
    money("two_up_to", { optional: true, column: "10rem" }),
    choice("payer", ["treasurer", "leadership"], { words: "role", column: "minmax(9rem, 1fr)" }),
    money("decision_above", { optional: true }),
    whole("reserve_months", { optional: true, column: "8rem" }),
    whole("developers_percent", { optional: true }),
    text("beneficiary", { optional: true, column: "minmax(10rem, 2fr)" }),
    decided({ optional: true }),
  ],
});
