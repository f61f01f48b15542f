// The sums behind a long list: which rows are on the screen, which pages hold them, where a key leads.

export const PAGE_ROWS = 200;

export type Window = { first: number; last: number };

/** Rows [first, last) to draw: those in view and a few around them. */
export function windowOf(scrollTop: number, height: number, rowHeight: number, total: number, around = 8): Window {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - around);
  const last = Math.min(total, Math.ceil((scrollTop + height) / rowHeight) + around);
  return { first: Math.min(first, last), last };
}

export function pagesOf({ first, last }: Window, size = PAGE_ROWS): number[] {
  if (last <= first) return [];
  const from = Math.floor(first / size);
  const to = Math.floor((last - 1) / size);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** The row a key leads to, or null when the key is not for the list. */
export function rowAfter(key: string, current: number, total: number, perScreen: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + perScreen,
    PageUp: current - perScreen,
    Home: 0,
    End: total - 1,
  };
  const wanted = steps[key];
  if (wanted === undefined || total === 0) return null;
  return Math.max(0, Math.min(total - 1, wanted));
}

/** Where to scroll so that the row is in view; unchanged when it already is. */
export function scrollFor(row: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return scrollTop;
}
