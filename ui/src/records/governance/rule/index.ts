import { ROLES } from "../../roles";
import { choice, choices, decided, lines, simple, text, whole, yesno } from "../../simple";

export const METHODS = [
  "simple-majority", "supermajority", "plurality", "schulze", "score", "consent", "lazy-consensus",
] as const;
const TIES = ["fails", "chair", "default"] as const;
const majority = (fields: Record<string, unknown>): boolean => fields["method"] === "supermajority";

export const rule = simple({
  kind: "rule",
  path: "governance/rules",
  change: "edit",
  caution: "rule.caution",
  begin: () => ({ electorate: ["member", "leadership"], tie: "fails", open_days_min: 7 }),
  fields: [
    text("name", { column: "minmax(10rem, 1fr)" }),
    choice("method", METHODS, { column: "minmax(11rem, 2fr)" }),
    whole("numerator", { optional: true, when: majority }),
    whole("denominator", { optional: true, when: majority }),
    choices("electorate", ROLES, { words: "role", column: "minmax(10rem, 1fr)" }),
    choices("proposers", ROLES, { words: "role", more: true }),
    whole("open_days_min", { column: "8rem" }),
    whole("open_days_max", { optional: true }),
    whole("quorum_percent", { optional: true }),
    yesno("quorum_counts_abstentions"),
    choice("tie", TIES),
    text("default_option", { optional: true }),
    yesno("secret"),
    yesno("hidden_until_close"),
    choices("veto", ROLES, { words: "role", more: true }),
    whole("seconds_needed", { optional: true, more: true }),
    choices("second_roles", ROLES, { words: "role", more: true }),
    whole("effect_delay_days", { optional: true, more: true }),
    whole("effect_delay_months", { optional: true, more: true }),
    whole("grace_hours", { optional: true, more: true }),
    lines("note", { optional: true, more: true }),
    decided({ optional: true, more: true }),
  ],
});
