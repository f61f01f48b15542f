import { formatDate, word } from "../../../words";
import type { RecordKind } from "../../kind";
import View from "./View.svelte";

export const imported: RecordKind = {
  kind: "import",
  path: "finance/imports",
  addable: false,
  change: "none",
  columns: [
    { label: "import.file", width: "minmax(14rem, 2fr)", text: (row) => String(row.fields["file_name"] ?? row.title) },
    { label: "import.format", width: "minmax(8rem, 1fr)", text: (row) => word("format", row.fields["format"]) },
    {
      label: "import.period", width: "minmax(13rem, 1fr)",
      text: ({ fields }) => [fields["from"], fields["to"]].filter(Boolean).map(formatDate).join(" – "),
    },
    { label: "import.count", width: "6rem", end: true, text: (row) => String(row.fields["count"] ?? "") },
  ],
  fresh: () => ({}),
  Form: null,
  View,
};
