// Entries in which a person speaks for themselves: nobody chooses who; it is who sits here.
import * as host from "../host";
import type { RecordKind } from "./kind";
import SimpleForm from "./SimpleForm.svelte";

export const ownPerson: Pick<RecordKind, "addable" | "Form" | "prepare" | "checkable"> = {
  addable: true,
  Form: SimpleForm,
  prepare: async (book, fields) => ({ ...fields, person: (await host.team({ book })).me }),
  // Who it is becomes known when it is saved; until then anybody stands there, so that the rest can be checked.
  checkable: (fields, lookup) => ({ ...fields, person: fields["person"] ?? lookup.people[0]?.id ?? null }),
};
