import { word } from "../../../words";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const service: RecordKind = {
  kind: "service",
  path: "product/services",
  addable: false,
  change: "edit",
  columns: [
    { label: "service.name", width: "1fr", text: (row) => String(row.fields["name"] ?? row.title) },
    { label: "service.phase", width: "1fr", text: (row) => word("phase", row.fields["phase"]) },
  ],
  fresh: () => ({}),
  Form,
  View,
};
