import { choice, day, decided, lines, money, ref, simple, text } from "../../simple";

export const item = simple({
  kind: "item",
  path: "product/items",
  change: "edit",
  fields: [
    text("name", { column: "minmax(12rem, 2fr)" }),
    lines("why"),
    choice("status", ["idea", "planned", "doing", "done", "dropped"], { column: "8rem" }),
    ref("owner", "person", { optional: true, column: "minmax(9rem, 1fr)" }),
    money("cost", { optional: true, column: "9rem" }),
    day("due", { optional: true, column: "8rem" }),
    decided({ optional: true }),
  ],
});
