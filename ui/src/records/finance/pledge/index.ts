import { today } from "../../../dates";
import { choice, day, money, ref, simple } from "../../simple";

export const pledge = simple({
  kind: "pledge",
  path: "finance/pledges",
  change: "edit",
  begin: (lookup) => ({
    from: today(), interval: "monthly",
    fund: lookup.funds.find((row) => row.fields["restriction"] === "unrestricted")?.id ?? null,
  }),
  fields: [
    ref("donor", "donor", { column: "minmax(10rem, 2fr)" }),
    money("amount", { column: "9rem" }),
    choice("interval", ["one-time", "monthly", "yearly"], { words: "recurrence", column: "8rem" }),
    day("from", { column: "8rem" }),
    day("until", { optional: true, column: "8rem" }),
    ref("fund", "fund", { column: "minmax(8rem, 1fr)" }),
    ref("channel", "channel", { optional: true }),
  ],
});
