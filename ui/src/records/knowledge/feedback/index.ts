import { today } from "../../../dates";
import Feedback from "../../../screens/knowledge/Feedback.svelte";
import { ownPerson } from "../../own";
import SimpleForm from "../../SimpleForm.svelte";
import { choice, day, lines, ref, simple, text } from "../../simple";

/** What somebody says about a runbook, a process, a page or a review, and what became of it. */
export const feedback = simple({
  ...ownPerson,
  kind: "feedback",
  path: "knowledge/feedbacks",
  change: "edit",
  Form: SimpleForm,
  List: Feedback,
  begin: () => ({ received: today(), from: "member", state: "open" }),
  fields: [
    ref("about", "runbook", { also: ["process", "page", "review"], column: "minmax(10rem, 1fr)" }),
    lines("text", { column: "minmax(12rem, 2fr)" }),
    choice("from", ["member", "public"]),
    day("received", { column: "8rem" }),
    choice("state", ["open", "accepted", "declined"], { column: "8rem" }),
    lines("answer", { optional: true, when: (fields) => fields["state"] !== "open" }),
    day("answered", { optional: true, when: (fields) => fields["state"] !== "open" }),
    ref("person", "person", { fixed: true }),
    text("origin", { fixed: true, mono: true }),
  ],
});
