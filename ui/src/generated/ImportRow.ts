export type ImportRow = { line: number, date: string, payee: string, narration: string, amount: string, category: string, duplicate: boolean };
