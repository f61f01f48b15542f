// Provisional: as the Rust side names it.
import type { DonorShare } from "./DonorShare";
import type { Ratio } from "./Ratio";

export type Concentration = {
at: string,
currency: string,
from: string,
income: string,
unnamed: string,
count: number,
donors: Array<DonorShare>,
rows: Array<Ratio>,
missing: Array<string>,
};
