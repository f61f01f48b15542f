import { choice, day, ref, simple, text, yesno } from "../../simple";

export const HEALTH = ["working", "trouble", "down", "unknown"] as const;

export const channel = simple({
  kind: "channel",
  path: "finance/channels",
  change: "edit",
  fields: [
    text("name", { column: "minmax(10rem, 1fr)" }),
    text("url", { optional: true, column: "minmax(12rem, 2fr)" }),
    yesno("one_time"),
    yesno("recurring"),
    yesno("amount_open"),
    ref("account", "account", { types: ["asset"], optional: true }),
    choice("health", HEALTH, { optional: true, column: "9rem" }),
    day("checked", { optional: true, column: "8rem" }),
    ref("fallback", "channel", { optional: true, column: "minmax(9rem, 1fr)" }),
    day("closed", { optional: true, more: true }),
  ],
});
