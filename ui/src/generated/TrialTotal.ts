// Provisional: as the Rust side names it.

export type TrialTotal = {
fund: string,
fund_name: string,
currency: string,
debit: string,
credit: string,
difference: string,
};
