// Provisional: as the Rust side names it.
import type { AccountStatements } from "./AccountStatements";

export type Statements = {
at: string,
accounts: Array<AccountStatements>,
findings: number,
missing: Array<string>,
};
