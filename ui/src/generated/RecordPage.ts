import type { RecordRow } from "./RecordRow";

export type RecordPage = { total: number, rows: Array<RecordRow> };
