import { word } from "../../../words";
import type { RecordKind } from "../../kind";
import View from "./View.svelte";

export const withdrawal: RecordKind = {
  kind: "withdrawal",
  path: "governance/withdrawals",
  addable: false,
  change: "none",
  columns: [
    { label: "withdrawal.kind", width: "10rem", text: (row) => word("kind", row.fields["kind"]) },
    { label: "withdrawal.reason", width: "1fr", text: (row) => String(row.fields["reason"] ?? row.title) },
  ],
  fresh: () => ({}),
  Form: null,
  View,
};
