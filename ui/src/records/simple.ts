// Kinds that are made from a list of their fields: one form and one view for all of them.
// The words of a field are the message "<kind>.<field>", its help "<kind>.<field>.hint", a choice "<kind>.<field>.<choice>".
import type { Kind } from "../generated/Kind";
import type { RecordRow } from "../generated/RecordRow";
import type { Fields } from "../host";
import { isId } from "./decided";
import { formatMoney } from "../money";
import { formatDate, formatTime, formatUtc, number, t, word } from "../words";
import type { Column, RecordKind } from "./kind";
import type { Lookup } from "./lookup.svelte";
import type { MessageKey } from "../messages/en";
import SimpleForm from "./SimpleForm.svelte";
import SimpleView from "./SimpleView.svelte";

export type FieldType =
  | "text" | "lines" | "number" | "money" | "day" | "moment" | "choice" | "yesno" | "ref" | "refs" | "texts" | "amounts"
  | "hashes" | "hash" | "count" | "choices" | "long" | "decision";

export type SimpleField = {
  name: string;
  type: FieldType;
  optional?: boolean;
  /** What a choice may be. */
  choices?: readonly string[];
  /** Where the words of the choices stand, when several kinds share them. */
  words?: string;
  /** The kind it refers to; of accounts, only those of these types. */
  of?: Kind;
  /** Other kinds it may refer to as well. */
  also?: Kind[];
  types?: string[];
  mono?: boolean;
  /** Asked only when this holds. */
  when?: (fields: Fields) => boolean;
  /** Asked only after a person opened "More". */
  more?: boolean;
  /** Shown, and never asked: something else writes it. */
  fixed?: boolean;
  /** A moment that is told in UTC. */
  utc?: boolean;
  /** A file that is sealed, or public, whoever adds it. */
  sealed?: boolean;
  /** Typed and shown only on request. */
  secret?: boolean;
  /** How wide its column in the list is; without it, it has none. */
  column?: string;
};

type Options = Omit<SimpleField, "name" | "type">;
const field = (type: FieldType) => (name: string, options: Options = {}): SimpleField => ({ name, type, ...options });

export const text = field("text");
export const lines = field("lines");
export const whole = field("number");
export const money = field("money");
export const day = field("day");
export const moment = field("moment");
export const yesno = field("yesno");
export const texts = field("texts");
export const amounts = field("amounts");
export const hashes = field("hashes");
/** One file kept with the record. */
export const hash = field("hash");
/** A text that two people may write at once: typed into the form of a new record, and after that only where it is read. */
export const long = field("long");
/** A moment in UTC, as everything is that several people put together. */
export const instant = (name: string, options: Options = {}): SimpleField => moment(name, { utc: true, ...options });
/** A long list, of which only the length is shown. */
export const count = field("count");
export const choice = (name: string, choices: readonly string[], options: Options = {}): SimpleField =>
  field("choice")(name, { choices, ...options });
/** Several of some choices. */
export const choices = (name: string, choices: readonly string[], options: Options = {}): SimpleField =>
  field("choices")(name, { choices, ...options });
export const ref = (name: string, of: Kind, options: Options = {}): SimpleField => field("ref")(name, { of, ...options });
export const refs = (name: string, of: Kind, options: Options = {}): SimpleField => field("refs")(name, { of, ...options });

/** The decision behind a record: one on the register, or words of before. */
export const decided = (options: Options = {}): SimpleField => field("decision")("decision", { of: "decision", ...options });

/** The field's name, its help, and the word of one of its choices. */
export const labelOf = (kind: Kind, { name }: SimpleField): string => t(`${kind}.${name}` as MessageKey);
export function hintOf(kind: Kind, { name }: SimpleField): string {
  const key = `${kind}.${name}.hint`;
  const hint = word(`${kind}.${name}`, "hint");
  return hint === "hint" || hint === key ? "" : hint;
}
export const choiceOf = (kind: Kind, field: SimpleField, value: string): string =>
  word(field.words ?? `${kind}.${field.name}`, value);

const many = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The kinds a field may refer to, and the one a certain record is of. */
export const kindsOf = ({ of, also = [] }: SimpleField): Kind[] => (of ? [of, ...also] : []);
export const kindOf = (field: SimpleField, id: string, lookup: Lookup): Kind =>
  kindsOf(field).find((kind) => lookup.knows(kind, id)) ?? field.of ?? "page";

/** A value as a person reads it; nothing for what was not said. */
export function shown(kind: Kind, field: SimpleField, value: unknown, lookup: Lookup): string {
  if (value === null || value === undefined || value === "") return "";
  if (field.secret) return "••••••••";
  switch (field.type) {
    case "money": return formatMoney(String(value));
    case "day": return formatDate(String(value));
    case "moment": return field.utc ? formatUtc(String(value)) : formatTime(String(value));
    case "number": return typeof value === "number" ? number(value) : String(value);
    case "yesno": return t(value === true ? "yes" : "no");
    case "choice": return choiceOf(kind, field, String(value));
    case "choices": return many(value).map((one) => choiceOf(kind, field, one)).join("\n");
    case "ref": return lookup.nameOf(kindOf(field, String(value), lookup), String(value));
    case "refs": return many(value).map((id) => lookup.nameOf(field.of ?? "page", id)).join("\n");
    case "decision": return isId(value) ? lookup.nameOf("decision", String(value)) : t("decided.shown", { text: String(value) });
    case "count": return many(value).length > 0 ? number(many(value).length) : "";
    case "amounts": return many(value).map((money) => formatMoney(money)).join("\n");
    case "texts":
    case "hashes": return many(value).join("\n");
    default: return String(value);
  }
}

const END: FieldType[] = ["money", "number"];
function columnOf(kind: Kind, field: SimpleField): Column {
  return {
    label: `${kind}.${field.name}` as MessageKey, width: field.column ?? "", end: END.includes(field.type),
    text: (row: RecordRow, lookup: Lookup) => shown(kind, field, row.fields[field.name], lookup).replaceAll("\n", ", "),
  };
}

const LISTS: FieldType[] = ["refs", "texts", "amounts", "hashes", "count", "choices"];
function empty({ type, optional, choices }: SimpleField): unknown {
  if (LISTS.includes(type)) return [];
  if (type === "yesno") return false;
  if (type === "choice") return optional ? null : (choices?.[0] ?? null);
  return (type === "text" || type === "decision" || type === "lines" || type === "long") && !optional ? "" : null;
}

type Simple = Pick<RecordKind, "kind" | "path"> & Partial<RecordKind> & {
  fields: SimpleField[];
  /** What stands in the fields of a new one, besides nothing. */
  begin?: (lookup: Lookup) => Fields;
};

/** A kind made from its fields. Without `change` it is an entry that a person reads and something else writes. */
export function simple({ fields, begin, ...own }: Simple): RecordKind {
  const asked = fields.filter((one) => !one.fixed);
  const of = fields.flatMap(kindsOf);
  return {
    addable: own.change === "edit",
    change: "none",
    columns: fields.filter((one) => one.column).map((one) => columnOf(own.kind, one)),
    fresh: (lookup) => ({ ...Object.fromEntries(asked.map((one) => [one.name, empty(one)])), ...begin?.(lookup) }),
    Form: own.change === "edit" ? SimpleForm : null,
    View: SimpleView,
    ...own,
    fields,
    refs: [...new Set(of)],
  };
}
