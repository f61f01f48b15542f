// Answers about operations and the public pages, as the host gives them. Every number is whole: minutes, bytes, days, or
// tenths of a per cent. A day is "YYYY-MM-DD", a moment RFC 3339 in UTC. Nothing is `null` but what is not known.

export type OperationsReport = {
  /** The day it was made for, and the first day its figures are about (90 days). */
  at: string;
  from: string;
  deploys: DeployFigures;
  incidents: IncidentFigures;
  /** By component, in the order of names. */
  availability: ComponentAvailability[];
  runbooks: RunbookFigures;
  /** Every item of the register. */
  continuity: ContinuityLine[];
  /** Every secret. */
  secrets: SecretFigures[];
};

/** Deploys that are no preview, begun in the period. */
export type DeployFigures = {
  /** Deploys that ended well or badly. */
  count: number;
  /** Deploys a week, in tenths: count * 70 / days of the period. */
  per_week_tenths: number | null;
  /** Those that failed or were rolled back, and their share in tenths of a per cent. */
  failed: number;
  failed_tenths: number | null;
  /** The share that a merged change began, in tenths of a per cent. */
  automatic_tenths: number | null;
  /** Median minutes from the oldest change to the end of a deploy that ended well, and of how many that is known. */
  lead_minutes: number | null;
  lead_of: number;
  /** Median minutes from the end of a failed deploy to the end of the next one there that ended well, and of how many. */
  recovery_minutes: number | null;
  recovery_of: number;
};

export type IncidentFigures = {
  /** All that are not resolved, whenever they began. */
  open: number;
  /** Those that began in the period. */
  count: number;
  /** Mean minutes from the start, each of those of which it is known. */
  detect_minutes: number | null;
  mitigate_minutes: number | null;
  resolve_minutes: number | null;
  resolved: number;
  /** Reviews not published 14 days after the incident was resolved. */
  reviews_due: { incident: string; title: string; due: string }[];
  actions_open: number;
  actions_overdue: number;
};

export type ComponentAvailability = { component: string; months: AvailabilityMonth[] };
/** Minutes of a month, oldest first, at most 24 months. They add up to the month; of the present one, until now. */
export type AvailabilityMonth = {
  /** "YYYY-MM". */
  month: string;
  up: number;
  degraded: number;
  down: number;
  maintenance: number;
  /** What no record covers. */
  unknown: number;
  /** up + degraded + maintenance of all that is known, in tenths of a per cent; nothing where nothing is known. */
  available_tenths: number | null;
};

export type RunbookFigures = {
  count: number;
  /** Runbooks whose review ran out. */
  expired: { id: string; title: string; expires: string }[];
  /** Alerts of components that are in use, and how many of them a runbook names. */
  alerts: number;
  alerts_covered: number;
  /** What no runbook is about: a component (`alert` null) or one of its alerts. */
  uncovered: { component: string; alert: string | null }[];
};

export type ContinuityLine = {
  id: string; name: string; type: string;
  /** How many people of the team hold it; two are wanted. */
  holders: number;
  /** The day it has to be renewed, and the days until then; below zero it is over. */
  renewal: string | null;
  days: number | null;
};

export type SecretFigures = {
  id: string; label: string;
  /** How many people of the team hold it. */
  holders: number;
  /** The day it should be changed by. */
  due: string | null;
  overdue: boolean;
};

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
