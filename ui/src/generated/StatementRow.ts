// Provisional: as the Rust side names it.

export type StatementRow = {
id: string,
number: string,
from: string | null,
to: string | null,
opening: string,
closing: string,
lines: number,
ledger_balance: string,
difference: string,
link: string,
finding: string,
};
