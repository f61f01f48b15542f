// Provisional: as the Rust side names it.
import type { BudgetMonth } from "./BudgetMonth";

export type BudgetLine = {
account: string,
path: string,
account_type: string,
fund: string,
fund_name: string,
budgets: Array<string>,
narration: string,
planned: string,
actual: string,
difference: string,
sentence: string,
months: Array<BudgetMonth>,
};
