import { choice, decided, simple, text, whole } from "../../simple";

export const METRICS = ["runway-months", "coverage-percent", "balance", "donors", "members", "contributors"] as const;
export const THEN = ["notify", "open-vote", "propose-phase"] as const;

export const scenario = simple({
  kind: "scenario",
  path: "product/scenarios",
  change: "edit",
  begin: () => ({ type: "stop", months: 3 }),
  fields: [
    text("name", { column: "minmax(11rem, 2fr)" }),
    choice("type", ["start", "continue", "stop"], { column: "8rem" }),
    choice("metric", METRICS, { column: "minmax(9rem, 1fr)" }),
    choice("comparison", ["below", "above"], { column: "6rem" }),
    text("limit", { column: "6rem" }),
    whole("months", { column: "6rem" }),
    choice("then", THEN, { column: "minmax(9rem, 1fr)" }),
    choice("phase", ["operating", "closing", "closed"], {
      words: "phase", optional: true, when: (fields) => fields["then"] === "propose-phase",
    }),
    text("rule", { optional: true, when: (fields) => fields["then"] !== "notify" }),
    decided({ optional: true }),
  ],
});
