// The decision a record names: one on the register by its id, or words, which link nothing.
import type { RecordRow } from "../generated/RecordRow";
import { formatDate } from "../words";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text is the id of a record. */
export const isId = (text: unknown): boolean => typeof text === "string" && ID.test(text.trim());

export type Offer = { id: string; label: string };
/** The register, the newest first: each decision with its day, so that two of one title differ. */
export function offersOf(rows: RecordRow[]): Offer[] {
  const day = (row: RecordRow) => String(row.fields["date"] ?? "");
  return rows
    .toSorted((a, b) => day(b).localeCompare(day(a)))
    .map((row) => ({ id: row.id, label: day(row) ? `${row.title} (${formatDate(day(row))})` : row.title }));
}

/** What is written down for what was typed or chosen: the id of the decision it names, else its words. */
export function linked(offers: Offer[], typed: string | null | undefined): string | null {
  const text = (typed ?? "").trim();
  return offers.find((offer) => offer.label === text)?.id ?? typed ?? null;
}
