// Answers about operations come typed from the host; those about the public pages are written down here. Every number is
// whole: minutes, bytes, days, or tenths of a per cent.
export type { AvailabilityMonth } from "./generated/AvailabilityMonth";
export type { ComponentAvailability } from "./generated/ComponentAvailability";
export type { ContinuityFigures as ContinuityLine } from "./generated/ContinuityFigures";
export type { DeployFigures } from "./generated/DeployFigures";
export type { IncidentFigures } from "./generated/IncidentFigures";
export type { OperationsReport } from "./generated/OperationsReport";
export type { RunbookFigures } from "./generated/RunbookFigures";
export type { SecretFigures } from "./generated/SecretFigures";

export type SitePreview = {
  /** What would be written. */
  files: number;
  bytes: number;
  /** Transactions the public has not seen, and the day of the oldest. */
  unpublished: { count: number; since: string | null };
  /** What was masked or should not be public. */
  findings: MaskFinding[];
  /** The last publication. */
  last: { date: string; place: string; sha256: string } | null;
};
export type MaskFinding = {
  /** The record and its field. */
  kind: string; id: string; field: string;
  /** The line of the text, from 1. */
  line: number;
  /** ipv4, ipv6, email, token, iban, name, url-credentials or private-key. */
  what: string;
};

export type SiteBuilt = {
  /** Files. */
  written: number; unchanged: number; removed: number;
  bytes: number;
  /** SHA-256 over the list of files, as the publication holds it. */
  sha256: string;
  /** Transactions that are public for the first time. */
  transactions: number;
};
