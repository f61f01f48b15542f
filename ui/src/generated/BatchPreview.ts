// Provisional: as the Rust side names it.
import type { BatchLine } from "./BatchLine";
import type { TextChanged } from "./TextChanged";

export type BatchPreview = {
total: string,
count: number,
lines: Array<BatchLine>,
changed: Array<TextChanged>,
problems: Array<string>,
warnings: Array<string>,
file_name: string,
format: string,
execute_on: string,
};
