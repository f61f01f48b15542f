import { today } from "../../../dates";
import { href } from "../../../router";
import { store } from "../../../store.svelte";
import { day, lines, ref, simple, text, texts } from "../../simple";
import SimpleForm from "../../SimpleForm.svelte";

/** The register. What was decided by vote is written from its vote; this form is for what was decided otherwise. */
export const decision = simple({
  kind: "decision",
  path: "governance/decisions",
  addable: true,
  Form: SimpleForm,
  begin: () => ({ date: today(), corrects: store.route.query["corrects"] ?? null }),
  links: (book, { id, fields }) => [
    ...(fields["proposal"] ? [{ label: "decide.go" as const, to: href(book, `decisions/${fields["proposal"]}`), mark: "open-vote" }] : []),
    { label: "decision.replace", to: href(book, "governance/decisions/new", { corrects: id }), mark: "replace-decision" },
  ],
  fields: [
    text("title", { column: "minmax(14rem, 2fr)" }),
    lines("text"),
    day("date", { column: "8rem" }),
    day("effective_from", { optional: true, column: "8rem" }),
    ref("proposal", "proposal", { optional: true, more: true }),
    texts("executed_by", { more: true, mono: true }),
    text("elsewhere", { optional: true, more: true, mono: true }),
    ref("corrects", "decision", { optional: true, more: true }),
    text("vote_format", { fixed: true }),
    text("vote_sha256", { fixed: true, mono: true }),
    texts("vote_order", { fixed: true }),
  ],
});
