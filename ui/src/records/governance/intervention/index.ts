import { href } from "../../../router";
import { choice, lines, ref, simple, whole } from "../../simple";

const WORDS = ["second", "veto", "objection", "resolved", "retract", "recount-request"] as const;

export const intervention = simple({
  kind: "intervention",
  path: "governance/interventions",
  links: (book, { fields }) => [{ label: "decide.go", to: href(book, `decisions/${fields["proposal"]}`), mark: "open-vote" }],
  fields: [
    ref("proposal", "proposal", { column: "minmax(12rem, 2fr)" }),
    ref("person", "person", { column: "minmax(9rem, 1fr)" }),
    choice("kind", WORDS, { column: "10rem" }),
    lines("reason", { column: "minmax(12rem, 2fr)" }),
    whole("seq"),
  ],
});
