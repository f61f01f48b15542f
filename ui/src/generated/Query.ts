export type Query = { offset: number, limit: number, text: string | null, account: string | null, fund: string | null, month: string | null, include_ineffective: boolean };
