// Provisional: as the Rust side names it.

export type TrialRow = {
account: string,
path: string,
account_type: string,
fund: string,
fund_name: string,
amount: string,
debit: string,
credit: string,
total: string,
};
