import { today } from "../../../dates";
import { ownPerson } from "../../own";
import { choice, day, ref, simple, whole } from "../../simple";

export const reaffirmation = simple({
  ...ownPerson,
  kind: "reaffirmation",
  path: "governance/reaffirmations",
  begin: () => ({ year: Number(today().slice(0, 4)), date: today() }),
  fields: [
    ref("person", "person", { fixed: true, column: "minmax(10rem, 2fr)" }),
    whole("year", { column: "6rem" }),
    choice("answer", ["yes", "no"], { column: "minmax(9rem, 1fr)" }),
    day("date", { column: "8rem" }),
  ],
});
