// Where the bars of a month chart stand. Screen positions only: amounts are never computed here.
import type { MonthLine } from "../../../generated/MonthLine";
import { roughly } from "../../../money";

type Span = { top: number; height: number };
export type Bar = { month: string; line: MonthLine; x: number; width: number; income: Span; expense: Span };

/** Round steps from zero to just above the highest bar. */
export function ticksOf(lines: readonly MonthLine[]): number[] {
  const most = Math.max(1, ...lines.flatMap((line) => [roughly(line.income), roughly(line.expense)]));
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

export function barsOf(lines: readonly MonthLine[], size: { width: number; height: number }): Bar[] {
  const top = ticksOf(lines).at(-1) ?? 1;
  const slot = size.width / Math.max(lines.length, 6);
  const width = Math.min(24, slot * 0.32);
  const span = (text: string): Span => {
    const height = Math.max(0, (roughly(text) / top) * size.height);
    return { top: size.height - height, height };
  };
  return lines.map((line, index) => ({
    month: line.month, line, width, x: index * slot + (slot - 2 * width) / 2,
    income: span(line.income), expense: span(line.expense),
  }));
}
