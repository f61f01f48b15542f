import { choice, day, decided, lines, ref, simple, text } from "../../simple";

export const attestation = simple({
  kind: "attestation",
  path: "governance/attestations",
  fields: [
    text("requirement", { mono: true, column: "minmax(14rem, 2fr)" }),
    choice("status", ["attested", "not-applicable"], { column: "9rem" }),
    lines("statement", { column: "minmax(10rem, 2fr)" }),
    text("evidence"),
    decided(),
    day("date", { column: "8rem" }),
    day("until", { column: "8rem" }),
    ref("person", "person"),
  ],
});
