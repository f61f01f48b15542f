import { choice, ref, simple, text, yesno } from "../../simple";

export const DONOR_TYPES = ["individual", "public-entity", "non-profit", "company", "for-profit-owner"] as const;

export const donor = simple({
  kind: "donor",
  path: "finance/donors",
  change: "edit",
  fields: [
    text("name", { column: "minmax(11rem, 2fr)" }),
    choice("type", DONOR_TYPES, { column: "minmax(10rem, 1fr)" }),
    yesno("consent", { column: "9rem" }),
    ref("contact", "contact", { optional: true }),
  ],
});
