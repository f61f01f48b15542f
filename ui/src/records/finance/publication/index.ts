import { count, day, moment, ref, simple, text } from "../../simple";

export const publication = simple({
  kind: "publication",
  path: "finance/publications",
  fields: [
    day("date", { column: "8rem" }),
    text("place", { column: "minmax(12rem, 2fr)" }),
    ref("person", "person", { column: "minmax(9rem, 1fr)" }),
    moment("at"),
    text("sha256", { mono: true }),
    count("transactions"),
  ],
});
