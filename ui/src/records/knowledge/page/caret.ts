/** Where a caret belongs after somebody else's change to the text around it. */
export function moveCaret(before: string, after: string, at: number): number {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] === after[start]) start += 1;
  if (at <= start) return at;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  if (at >= before.length - end) return after.length - (before.length - at);
  return Math.min(at, after.length - end);
}
