import type { CsvMapping } from "./CsvMapping";
import type { ImportRow } from "./ImportRow";

export type ImportPreview = { format: string, file_name: string, file_sha256: string, columns: Array<string>, guessed: CsvMapping | null, sample: Array<Array<string>>, rows: Array<ImportRow>, total: number, new: number, duplicates: number, not_understood: Array<{ line: number, text: string, reason: string }>, from: string | null, to: string | null, sums: Array<string>, warnings: Array<string> };
