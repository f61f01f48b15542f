import type { RecordRow } from "../../generated/RecordRow";
import { CATEGORIES } from "../../records/operations/change/categories";

export type Version = { version: string; date: string; categories: { category: string; rows: RecordRow[] }[]; breaking: number };

/** By version, what is not released first and then the newest; within it in the order of Keep a Changelog. */
export function versionsOf(rows: readonly RecordRow[]): Version[] {
  const found = new Map<string, RecordRow[]>();
  for (const row of rows) {
    const version = String(row.fields["version"] ?? "");
    found.set(version, [...(found.get(version) ?? []), row]);
  }
  const date = (row: RecordRow) => String(row.fields["date"] ?? "");
  const versions = [...found].map(([version, own]) => ({
    version, date: own.map(date).toSorted().at(-1) ?? "", breaking: own.filter(({ fields }) => fields["breaking"]).length,
    categories: CATEGORIES.map((category) => ({
      category: String(category),
      rows: own.filter(({ fields }) => fields["category"] === category).toSorted((a, b) => date(b).localeCompare(date(a)) || a.id.localeCompare(b.id)),
    })).filter((one) => one.rows.length > 0),
  }));
  return versions.toSorted((a, b) => Number(a.version !== "") - Number(b.version !== "") || b.date.localeCompare(a.date) || b.version.localeCompare(a.version, undefined, { numeric: true }));
}
