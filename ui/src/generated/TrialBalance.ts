// Provisional: as the Rust side names it.
import type { TrialRow } from "./TrialRow";
import type { TrialTotal } from "./TrialTotal";

export type TrialBalance = {
at: string,
currency: string,
rows: Array<TrialRow>,
totals: Array<TrialTotal>,
balanced: boolean,
formula: string,
missing: Array<string>,
};
