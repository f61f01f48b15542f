export type MonthLine = { month: string, income: string, expense: string };
