// A runbook's text as steps: a numbered list, in which lines that begin "expect:", "verify:" or "undo:" say more of a step.

export type Step = { n: number; text: string; expect: string; verify: string; undo: string };
export type Parsed = { before: string; steps: Step[]; after: string };
type Part = "text" | "expect" | "verify" | "undo";

const STEP = /^\d{1,4}[.)]\s+(.*)$/;
const LABEL = /^(expect|verify|undo):\s*(.*)$/i;
const FENCE = /^\s*(```|~~~)/;

/** Steps are counted through the whole text. What stands before the first and after the last is kept as it is. */
export function stepsOf(body: string): Parsed {
  const before: string[] = [];
  const after: string[] = [];
  const steps: Step[] = [];
  let open = false;
  let part: Part = "text";
  let fenced = false;
  let blank = false;
  const put = (line: string) => {
    const step = steps.at(-1);
    if (step) step[part] = step[part] === "" ? line : `${step[part]}\n${line}`;
  };
  for (const line of body.replaceAll("\r\n", "\n").split("\n")) {
    const loose = () => (steps.length === 0 ? before : after).push(line);
    if (FENCE.test(line)) fenced = !fenced;
    const begun = fenced ? null : STEP.exec(line);
    const inside = line.trim();
    if (begun) {
      // What stood between two lists belongs to the step before it.
      if (after.length > 0) put(after.splice(0).join("\n"));
      steps.push({ n: steps.length + 1, text: begun[1] ?? "", expect: "", verify: "", undo: "" });
      [open, part, blank] = [true, "text", false];
      continue;
    }
    if (!open) {
      loose();
      continue;
    }
    const indented = /^\s/.test(line);
    if (!fenced && inside !== "" && !indented && (blank || /^#{1,6}\s/.test(line))) {
      open = false;
      loose();
      continue;
    }
    const label = fenced ? null : LABEL.exec(inside);
    if (label) {
      part = (label[1] ?? "text").toLowerCase() as Part;
      if (label[2]) put(label[2]);
    } else if (inside !== "" || fenced) put(fenced ? line : inside);
    else put("");
    blank = inside === "" && !fenced;
  }
  const tidy = (lines: string[]) => lines.join("\n").trim();
  for (const step of steps) for (const name of ["text", "expect", "verify", "undo"] as const) step[name] = step[name].trim();
  return { before: tidy(before), steps, after: tidy(after) };
}
