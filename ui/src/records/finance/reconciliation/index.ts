import { day, lines, money, ref, simple } from "../../simple";

export const reconciliation = simple({
  kind: "reconciliation",
  path: "finance/reconciliations",
  fields: [
    day("date", { column: "8rem" }),
    ref("account", "account", { column: "minmax(11rem, 2fr)" }),
    money("statement_balance", { column: "10rem" }),
    money("ledger_balance", { column: "10rem" }),
    ref("person", "person", { column: "minmax(8rem, 1fr)" }),
    lines("note"),
  ],
});
