// Provisional: as the Rust side names it.
import type { BatchDone } from "./BatchDone";
import type { RunLeft } from "./RunLeft";

export type RunReport = {
prepared: Array<string>,
batches: Array<BatchDone>,
left: Array<RunLeft>,
needs_person: boolean,
sentences: Array<string>,
};
