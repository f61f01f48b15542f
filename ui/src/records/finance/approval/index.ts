import { store } from "../../../store.svelte";
import { word } from "../../../words";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const approval: RecordKind = {
  kind: "approval",
  path: "finance/approvals",
  addable: true,
  change: "none",
  columns: [
    { label: "approval.verdict", width: "8rem", text: (row) => word("verdict", row.fields["verdict"]) },
    { label: "approval.kind", width: "9rem", text: (row) => word("kind", row.fields["kind"]) },
    { label: "approval.person", width: "minmax(9rem, 1fr)", text: (row, lookup) => lookup.personName(row.fields["person"]) },
    { label: "approval.reason", width: "minmax(12rem, 2fr)", text: (row) => String(row.fields["reason"] ?? "") },
  ],
  // Begun from what is to be approved: the address says what that is.
  fresh: () => ({
    kind: store.route.query["kind"] ?? "transaction", target: store.route.query["target"] ?? "", person: null,
    verdict: "approve", reason: "", content: null,
  }),
  // Nobody answers in the name of somebody else, nor for what somebody else has seen.
  anew: (fields) => ({ ...fields, person: null, content: null }),
  Form,
  View,
};
