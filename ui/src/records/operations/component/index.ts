import { day, lines, ref, simple, text, texts } from "../../simple";

/** A part of the service that can be up or down by itself. */
export const component = simple({
  kind: "component",
  path: "operations/components",
  change: "edit",
  fields: [
    text("name", { column: "minmax(10rem, 1fr)" }),
    lines("description", { optional: true, column: "minmax(12rem, 2fr)" }),
    texts("alerts", { mono: true, column: "minmax(10rem, 1fr)" }),
    ref("owner", "person", { optional: true, column: "minmax(9rem, 1fr)" }),
    day("retired", { optional: true }),
  ],
});
