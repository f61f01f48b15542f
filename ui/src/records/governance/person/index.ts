import { t } from "../../../words";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const person: RecordKind = {
  kind: "person",
  path: "governance/people",
  addable: true,
  change: "edit",
  columns: [
    { label: "person.name", width: "minmax(12rem, 1fr)", text: (row) => String(row.fields["public_name"] ?? row.title) },
    { label: "person.shown", width: "minmax(10rem, 1fr)", text: (row) => (row.fields["show_name"] ? t("yes") : t("no")) },
    { label: "person.note", width: "minmax(12rem, 2fr)", text: (row) => String(row.fields["note"] ?? "") },
  ],
  fresh: () => ({ public_name: "", show_name: false, show_roles: false, note: null }),
  Form,
  View,
};
