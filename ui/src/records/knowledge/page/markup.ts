// A small, safe reading of Markdown-like text into blocks. It yields data; Svelte escapes every piece.

export type Piece = { text: string; style: "plain" | "strong" | "emphasis" | "code" };
export type Block =
  | { type: "heading"; level: number; pieces: Piece[] }
  | { type: "paragraph"; pieces: Piece[] }
  | { type: "list"; ordered: boolean; items: Piece[][] }
  | { type: "code"; text: string };

const HEADING = /^(#{1,3})\s+(.*)$/;
const ITEM = /^\s*(?:[-*]|(\d+)[.)])\s+(.*)$/;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  const marks = /\*\*([^*]+)\*\*|\*([^*]+)\*|`([^`]+)`/g;
  let from = 0;
  for (const match of text.matchAll(marks)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), style: "plain" });
    const [whole, strong, emphasis, code] = match;
    const style = strong ? "strong" : emphasis ? "emphasis" : "code";
    pieces.push({ text: strong ?? emphasis ?? code ?? whole, style });
    from = match.index + whole.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), style: "plain" });
  return pieces;
}

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const parts = text.replaceAll("\r\n", "\n").split(/^```.*$/m);
  parts.forEach((part, index) => {
    if (index % 2 === 1) blocks.push({ type: "code", text: part.replace(/^\n|\n$/g, "") });
    else for (const chunk of part.split(/\n\s*\n/)) blocks.push(...chunkBlocks(chunk));
  });
  return blocks;
}

function chunkBlocks(chunk: string): Block[] {
  const blocks: Block[] = [];
  for (const line of chunk.split("\n")) {
    if (line.trim() === "") continue;
    const heading = HEADING.exec(line);
    const item = ITEM.exec(line);
    const last = blocks.at(-1);
    if (heading) {
      blocks.push({ type: "heading", level: heading[1]?.length ?? 1, pieces: piecesOf(heading[2] ?? "") });
    } else if (item) {
      const pieces = piecesOf(item[2] ?? "");
      if (last?.type === "list") last.items.push(pieces);
      else blocks.push({ type: "list", ordered: item[1] !== undefined, items: [pieces] });
    } else if (last?.type === "paragraph") {
      last.pieces.push({ text: " ", style: "plain" }, ...piecesOf(line));
    } else {
      blocks.push({ type: "paragraph", pieces: piecesOf(line) });
    }
  }
  return blocks;
}
