// Where the bars of a chart stand. Screen positions only: nothing is counted here.

export type Look = "income" | "expense" | "bad" | "warn" | "calm" | "unknown";
/** A piece of a bar, from one value to another. */
export type Part = { from: number; to: number; look: Look };
/** What stands over one name of the axis: bars beside each other, each of pieces. */
export type Group = { key: string; name: string; said: string; columns: Part[][]; href?: string; mark?: string };
type Box = { x: number; y: number; width: number; height: number; look: Look };

/** Round steps that hold the lowest and the highest value, and zero. */
export function stepsOf(values: readonly number[]): number[] {
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const rough = Math.max(1, high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

export function layout(groups: readonly Group[], steps: readonly number[], size: { width: number; height: number }) {
  const low = steps[0] ?? 0;
  const high = steps.at(-1) ?? 1;
  const y = (value: number) => size.height * (1 - (value - low) / (high - low));
  const slot = size.width / Math.max(groups.length, 6);
  const most = Math.max(1, ...groups.map(({ columns }) => columns.length));
  const width = Math.min(most === 1 ? 32 : 24, (slot * 0.62) / most);
  const boxes = groups.map(({ columns }, at): Box[] => {
    const begin = at * slot + (slot - most * width) / 2;
    return columns.flatMap((parts, column) => parts.map(({ from, to, look }) => ({
      x: begin + column * (width + 1), width, y: Math.min(y(from), y(to)), height: Math.abs(y(to) - y(from)), look,
    })));
  });
  return { slot, boxes, ticks: steps.map((value) => ({ value, y: y(value) })) };
}
