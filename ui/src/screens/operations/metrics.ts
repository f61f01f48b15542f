import type { RecordRow } from "../../generated/RecordRow";

export type Latest = { key: string; metric: string; labels: string[]; row: RecordRow; count: number };

/** The newest measurement of each metric and its labels, by name. */
export function latestOf(rows: readonly RecordRow[]): Latest[] {
  const found = new Map<string, Latest>();
  for (const row of rows) {
    const metric = String(row.fields["metric"] ?? "");
    const labels = ((row.fields["labels"] ?? []) as string[]).toSorted();
    const key = [metric, ...labels].join("\u0000");
    const known = found.get(key);
    const newer = !known || Date.parse(row.fields["at"]) > Date.parse(known.row.fields["at"]);
    found.set(key, { key, metric, labels, row: newer ? row : known.row, count: (known?.count ?? 0) + 1 });
  }
  return [...found.values()].toSorted((a, b) => a.key.localeCompare(b.key));
}
