import type { RecordKind } from "../../kind";
import View from "./View.svelte";

export const ballot: RecordKind = {
  kind: "ballot",
  path: "governance/ballots",
  addable: false,
  change: "none",
  columns: [
    { label: "ballot.voter", width: "minmax(10rem, 1fr)", text: (row, lookup) => lookup.personName(row.fields["voter"]) },
    {
      label: "ballot.choice", width: "minmax(10rem, 1fr)",
      text: ({ fields }) => String(fields["choice"] || (fields["ranking"] ?? []).join(" › ")),
    },
    { label: "ballot.reason", width: "minmax(12rem, 2fr)", text: (row) => String(row.fields["reason"] ?? "") },
  ],
  fresh: () => ({}),
  Form: null,
  View,
};
