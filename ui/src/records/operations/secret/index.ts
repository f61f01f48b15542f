import { formatDate, t, word } from "../../../words";
import Alarms from "../../../screens/operations/SecretAlarms.svelte";
import type { RecordKind } from "../../kind";
import Form from "./Form.svelte";
import View from "./View.svelte";

export const secret: RecordKind = {
  kind: "secret",
  path: "operations/secrets",
  addable: true,
  change: "edit",
  columns: [
    { label: "secret.label", width: "minmax(11rem, 2fr)", text: (row) => String(row.fields["label"] ?? row.title) },
    { label: "secret.system", width: "minmax(8rem, 1fr)", text: (row) => String(row.fields["system"] ?? "") },
    {
      label: "secret.holders", width: "minmax(10rem, 2fr)",
      text: (row, lookup) => (row.fields["holders"] ?? []).map(lookup.personName).join(", ") || t("secret.nobody"),
    },
    { label: "secret.damage.short", width: "7rem", text: (row) => word("secret.damage", String(row.fields["blast_radius"] ?? "")) },
    { label: "secret.rotated", width: "8rem", text: (row) => formatDate(row.fields["rotated"]) },
  ],
  fresh: () => ({
    label: "", kind: "password", system: "", blast_radius: 3, holders: [], rotated: null, rotate_every: 365,
    recovery: null, pointer: null,
  }),
  Above: Alarms,
  Form,
  View,
};
