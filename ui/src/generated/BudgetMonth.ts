// Provisional: as the Rust side names it.

export type BudgetMonth = {
month: string,
planned: string,
actual: string,
difference: string,
};
