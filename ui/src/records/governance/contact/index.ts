import { t } from "../../../words";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const contact: RecordKind = {
  kind: "contact",
  path: "governance/contacts",
  addable: true,
  change: "edit",
  columns: [
    { label: "contact.name", width: "minmax(11rem, 2fr)", text: (row) => String(row.fields["name"] ?? row.title) },
    { label: "contact.email", width: "minmax(12rem, 2fr)", text: (row) => String(row.fields["email"] ?? "") },
    { label: "contact.phone", width: "minmax(9rem, 1fr)", text: (row) => String(row.fields["phone"] ?? "") },
    { label: "contact.bank.known", width: "8rem", text: (row) => (row.fields["bank"] ? t("yes") : t("no")) },
  ],
  fresh: () => ({ name: "", email: null, phone: null, address: null, bank: null, person: null, note: null }),
  Form,
  View,
};
