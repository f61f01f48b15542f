// The entry of an organisation as the manifesto's own list of organisations keeps it (_data/organizations.yml).
import type { RecordRow } from "../../generated/RecordRow";

// A text in double quotes is the same in JSON and in YAML.
const quoted = (text: unknown): string => JSON.stringify(String(text));

export function fragmentOf(rows: readonly RecordRow[]): string {
  const groups = (["founding", "supporting"] as const).map((capacity) => ({
    capacity, rows: rows.filter(({ fields }) => (fields["capacity"] === "founding" ? "founding" : "supporting") === capacity && fields["capacity"] !== "individual"),
  }));
  return groups.filter((group) => group.rows.length > 0).map((group) => [`${group.capacity}:`, ...group.rows.flatMap(({ fields }) => [
    `  - name: ${quoted(fields["organisation"])}`,
    ...(fields["logo"] ? [`    logo: ${quoted(fields["logo"])}`] : []),
    ...(fields["url"] ? [`    url: ${quoted(fields["url"])}`] : []),
    ...(fields["signatory"] ? ["    contributors:", `      - name: ${quoted(fields["signatory"])}`] : []),
    ...(fields["signatory"] && fields["signatory_role"] ? [`        role: ${quoted(fields["signatory_role"])}`] : []),
  ])].join("\n")).map((text) => `${text}\n`).join("");
}
