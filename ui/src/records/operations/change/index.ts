import { today } from "../../../dates";
import Changelog from "../../../screens/knowledge/Changelog.svelte";
import SimpleForm from "../../SimpleForm.svelte";
import { choice, day, lines, ref, simple, text, yesno } from "../../simple";
import { CATEGORIES } from "./categories";

/** One line of the changelog. */
export const change = simple({
  kind: "change",
  path: "operations/changes",
  addable: true,
  Form: SimpleForm,
  List: Changelog,
  begin: () => ({ date: today() }),
  fields: [
    choice("category", CATEGORIES, { column: "8rem" }),
    text("version", { optional: true, column: "8rem" }),
    day("date", { column: "8rem" }),
    lines("text", { column: "minmax(12rem, 2fr)" }),
    yesno("breaking"),
    ref("interface", "interface", { optional: true, when: (fields) => fields["breaking"] === true }),
    ref("deploy", "deploy", { optional: true, more: true }),
    text("commit", { optional: true, mono: true, more: true }),
    text("url", { optional: true, mono: true, more: true }),
    text("origin", { fixed: true, mono: true }),
  ],
});
