import { today } from "../../../dates";
import * as host from "../../../host";
import { formatDate } from "../../../words";
import type { RecordKind } from "../../kind";
import type { Lookup } from "../../lookup.svelte";
import Form from "./Form.svelte";
import { INTER_FUND, needsInterFund, withInterFund, type Posting } from "./postings";
import View from "./View.svelte";

const postingsIn = (fields: host.Fields) => (fields["postings"] ?? []) as Posting[];

/** The account between funds is written with the first entry that needs it, and not while somebody is still typing. */
async function prepare(book: string, fields: host.Fields, lookup: Lookup): Promise<host.Fields> {
  const postings = postingsIn(fields);
  if (!needsInterFund(postings)) return fields;
  const there = lookup.accounts.find((row) => row.fields["path"] === INTER_FUND)?.id;
  const added = { book, kind: "account", fields: { path: INTER_FUND, type: "equity" } } as const;
  const id = there ?? (await host.recordAdd(added)).id;
  if (!there) await lookup.load(book, true);
  return { ...fields, postings: withInterFund(postings, id) };
}

/** Any account of the entry may stand in while it is only looked at: the sums stay the same. */
function checkable(fields: host.Fields): host.Fields {
  const postings = postingsIn(fields);
  const other = postings.find(({ account }) => account !== INTER_FUND)?.account ?? "";
  return needsInterFund(postings) ? { ...fields, postings: withInterFund(postings, other) } : fields;
}

export const transaction: RecordKind = {
  kind: "transaction",
  path: "finance/transactions",
  addable: true,
  change: "correct",
  columns: [{ label: "transaction.date", width: "8rem", text: (row) => formatDate(row.fields["date"]) }],
  fresh: () => ({
    date: today(), payee: null, narration: "", postings: [], period_from: null, period_to: null, documents: [],
  }),
  refs: ["donor"],
  checkable,
  prepare,
  Form,
  View,
};
