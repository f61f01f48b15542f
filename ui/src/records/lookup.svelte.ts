// Names of the accounts, funds and people of one service, for forms and views.
import { untrack } from "svelte";
import type { Kind } from "../generated/Kind";
import type { RecordRow } from "../generated/RecordRow";
import * as host from "../host";
import { store } from "../store.svelte";

const PAGE = 500;
const MOST = 20_000;

export const everything = {
  text: null, account: null, fund: null, month: null, include_ineffective: false,
} as const;

/** A record that a form needs and that is not there yet: its own form opens over this one. */
export type Wanted = { kind: Kind; fields: host.Fields; added: (id: string) => void };

type Names = { accounts: RecordRow[]; funds: RecordRow[]; people: RecordRow[]; currency: string };
let kept: { key: string; names: Promise<Names> } | null = null;

/** Read once for a book, and again only after something has changed. */
function namesOf(book: string, again: boolean): Promise<Names> {
  const key = `${book}/${untrack(() => store.revision)}`;
  if (kept?.key === key && !again) return kept.names;
  const names = read(book);
  kept = { key, names };
  names.catch(() => (kept = null));
  return names;
}

async function read(book: string): Promise<Names> {
  const [accounts, funds, people, services] = await Promise.all([
    all(book, "account"), all(book, "fund"), all(book, "person"), all(book, "service"),
  ]);
  accounts.sort((a, b) => a.title.localeCompare(b.title));
  people.sort((a, b) => a.title.localeCompare(b.title));
  return { accounts, funds, people, currency: String(services[0]?.fields["reporting_currency"] ?? "EUR") };
}

export class Lookup {
  wanted = $state.raw<Wanted | null>(null);
  accounts = $state.raw<RecordRow[]>([]);
  funds = $state.raw<RecordRow[]>([]);
  people = $state.raw<RecordRow[]>([]);
  loaded = $state(false);
  currency = $state("EUR");
  #paths = $derived(new Map(this.accounts.map((row) => [row.id, String(row.fields["path"] ?? row.title)])));
  #names = $derived(new Map(this.funds.map((row) => [row.id, String(row.fields["name"] ?? row.title)])));

  #persons = $derived(new Map(this.people.map((row) => [row.id, String(row.fields["public_name"] || row.title)])));

  path = (id: string | null | undefined): string => (id ? (this.#paths.get(id) ?? id.slice(0, 8)) : "");
  fundName = (id: string | null | undefined): string => (id ? (this.#names.get(id) ?? id.slice(0, 8)) : "");

  personName = (id: string | null | undefined): string => (id ? (this.#persons.get(id) ?? id.slice(0, 8)) : "");

  ofType(...types: string[]): RecordRow[] {
    return this.accounts.filter((row) => types.includes(String(row.fields["type"])) && !row.fields["closed"]);
  }

  accountOptions(rows: RecordRow[]): { value: string; label: string; group: string }[] {
    return rows.map((row) => {
      const [group = "", ...rest] = this.path(row.id).split(":");
      return { value: row.id, label: rest.join(" › ") || group, group };
    });
  }

  get fundOptions(): { value: string; label: string }[] {
    const open = this.funds.filter((row) => !row.fields["closed"]);
    return open.map((row) => ({ value: row.id, label: this.fundName(row.id) }));
  }

  /** Everybody, and also who is chosen but not (or no longer) in the list. */
  peopleOptions(chosen: (string | null | undefined)[]): { value: string; label: string }[] {
    const known = this.people.map((row) => row.id);
    const ids = [...known, ...chosen.filter((id): id is string => !!id && !known.includes(id))];
    return ids.map((value) => ({ value, label: this.personName(value) }));
  }

  async load(book: string, again = false): Promise<void> {
    const names = await namesOf(book, again);
    this.accounts = names.accounts;
    this.funds = names.funds;
    this.people = names.people;
    this.currency = names.currency;
    this.loaded = true;
  }
}

async function all(book: string, kind: Kind): Promise<RecordRow[]> {
  const rows: RecordRow[] = [];
  for (let offset = 0; offset < MOST; offset += PAGE) {
    const query = { ...everything, offset, limit: PAGE };
    const page = await host.recordList({ book, kind, query });
    rows.push(...page.rows);
    if (rows.length >= page.total || page.rows.length === 0) break;
  }
  return rows;
}
