// Provisional: as the Rust side names it.
import type { CloseLine } from "./CloseLine";
import type { CloseSignature } from "./CloseSignature";
import type { LateEntry } from "./LateEntry";

export type CloseView = {
id: string,
from: string,
to: string,
at: string,
person_name: string,
note: string,
sha256: string,
intact: boolean,
transactions: number,
trial_balance: Array<CloseLine>,
late_count: number,
late: Array<LateEntry>,
changed: Array<string>,
signatures: Array<CloseSignature>,
sentence: string,
};
