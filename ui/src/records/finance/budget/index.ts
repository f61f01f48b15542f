import { today } from "../../../dates";
import { choice, day, money, ref, simple, text } from "../../simple";

export const PER = ["once", "month", "quarter", "year"] as const;

export const budget = simple({
  kind: "budget",
  path: "finance/budgets",
  change: "edit",
  begin: (lookup) => ({
    from: `${today().slice(0, 4)}-01-01`, per: "month",
    fund: lookup.funds.find((row) => row.fields["restriction"] === "unrestricted")?.id ?? null,
  }),
  fields: [
    text("narration", { column: "minmax(11rem, 2fr)" }),
    ref("account", "account", { types: ["expense", "income"], column: "minmax(11rem, 2fr)" }),
    ref("fund", "fund", { column: "minmax(8rem, 1fr)" }),
    money("amount", { column: "9rem" }),
    choice("per", PER, { column: "7rem" }),
    day("from", { column: "8rem" }),
    day("until", { optional: true, column: "8rem" }),
    choice("basis", ["planned", "expected"]),
  ],
});
