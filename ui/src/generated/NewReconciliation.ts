// Provisional: as the Rust side names it.

export type NewReconciliation = {
account: string,
date: string,
statement_balance: string,
note?: string | null,
};
