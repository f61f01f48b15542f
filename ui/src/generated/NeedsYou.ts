// Provisional: as the Rust side is to name it.
import type { NeedsItem } from "./NeedsItem";

export type NeedsYou = {
items: Array<NeedsItem>,
};
