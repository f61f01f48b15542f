// Provisional: as the Rust side names it.
import type { LeftOverStep } from "./LeftOverStep";

export type LeftOver = {
at: string,
currency: string,
cash: string,
average_expense: string,
reserve_months: number | null,
left_over: string | null,
steps: Array<LeftOverStep>,
proposal: string,
formula: string,
missing: Array<string>,
};
