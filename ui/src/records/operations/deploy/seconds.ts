import type { Fields } from "../../../host";

/** How long a deploy took; nothing while it goes on or nobody said. */
export function secondsOf({ started, ended }: Fields): number | null {
  const seconds = (Date.parse(ended ?? "") - Date.parse(started ?? "")) / 1000;
  return Number.isNaN(seconds) ? null : Math.round(seconds);
}
