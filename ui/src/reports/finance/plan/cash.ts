// Where the bars of money to come stand, above and below zero. Screen positions only: amounts are never computed here.
import { roughly } from "../../../money";

export type CashBar = { x: number; width: number; top: number; height: number; below: boolean };
export type CashChart = { ticks: { value: number; y: number }[]; bars: CashBar[]; slot: number };

/** Round steps that hold the lowest and the highest value, and zero. */
function stepsOf(values: readonly number[]): number[] {
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const rough = Math.max(1, high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

export function chartOf(amounts: readonly string[], size: { width: number; height: number }): CashChart {
  const values = amounts.map(roughly);
  const steps = stepsOf(values);
  const low = steps[0] ?? 0;
  const high = steps.at(-1) ?? 1;
  const y = (value: number) => size.height * (1 - (value - low) / (high - low));
  const slot = size.width / Math.max(amounts.length, 6);
  const width = Math.min(32, slot * 0.6);
  const bars = values.map((value, at) => ({
    x: at * slot + (slot - width) / 2, width, top: Math.min(y(value), y(0)), height: Math.abs(y(value) - y(0)), below: value < 0,
  }));
  return { ticks: steps.map((value) => ({ value, y: y(value) })), bars, slot };
}
