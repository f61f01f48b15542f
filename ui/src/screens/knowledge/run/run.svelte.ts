// A runbook that somebody is following. It is kept while they look elsewhere in this window.
import { momentNow } from "../../../dates";

export type Outcome = "done" | "skipped" | "failed";
export type Went = { outcome: Outcome; note: string };

export class Run {
  started = momentNow();
  at = $state(0);
  went = $state<(Went | undefined)[]>([]);
  note = $state("");
  /** `sha256` is of the text that is followed: who changes it meanwhile does not change this run. */
  constructor(readonly body: string, readonly sha256: string) {}

  say(outcome: Outcome): void {
    this.went[this.at] = { outcome, note: this.note.trim() };
    this.#to(this.at + 1);
  }
  back(): void {
    if (this.at > 0) this.#to(this.at - 1);
  }
  #to(at: number) {
    this.at = at;
    this.note = this.went[at]?.note ?? "";
  }
}

const runs = new Map<string, Run>();
export const runOf = (id: string): Run | undefined => runs.get(id);
export const begin = (id: string, run: Run): Run => (runs.set(id, run), run);
export const forget = (id: string): void => void runs.delete(id);

/** "2 failed: the disk was full" */
export const written = (went: readonly (Went | undefined)[]): string[] =>
  went.flatMap((one, at) => (one ? [`${at + 1} ${one.outcome}${one.note ? `: ${one.note.replace(/\s+/g, " ")}` : ""}`] : []));

/** What did not go as written, as a first draft of what is said about it. */
export const deviationsOf = (went: readonly (Went | undefined)[]): string =>
  written(went).filter((line) => !/^\d+ done/.test(line) ).join("\n");

export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
