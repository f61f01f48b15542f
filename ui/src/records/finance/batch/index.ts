import { CHANNELS } from "../expense";
import { amounts, choice, day, moment, money, ref, refs, simple, text } from "../../simple";

export const batch = simple({
  kind: "batch",
  path: "finance/batches",
  fields: [
    text("message_id", { mono: true, column: "minmax(12rem, 2fr)" }),
    money("total", { column: "9rem" }),
    ref("account", "account", { column: "minmax(9rem, 1fr)" }),
    ref("person", "person", { column: "minmax(8rem, 1fr)" }),
    moment("written", { column: "12rem" }),
    day("execute_on"),
    refs("expenses", "expense"),
    amounts("amounts"),
    choice("channel", CHANNELS, { words: "payment.channel" }),
    text("format"),
    text("file_sha256", { mono: true }),
    text("device", { mono: true }),
    ref("lease", "lease"),
  ],
});
