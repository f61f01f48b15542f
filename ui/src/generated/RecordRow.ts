import type { Problem } from "./Problem";
import type { RecordState } from "./RecordState";
import type { TransactionSummary } from "./TransactionSummary";

export type RecordRow = { id: string, title: string, state: RecordState, problems: Array<Problem>, conflicts: number, fields: Record<string, any>, summary: TransactionSummary | null };
