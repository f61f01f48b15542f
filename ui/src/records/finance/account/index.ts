import { word } from "../../../words";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const account: RecordKind = {
  kind: "account",
  path: "finance/accounts",
  addable: true,
  change: "edit",
  columns: [
    { label: "account.path", width: "minmax(16rem, 3fr)", text: (row) => String(row.fields["path"] ?? row.title) },
    { label: "account.type", width: "minmax(7rem, 1fr)", text: (row) => word("type", row.fields["type"]) },
    { label: "account.function", width: "minmax(8rem, 1fr)", text: (row) => word("function", row.fields["function"]) },
    { label: "account.currency", width: "5rem", text: (row) => String(row.fields["currency"] ?? "") },
  ],
  fresh: () => ({ path: "Expenses:", type: "expense", currency: null, function: "program", recurrence: null, contact: null, opened: null, closed: null }),
  refs: ["contact"],
  Form,
  View,
};
