// Provisional: as the Rust side names it.
import type { CoverageMonth } from "./CoverageMonth";
import type { PrepaidGift } from "./PrepaidGift";

export type PrepaidCoverage = {
at: string,
currency: string,
percent: string | null,
formula: string,
received_percent: string | null,
received_formula: string,
months: Array<CoverageMonth>,
gifts: Array<PrepaidGift>,
missing: Array<string>,
};
