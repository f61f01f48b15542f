// Provisional: as the Rust side names it.
import type { CloseLine } from "./CloseLine";

export type ClosePreview = {
from: string,
to: string,
transactions: number,
trial_balance: Array<CloseLine>,
sha256: string,
problems: Array<string>,
warnings: Array<string>,
};
