// Hash routes: "#/<book>/finance/transactions/<id>?month=2026-05". Pure functions and one listener.

export type Route = { book: string | null; path: string[]; query: Record<string, string> };

const BOOK = /^[0-9a-f]{64}$/;

export function parseRoute(hash: string): Route {
  const [rawPath = "", rawQuery = ""] = splitOnce(hash.replace(/^#?\/?/, ""), "?");
  const parts = rawPath.split("/").filter((part) => part !== "").map(decode);
  const query = Object.fromEntries(new URLSearchParams(rawQuery));
  const first = parts[0];
  if (first !== undefined && BOOK.test(first)) return { book: first, path: parts.slice(1), query };
  return { book: null, path: parts, query };
}

export function href(book: string | null, path: string, query: Record<string, string | null | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const encoded = path.split("/").filter((part) => part !== "").map(encodeURIComponent);
  const parts = book === null ? encoded : [book, ...encoded];
  const tail = search.size > 0 ? `?${search}` : "";
  return `#/${parts.join("/")}${tail}`;
}

/** What `document.body.dataset.ready` says for this route: the path without the book. */
export function routeName(route: Route): string {
  return route.path.join("/") || (route.book === null ? "start" : "overview");
}

export function go(hash: string): void {
  if (location.hash === hash) return;
  location.hash = hash;
}

/** Replaces the address without a new step in the history: for filters. */
export function replace(hash: string): void {
  history.replaceState(null, "", hash);
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
