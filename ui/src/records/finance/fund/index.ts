import { formatDate, word } from "../../../words";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const fund: RecordKind = {
  kind: "fund",
  path: "finance/funds",
  addable: true,
  change: "edit",
  columns: [
    { label: "fund.name", width: "minmax(10rem, 1fr)", text: (row) => String(row.fields["name"] ?? row.title) },
    { label: "fund.restriction", width: "minmax(10rem, 1fr)", text: (row) => word("restriction", row.fields["restriction"]) },
    { label: "fund.purpose", width: "minmax(14rem, 2fr)", text: (row) => String(row.fields["purpose"] ?? "") },
    { label: "fund.until", width: "8rem", text: (row) => formatDate(row.fields["until"]) },
  ],
  fresh: () => ({ name: "", restriction: "designated", purpose: "", until: null }),
  Form,
  View,
};
