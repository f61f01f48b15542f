// Files that records name by their SHA-256: what they are called here and where they are.
import type { AttachmentInfo } from "../generated/AttachmentInfo";
import { formatBytes, t, word } from "../words";

/** Endings of the kinds of files that receipts mostly are; a copy of another kind has none. */
const ENDING_OF: Record<string, string> = {
  "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
  "text/plain": ".txt", "text/csv": ".csv", "application/xml": ".xml", "text/xml": ".xml", "application/json": ".json",
  "application/zip": ".zip",
};

/** Endings of the files that may be chosen. */
export const ENDINGS = ["pdf", "png", "jpg", "jpeg", "webp", "txt", "eml", "xml", "csv", "zip"];

export const baseName = (path: string): string => path.split(/[\\/]/).at(-1) || path;
export const short = (sha256: string): string => `${sha256.slice(0, 16)}…`;

/** What a copy is called until somebody says otherwise: the record keeps no names of files. */
export const copyName = ({ sha256, media_type }: AttachmentInfo): string => `${sha256.slice(0, 16)}${ENDING_OF[media_type ?? ""] ?? ""}`;

/** "PDF · 84 kB · here · for leadership and treasurers alone" */
export function about(info: AttachmentInfo): string {
  const parts = [
    info.media_type ? word("attachment.type", info.media_type) : "", info.size === null ? "" : formatBytes(info.size),
    word("attachment.state", info.state), info.sealed ? t("attachment.sealed") : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** What is known of each file, in the order of the record; of one nobody knows only that it is wanted. */
export function pick(hashes: string[], known: AttachmentInfo[]): AttachmentInfo[] {
  const found = new Map(known.map((info) => [info.sha256, info]));
  return [...new Set(hashes)].map(
    (sha256) => found.get(sha256) ?? { sha256, size: null, media_type: null, state: "wanted", sealed: false, named: false },
  );
}
