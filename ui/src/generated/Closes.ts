// Provisional: as the Rust side names it.
import type { CloseView } from "./CloseView";

export type Closes = {
closes: Array<CloseView>,
open_from: string | null,
};
