import type { FundBalance } from "./FundBalance";
import type { MonthLine } from "./MonthLine";

export type Overview = { at: string, currency: string, balances: Array<FundBalance>, total: string, months: Array<MonthLine>, runway: { months: string | null, covered: boolean, recurring_only_months: string | null, formula: string, cash: string, average_expense: string }, coverage: { percent: string | null, formula: string }, missing: Array<string> };
