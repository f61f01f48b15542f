// What a kind of record brings to the window. The screens know this, and no kind.
import type { Component } from "svelte";
import type { Kind } from "../generated/Kind";
import type { Problem } from "../generated/Problem";
import type { RecordRow } from "../generated/RecordRow";
import type { RecordView } from "../generated/RecordView";
import type { Fields } from "../host";
import type { MessageKey } from "../messages/en";
import type { Lookup } from "./lookup.svelte";
import type { SimpleField } from "./simple";

export type FormProps = {
  book: string; fields: Fields; problems: Problem[]; lookup: Lookup; mode: "new" | "edit"; kind?: RecordKind;
};
export type ViewProps = { book: string; record: RecordView; lookup: Lookup; kind?: RecordKind };
export type Column = {
  label: MessageKey; width: string; end?: boolean; text: (row: RecordRow, lookup: Lookup) => string;
};

export type RecordKind = {
  kind: Kind;
  /** Route below the service: area and plural. */
  path: string;
  addable: boolean;
  /** "edit" changes fields, "correct" writes a new entry, "own" means the view is its own editor. */
  change: "edit" | "correct" | "own" | "none";
  columns: Column[];
  /** The fields of a kind that is made from a list of them (simple.ts). */
  fields?: SimpleField[];
  /** Kinds whose names are shown here, besides accounts, funds and people. */
  refs?: Kind[];
  /** There is at most one. */
  single?: boolean;
  /** Said above the form when a record is changed. */
  caution?: MessageKey;
  /** Where a record of this kind leads, below what it says. */
  links?: (book: string, record: RecordView) => { label: MessageKey; to: string; mark: string }[];
  fresh: (lookup: Lookup) => Fields;
  /** What a marked record begins with when it is written anew by somebody else; all its fields when absent. */
  anew?: (fields: Fields) => Fields;
  /** What may be asked about before all that the fields name is written. */
  checkable?: (fields: Fields, lookup: Lookup) => Fields;
  /** Writes what the fields name and is not there yet; called once, when a person saves. */
  prepare?: (book: string, fields: Fields, lookup: Lookup) => Promise<Fields>;
  /** What stands above the list. */
  Above?: Component<{ book: string }>;
  /** A list of its own, in place of the one that all kinds have. */
  List?: Component<{ book: string }>;
  /** More screens of one record, by what stands behind its id in the address. */
  screens?: Record<string, Component<{ book: string; id: string }>>;
  Form: Component<FormProps, object, "fields"> | null;
  View: Component<ViewProps>;
};
