// Provisional: as the Rust side is to name it.
import type { ReviewRow } from "./ReviewRow";

export type ImportReview = {
rows: Array<ReviewRow>, total: number,
/** Rows of the file that were in the book already and were not written again. */
known?: number,
};
