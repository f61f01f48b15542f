export type ServiceSummary = { book: string, name: string, phase: string, category: string, runway_months: string | null, runway_covered: boolean, transactions: number, problems: number };
