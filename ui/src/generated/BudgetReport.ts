// Provisional: as the Rust side names it.
import type { BudgetLine } from "./BudgetLine";

export type BudgetReport = {
at: string,
currency: string,
from: string,
to: string,
lines: Array<BudgetLine>,
planned_income: string,
actual_income: string,
planned_expense: string,
actual_expense: string,
planned_result: string,
actual_result: string,
formula: string,
missing: Array<string>,
};
