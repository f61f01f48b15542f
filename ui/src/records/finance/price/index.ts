import { today } from "../../../dates";
import { decimal, formatDate } from "../../../words";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const price: RecordKind = {
  kind: "price",
  path: "finance/prices",
  addable: true,
  change: "edit",
  columns: [
    { label: "price.date", width: "8rem", text: (row) => formatDate(row.fields["date"]) },
    { label: "price.base", width: "minmax(6rem, 1fr)", text: (row) => `1 ${row.fields["base"] ?? ""}` },
    {
      label: "price.rate", width: "minmax(8rem, 1fr)", end: true,
      text: (row) => `${decimal(String(row.fields["rate"] ?? ""))} ${row.fields["quote"] ?? ""}`,
    },
    { label: "price.source", width: "minmax(10rem, 2fr)", text: (row) => String(row.fields["source"] ?? "") },
  ],
  fresh: (lookup) => ({ date: today(), base: "", quote: lookup.currency, rate: "", source: null }),
  Form,
  View,
};
