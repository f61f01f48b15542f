// Provisional: as the Rust side is to name it.
import type { Suggestion } from "./Suggestion";

export type ReviewRow = {
transaction: string, date: string, payee: string | null, narration: string,
/** Change of the account the file is about: "-61.20 EUR". */
amount: string,
/** The income or expense account it stands in now; empty while nobody has said. */
account: string, account_path: string,
/** Whether nobody has said yet what it is for; without it, an account named Uncategorised says so. */
open?: boolean,
suggestion: Suggestion | null,
/** The bill it pays. */
expense: { id: string, title: string } | null,
/** The entry it may repeat. */
duplicate_of?: { id: string, title: string } | null,
};
