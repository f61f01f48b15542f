import { decided, lines, simple, whole } from "../../simple";

export const plan = simple({
  kind: "plan",
  path: "product/plans",
  change: "edit",
  single: true,
  fields: [
    whole("grace_days", { optional: true, column: "9rem" }),
    whole("shutdown_days", { optional: true, column: "9rem" }),
    lines("notice", { column: "minmax(10rem, 1fr)" }),
    lines("export"),
    lines("leftover", { column: "minmax(10rem, 1fr)" }),
    lines("handover"),
    decided({ optional: true, column: "minmax(9rem, 1fr)" }),
  ],
});
