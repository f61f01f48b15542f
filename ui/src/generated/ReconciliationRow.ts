// Provisional: as the Rust side names it.

export type ReconciliationRow = {
id: string,
date: string,
statement_balance: string,
ledger_balance: string,
difference: string,
ledger_balance_now: string,
person_name: string,
note: string,
sentence: string,
};
