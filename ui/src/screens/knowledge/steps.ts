// A runbook's text as steps, read as the core reads it: the items of its numbered lists, in which lines that begin
// "expect:", "verify:" or "undo:" say what one should see, how one finds out, and how it is taken back.

export type Step = { n: number; text: string; expect: string; verify: string; undo: string };
/** The whole text in its order: steps, and what belongs to none of them. */
export type Parsed = { parts: (string | Step)[]; steps: Step[] };

const MOST = 500;
const ITEM = /^( *)(\d{1,4})[.)](?:\s+(.*))?$/;
const FENCE = /^\s*(```|~~~)/;
const NAMES = ["expect", "verify", "undo"] as const;

/** A line that belongs to one of the three, without its word. */
function marked(line: string): [(typeof NAMES)[number], string] | null {
  const match = /^[-*]*\s*([^:]*):(.*)$/s.exec(line.trim());
  const word = match?.[1]?.replace(/^[*_]+|[*_]+$/g, "").toLowerCase();
  const name = NAMES.find((known) => known === word);
  return name ? [name, (match?.[2] ?? "").replace(/^[*_]+/, "").trim()] : null;
}
const joined = (there: string, more: string): string => (there === "" ? more : `${there}\n${more}`);

/** Text before the first step and below headings belongs to none; what stands between fences is never a step. */
export function stepsOf(body: string): Parsed {
  const parts: (string | Step)[] = [];
  const steps: Step[] = [];
  let [column, fenced, within] = [0, false, false];
  for (const line of body.replaceAll("\r\n", "\n").split("\n")) {
    const fence = FENCE.test(line);
    const item = fenced || fence || steps.length === MOST ? null : ITEM.exec(line);
    const indent = item?.[1]?.length ?? 0;
    if (item && indent <= 3 && (!within || indent < column)) {
      const step = { n: steps.length + 1, text: (item[3] ?? "").trimEnd(), expect: "", verify: "", undo: "" };
      steps.push(step);
      parts.push(step);
      [column, within] = [indent + (item[2]?.length ?? 0) + 2, true];
      continue;
    }
    fenced = fenced !== fence;
    if (!fenced && line.startsWith("#")) within = false;
    const step = within ? steps.at(-1) : undefined;
    const said = step && !fenced ? marked(line) : null;
    if (step && said) step[said[0]] = joined(step[said[0]], said[1]);
    // Indented as far as the item is, as a list has it: the rest of the line is the text.
    else if (step) step.text = `${step.text}\n${line.slice(Math.min(column, line.length - line.trimStart().length)).trimEnd()}`;
    else if (typeof parts.at(-1) === "string") parts.push(`${parts.pop() as string}\n${line}`);
    else parts.push(line);
  }
  for (const step of steps) step.text = step.text.trim();
  return { parts: parts.filter((part) => typeof part !== "string" || part.trim() !== ""), steps };
}
