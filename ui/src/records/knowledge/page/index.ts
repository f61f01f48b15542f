import { word } from "../../../words";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const page: RecordKind = {
  kind: "page",
  path: "knowledge/pages",
  addable: true,
  change: "own",
  columns: [
    { label: "page.title", width: "minmax(14rem, 2fr)", text: (row) => String(row.fields["title"] ?? row.title) },
    { label: "page.kind", width: "minmax(8rem, 1fr)", text: (row) => word("page.kind", row.fields["kind"]) },
  ],
  fresh: () => ({ title: "", kind: "page", body: "" }),
  Form,
  View,
};
