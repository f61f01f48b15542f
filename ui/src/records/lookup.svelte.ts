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
let lists: { key: string; rows: Map<Kind, Promise<RecordRow[]>> } = { key: "", rows: new Map() };

/** The same for the other kinds that something refers to. What may not be read is an empty list. */
function rowsOf(book: string, kind: Kind, again: boolean): Promise<RecordRow[]> {
  const key = `${book}/${untrack(() => store.revision)}`;
  if (lists.key !== key) lists = { key, rows: new Map() };
  const known = again ? undefined : lists.rows.get(kind);
  const rows = known ?? all(book, kind).catch(() => []);
  lists.rows.set(kind, rows);
  return rows;
}

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
  others = $state.raw<Partial<Record<Kind, RecordRow[]>>>({});
  loaded = $state(false);
  currency = $state("EUR");
  #paths = $derived(new Map(this.accounts.map((row) => [row.id, String(row.fields["path"] ?? row.title)])));
  #names = $derived(new Map(this.funds.map((row) => [row.id, String(row.fields["name"] ?? row.title)])));

  #persons = $derived(new Map(this.people.map((row) => [row.id, String(row.fields["public_name"] || row.title)])));

  path = (id: string | null | undefined): string => (id ? (this.#paths.get(id) ?? id.slice(0, 8)) : "");
  fundName = (id: string | null | undefined): string => (id ? (this.#names.get(id) ?? id.slice(0, 8)) : "");

  personName = (id: string | null | undefined): string => (id ? (this.#persons.get(id) ?? id.slice(0, 8)) : "");

  /** The name of any record that something refers to; the beginning of its id until it is known. */
  nameOf = (kind: Kind, id: string | null | undefined): string => {
    if (!id) return "";
    if (kind === "account") return this.path(id);
    if (kind === "fund") return this.fundName(id);
    if (kind === "person") return this.personName(id);
    return this.others[kind]?.find((row) => row.id === id)?.title || id.slice(0, 8);
  };

  knows = (kind: Kind, id: string): boolean => this.others[kind]?.some((row) => row.id === id) ?? false;

  /** What a field that refers to this kind may be set to, and always what it is set to. */
  optionsOf(kind: Kind, chosen: string | null | undefined, types: string[] = []): { value: string; label: string; group?: string }[] {
    if (kind === "person") return this.peopleOptions([chosen]);
    const known = this.#optionsOf(kind, types);
    if (!chosen || known.some((option) => option.value === chosen)) return known;
    return [{ value: chosen, label: this.nameOf(kind, chosen) }, ...known];
  }
  #optionsOf(kind: Kind, types: string[]): { value: string; label: string; group?: string }[] {
    if (kind === "fund") return this.fundOptions;
    if (kind !== "account") return (this.others[kind] ?? []).map((row) => ({ value: row.id, label: row.title }));
    return this.accountOptions(types.length > 0 ? this.ofType(...types) : this.accounts);
  }

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

  async load(book: string, again = false, refs: Kind[] = []): Promise<void> {
    const more = refs.filter((kind) => kind !== "account" && kind !== "fund" && kind !== "person");
    const [names, ...rows] = await Promise.all([
      namesOf(book, again), ...more.map((kind) => rowsOf(book, kind, again)),
    ]);
    this.others = { ...this.others, ...Object.fromEntries(more.map((kind, at) => [kind, rows[at] ?? []])) };
    this.accounts = names.accounts;
    this.funds = names.funds;
    this.people = names.people;
    this.currency = names.currency;
    this.loaded = true;
  }
}

/** All records of a kind that count. */
export async function all(book: string, kind: Kind): Promise<RecordRow[]> {
  const rows: RecordRow[] = [];
  for (let offset = 0; offset < MOST; offset += PAGE) {
    const query = { ...everything, offset, limit: PAGE };
    const page = await host.recordList({ book, kind, query });
    rows.push(...page.rows);
    if (rows.length >= page.total || page.rows.length === 0) break;
  }
  return rows;
}
