export type TransactionSummary = { amounts: Array<string>, from_to: string, funds: Array<string> };
