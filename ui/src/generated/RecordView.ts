import type { RecordRow } from "./RecordRow";
import type { Change } from "./Change";

export type RecordView = RecordRow & { document: string, version: string, conflict_values: Array<{ field: string, values: Array<any> }>, withdrawals: Array<{ id: string, reason: string }>, corrected_by: Array<string>, history: Array<Change> };
