// What the review tray does: rows are shown as sorted at once and written one after the other behind it.
import { Action, Load } from "../../../../elements/load.svelte";
import type { ImportReview } from "../../../../generated/ImportReview";
import * as host from "../../../../host";
import { saved } from "../../../../store.svelte";
import { arranged, keyed, type Group, type Line } from "./tray";

type Said = { account: string; label: string };
type Write = { key: string; account: string };

export class Sorting {
  review = new Load<ImportReview>();
  writing = new Action();
  /** What was said here, by row, also while it is still being written. */
  said = $state.raw(new Map<string, Said>());
  waiting = $state(0);
  #book: string;
  #id: string;
  #labelOf: (account: string) => string;
  #keys = new Map<string, string>();
  #held = new Map<string, Group>();
  /** The id a row was last written with: while it still has it, its correction is not known here. */
  #written = new Map<string, string>();
  #undo: { key: string; before: string }[] = [];
  #line: Promise<void> = Promise.resolve();

  constructor(book: string, id: string, labelOf: (account: string) => string) {
    this.#book = book;
    this.#id = id;
    this.#labelOf = labelOf;
  }

  lines = $derived.by(() => keyed(this.review.value?.rows ?? [], this.#keys));
  groups = $derived.by(() => arranged(this.lines, this.#held));
  rows = $derived(this.groups.flatMap((set) => set.rows));
  isSorted = (row: Line): boolean => this.said.has(row.key) || row.expense !== null || !row.open;
  open = $derived(this.rows.filter((row) => !this.isSorted(row)));
  suggested = $derived(this.open.filter((row) => row.suggestion !== null));

  async read(then: () => void): Promise<void> {
    await this.review.run(() => host.importReview({ book: this.#book, import: this.#id }));
    then();
  }
  accountOf(row: Line): Said {
    return this.said.get(row.key) ?? { account: row.account, label: row.account_path };
  }
  assign(row: Line, account: string): void {
    this.#undo.push({ key: row.key, before: this.accountOf(row).account });
    this.#write([{ key: row.key, account }]);
  }
  /** All suggestions in one write. */
  takeAll(): void {
    const writes = this.suggested.flatMap((row) => {
      if (!row.suggestion) return [];
      this.#undo.push({ key: row.key, before: row.account });
      return [{ key: row.key, account: row.suggestion.account }];
    });
    this.#write(writes);
  }
  /** Takes the last one back; says which row it was about. */
  undo(): string | null {
    const last = this.#undo.pop();
    if (!last) return null;
    this.#write([{ key: last.key, account: last.before }], true);
    return last.key;
  }
  /** Something else wrote it already: a split, a withdrawal. */
  name(row: Line, label: string): void {
    this.said = new Map(this.said).set(row.key, { account: "", label });
  }
  #write(list: Write[], back = false): void {
    if (list.length === 0) return;
    const before = new Map(this.said);
    const said = new Map(this.said);
    for (const { key, account } of list) {
      if (back) said.delete(key);
      else said.set(key, { account, label: this.#labelOf(account) });
    }
    this.said = said;
    this.waiting += 1;
    this.#line = this.#line.then(async () => {
      const fine = await this.writing.run(() => this.#send(list));
      this.waiting -= 1;
      // What could not be written is shown as it was, and the failure stands beside it.
      if (!fine) this.said = new Map([...this.said].filter(([key]) => !list.some((one) => one.key === key) || before.has(key)));
    });
  }
  /** Only the entry that counts can be sorted: where it was written before, its correction is looked up first. */
  async #send(list: Write[]): Promise<void> {
    const stale = (line: Line) => this.#written.get(line.key) === line.transaction;
    const named = new Set(list.map((one) => one.key));
    if (this.lines.some((line) => named.has(line.key) && stale(line))) await this.read(() => undefined);
    const ids = new Map(this.lines.map((line) => [line.key, line.transaction]));
    const assignments = list.flatMap(({ key, account }) => {
      const transaction = ids.get(key);
      return transaction ? [{ transaction, account }] : [];
    });
    await host.importAssign({ book: this.#book, assignments });
    for (const { key } of list) this.#written.set(key, ids.get(key) ?? "");
    saved();
  }
}
