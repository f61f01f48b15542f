import { today } from "../../../dates";
import { formatDate } from "../../../words";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const transaction: RecordKind = {
  kind: "transaction",
  path: "finance/transactions",
  addable: true,
  change: "correct",
  columns: [{ label: "transaction.date", width: "8rem", text: (row) => formatDate(row.fields["date"]) }],
  fresh: () => ({
    date: today(), payee: null, narration: "", postings: [], period_from: null, period_to: null, documents: [],
  }),
  Form,
  View,
};
