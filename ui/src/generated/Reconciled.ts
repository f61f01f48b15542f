// Provisional: as the Rust side names it.

export type Reconciled = {
id: string,
ledger_balance: string,
difference: string,
sentence: string,
};
