export type FundBalance = { fund: string, name: string, restriction: string, amounts: Array<string>, total: string, converted: string | null };
