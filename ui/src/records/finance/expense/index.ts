import { today } from "../../../dates";
import * as host from "../../../host";
import { href } from "../../../router";
import { choice, day, decided, hashes, lines, money, ref, simple, text } from "../../simple";

export const CHANNELS = ["bank", "open-collective", "command"] as const;
export const EXPENSE_TYPES = ["bill", "reimbursement", "out-of-pocket", "in-kind"] as const;

/** Who hands it in is written with it: nobody approves what they handed in themselves. */
async function prepare(book: string, fields: host.Fields): Promise<host.Fields> {
  if (fields["submitter"]) return fields;
  const { me } = await host.team({ book });
  return { ...fields, submitter: me };
}

export const expense = simple({
  kind: "expense",
  path: "finance/expenses",
  change: "edit",
  caution: "approval.void.edit",
  prepare,
  anew: (fields) => ({ ...fields, submitter: null }),
  begin: (lookup) => ({
    due: today(), fund: lookup.funds.find((row) => row.fields["restriction"] === "unrestricted")?.id ?? null,
  }),
  links: (book, { id }) => [{ label: "pay.open", to: href(book, "finance/to-pay", { open: id }), mark: "open-to-pay" }],
  fields: [
    ref("payee", "payee", { column: "minmax(10rem, 1fr)" }),
    text("narration", { column: "minmax(11rem, 2fr)" }),
    money("amount", { column: "8rem" }),
    day("due", { column: "8rem" }),
    choice("type", EXPENSE_TYPES, { column: "9rem" }),
    ref("account", "account", { types: ["expense"] }),
    ref("fund", "fund"),
    text("reference", { optional: true, more: true }),
    day("period_from", { optional: true, more: true }),
    day("period_to", { optional: true, more: true }),
    decided({ optional: true, more: true }),
    choice("channel", CHANNELS, { optional: true, words: "payment.channel", more: true }),
    lines("basis", { optional: true, when: (fields) => fields["type"] === "in-kind" }),
    hashes("documents"),
    ref("submitter", "person", { fixed: true }),
    ref("schedule", "schedule", { fixed: true }),
    day("occurrence", { fixed: true }),
  ],
});
