import { today } from "../../../dates";
import { href } from "../../../router";
import { CHANNELS } from "../expense";
import { choice, day, decided, lines, money, ref, simple, text } from "../../simple";

export const RULES = ["weekly", "monthly", "quarterly", "yearly"] as const;

export const schedule = simple({
  kind: "schedule",
  path: "finance/schedules",
  change: "edit",
  caution: "approval.void.edit",
  begin: (lookup) => ({
    from: today(), rule: "monthly",
    fund: lookup.funds.find((row) => row.fields["restriction"] === "unrestricted")?.id ?? null,
  }),
  links: (book, { id }) => [{ label: "recur.open", to: href(book, "finance/recurring", { open: id }), mark: "open-recurring" }],
  fields: [
    ref("payee", "payee", { column: "minmax(10rem, 1fr)" }),
    text("narration", { column: "minmax(11rem, 2fr)" }),
    money("amount", { column: "8rem" }),
    choice("amount_is", ["fixed", "max"]),
    choice("rule", RULES, { column: "8rem" }),
    day("from"),
    day("until", { optional: true }),
    ref("account", "account", { types: ["expense"] }),
    ref("fund", "fund"),
    money("limit_per_occurrence", { optional: true }),
    money("limit_per_year", { optional: true }),
    day("expires", { optional: true, column: "8rem" }),
    decided({ optional: true }),
    lines("cancel", { optional: true }),
    choice("channel", CHANNELS, { optional: true, words: "payment.channel", more: true }),
  ],
});
