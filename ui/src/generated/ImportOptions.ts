import type { CsvMapping } from "./CsvMapping";

export type ImportOptions = { account: string | null, mapping: CsvMapping | null, mapping_name: string | null };
