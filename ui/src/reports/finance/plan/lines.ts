// The lines of a budget for the whole period or one month of it: income first. Amounts are the host's.
import type { BudgetLine } from "../../../generated/BudgetLine";
import type { BudgetReport } from "../../../generated/BudgetReport";

export type Line = Pick<BudgetLine, "account" | "path" | "fund" | "fund_name" | "narration" | "planned" | "actual" | "difference"> & {
  key: string; sentence: string;
};

export function linesOf(report: BudgetReport, month: string | null): { type: string; lines: Line[] }[] {
  const types = [...new Set(report.lines.map((line) => line.type))];
  return types.map((type) => ({
    type,
    lines: report.lines.filter((line) => line.type === type).flatMap((line, at) => {
      const own = month === null ? line : line.months.find((one) => one.month === month);
      const key = `${line.account}/${line.fund}/${at}`;
      // What a difference means is said of the whole period.
      return own ? [{ ...line, ...own, key, sentence: month === null ? line.sentence : "" }] : [];
    }),
  }));
}
