// The period a close most likely means: from where the last one ended to the end of the last whole month.

function before(day: string): string {
  const date = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, 0));
  return date.toISOString().slice(0, 10);
}

export function lastMonth(openFrom: string | null, now: string): { from: string; to: string } {
  const end = before(now);
  if (openFrom !== null) return { from: openFrom, to: end >= openFrom ? end : openFrom };
  return { from: `${end.slice(0, 7)}-01`, to: end };
}
