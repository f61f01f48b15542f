// What the review tray does: rows are shown as sorted at once and written one after the other behind it.
import { Action, Load } from "../../../../elements/load.svelte";
import type { ImportReview } from "../../../../generated/ImportReview";
import type { ReviewRow } from "../../../../generated/ReviewRow";
import * as host from "../../../../host";
import { saved } from "../../../../store.svelte";
import { arranged, isOpen, type Group } from "./tray";

type Said = { account: string; label: string };
type Done = { transaction: string; before: string; account: string };

export class Sorting {
  review = new Load<ImportReview>();
  writing = new Action();
  /** What was said here, by row, also while it is still being written. */
  said = $state.raw(new Map<string, Said>());
  waiting = $state(0);
  #book: string;
  #id: string;
  #labelOf: (account: string) => string;
  #held = new Map<string, Group>();
  #undo: Done[] = [];
  #line: Promise<void> = Promise.resolve();

  constructor(book: string, id: string, labelOf: (account: string) => string) {
    this.#book = book;
    this.#id = id;
    this.#labelOf = labelOf;
  }

  groups = $derived.by(() => arranged(this.review.value?.rows ?? [], this.#held));
  rows = $derived(this.groups.flatMap((set) => set.rows));
  isSorted = (row: ReviewRow): boolean => this.said.has(row.transaction) || row.expense !== null || !isOpen(row);
  open = $derived(this.rows.filter((row) => !this.isSorted(row)));
  suggested = $derived(this.open.filter((row) => row.suggestion !== null));

  read(then: () => void): Promise<void> {
    return this.review.run(() => host.importReview({ book: this.#book, import: this.#id }), then).then(() => then());
  }
  accountOf(row: ReviewRow): Said {
    return this.said.get(row.transaction) ?? { account: row.account, label: row.account_path };
  }
  assign(row: ReviewRow, account: string): void {
    this.#undo.push({ transaction: row.transaction, before: this.accountOf(row).account, account });
    this.#write([{ transaction: row.transaction, account }]);
  }
  /** All suggestions in one write. */
  takeAll(): number {
    const rows = this.suggested.flatMap((row) => (row.suggestion ? [{ row, account: row.suggestion.account }] : []));
    for (const { row, account } of rows) this.#undo.push({ transaction: row.transaction, before: row.account, account });
    this.#write(rows.map(({ row, account }) => ({ transaction: row.transaction, account })));
    return rows.length;
  }
  /** Takes the last one back; says which row it was about. */
  undo(): string | null {
    const last = this.#undo.pop();
    if (!last) return null;
    this.#write([{ transaction: last.transaction, account: last.before }], true);
    return last.transaction;
  }
  /** Something else wrote it already: a split, a withdrawal. */
  name(row: ReviewRow, label: string): void {
    this.said = new Map(this.said).set(row.transaction, { account: "", label });
  }
  #write(list: { transaction: string; account: string }[], back = false): void {
    if (list.length === 0) return;
    const before = new Map(this.said);
    const said = new Map(this.said);
    for (const { transaction, account } of list) {
      if (back) said.delete(transaction);
      else said.set(transaction, { account, label: this.#labelOf(account) });
    }
    this.said = said;
    this.waiting += 1;
    this.#line = this.#line.then(async () => {
      const fine = await this.writing.run(async () => {
        await host.importAssign({ book: this.#book, assignments: list });
        saved();
      });
      this.waiting -= 1;
      // What could not be written is shown as it was, and the failure stands beside it.
      if (!fine) this.said = new Map([...this.said].filter(([id]) => !list.some((one) => one.transaction === id) || before.has(id)));
    });
  }
}
