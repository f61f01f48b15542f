import { today } from "../../../dates";
import { ownPerson } from "../../own";
import { choice, day, lines, ref, simple, text } from "../../simple";

export const drill = simple({
  ...ownPerson,
  kind: "drill",
  path: "product/drills",
  begin: () => ({ date: today() }),
  fields: [
    day("date", { column: "8rem" }),
    choice("type", ["user-export", "archive", "restore"], { column: "minmax(10rem, 1fr)" }),
    choice("result", ["worked", "failed"], { column: "8rem" }),
    lines("note", { optional: true, column: "minmax(10rem, 2fr)" }),
    text("sha256", { optional: true, mono: true, more: true }),
    ref("person", "person", { fixed: true, column: "minmax(9rem, 1fr)" }),
  ],
});
