import { today } from "../../../dates";
import { choice, day, lines, ref, simple, text } from "../../simple";

export const feedback = simple({
  kind: "feedback",
  path: "knowledge/feedbacks",
  change: "edit",
  begin: () => ({ received: today() }),
  fields: [
    ref("about", "runbook"),
    choice("from", ["member", "public"], { column: "9rem" }),
    lines("text", { column: "minmax(14rem, 3fr)" }),
    day("received", { column: "8rem" }),
    lines("answer", { optional: true }),
    day("answered", { optional: true, column: "8rem" }),
    choice("state", ["open", "accepted", "declined"], { column: "8rem" }),
    ref("person", "person", { optional: true, more: true }),
    text("origin", { optional: true, fixed: true }),
  ],
});
