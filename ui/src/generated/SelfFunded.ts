// Provisional: as the Rust side names it.
import type { SourceShare } from "./SourceShare";

export type SelfFunded = {
at: string,
currency: string,
from: string,
income: string,
sources: Array<SourceShare>,
met: boolean | null,
sentence: string,
formula: string,
missing: Array<string>,
};
