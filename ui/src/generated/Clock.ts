// Provisional: as the Rust side names it.
import type { ClockLine } from "./ClockLine";

export type Clock = {
at: string,
entries: number,
published: number,
unpublished: number,
in_time: number,
breaches: number,
share: string,
last_publication: string | null,
rows: Array<ClockLine>,
formula: string,
missing: Array<string>,
};
