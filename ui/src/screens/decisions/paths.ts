// Where a record that a decision names is opened.
import type { Executed } from "../../generated/Executed";
import { kindNamed } from "../../records";

/** A vote has a screen of its own; every other record is where its kind is. */
export function recordPath({ kind, id }: Pick<Executed, "kind" | "id">): string {
  return kind === "proposal" ? `decisions/${id}` : `${kindNamed(kind)?.path ?? ""}/${id}`;
}
