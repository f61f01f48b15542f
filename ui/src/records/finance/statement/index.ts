import { day, money, ref, simple, text, whole } from "../../simple";

export const statement = simple({
  kind: "statement",
  path: "finance/statements",
  fields: [
    ref("account", "account", { column: "minmax(11rem, 2fr)" }),
    text("number", { column: "minmax(7rem, 1fr)" }),
    day("from", { column: "8rem" }),
    day("to", { column: "8rem" }),
    money("opening", { column: "9rem" }),
    money("closing", { column: "9rem" }),
    whole("lines", { column: "5rem" }),
    ref("import", "import"),
    text("file_sha256", { mono: true }),
    whole("position"),
  ],
});
