// Provisional: as the Rust side names it.
import type { MatchedLine } from "./MatchedLine";

export type Matched = {
lines: Array<MatchedLine>,
alarms: Array<string>,
};
