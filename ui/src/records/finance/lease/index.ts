import { lines, moment, ref, simple, text } from "../../simple";

export const lease = simple({
  kind: "lease",
  path: "finance/leases",
  fields: [
    ref("person", "person", { column: "minmax(9rem, 1fr)" }),
    moment("from", { column: "12rem" }),
    moment("until", { column: "12rem" }),
    text("device", { mono: true }),
    ref("takes_over", "lease"),
    lines("reason", { column: "minmax(10rem, 2fr)" }),
  ],
});
