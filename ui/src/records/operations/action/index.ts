import { choice, day, ref, simple, text } from "../../simple";

export const action = simple({
  kind: "action",
  path: "operations/actions",
  change: "edit",
  fields: [
    text("text", { column: "minmax(14rem, 3fr)" }),
    ref("about", "incident"),
    choice("type", ["prevent", "detect", "mitigate", "process"], { column: "10rem" }),
    ref("owner", "person", { optional: true, column: "minmax(9rem, 1fr)" }),
    day("due", { optional: true, column: "8rem" }),
    day("done", { optional: true, column: "8rem" }),
    text("proof", { optional: true, mono: true }),
  ],
});
