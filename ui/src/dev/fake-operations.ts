// Operations and the public pages in the fake host. "?operations=empty" has nothing of it, "=broken" cannot be read,
// "=full" cannot be written.
import type { AvailabilityMonth } from "../generated/AvailabilityMonth";
import type { OperationsReport } from "../generated/OperationsReport";
import type { SitePreview } from "../host";
import { slug } from "./fake-data";
import { LOG } from "./fake-operations-data";

type Args = Record<string, any>;
type Fails = (code: string, message: string) => unknown;

const EMPTY: OperationsReport = {
  at: "2026-06-30", from: "2026-04-02",
  deploys: { count: 0, per_week_tenths: null, failed: 0, failed_tenths: null, automatic_tenths: null, lead_minutes: null, lead_of: 0, recovery_minutes: null, recovery_of: 0 },
  incidents: { open: 0, count: 0, detect_minutes: null, mitigate_minutes: null, resolve_minutes: null, resolved: 0, reviews_due: [], actions_open: 0, actions_overdue: 0 },
  availability: [], runbooks: { count: 0, expired: [], alerts: 0, alerts_covered: 0, uncovered: [] }, continuity: [], secrets: [],
};

function month(name: string, days: number, more: Partial<AvailabilityMonth>): AvailabilityMonth {
  const known = { up: 0, degraded: 0, down: 0, maintenance: 0, ...more };
  const sum = known.up + known.degraded + known.down + known.maintenance;
  const good = sum - known.down;
  return { month: name, ...known, unknown: days * 1440 - sum, available_tenths: sum === 0 ? null : Math.floor((good * 1000) / sum) };
}

function report(): OperationsReport {
  return {
    ...EMPTY,
    deploys: { count: 14, per_week_tenths: 11, failed: 2, failed_tenths: 143, automatic_tenths: 857, lead_minutes: 2945, lead_of: 9, recovery_minutes: 88, recovery_of: 2 },
    incidents: {
      open: 1, count: 3, detect_minutes: 24, mitigate_minutes: 90, resolve_minutes: 115, resolved: 2,
      reviews_due: [{ incident: slug("incident", "1"), title: "Mirror lists were empty", due: "2026-05-28" }], actions_open: 1, actions_overdue: 1,
    },
    availability: [
      { component: "queue", months: [month("2026-05", 31, {}), month("2026-06", 30, { up: 20_000, degraded: 900 })] },
      { component: "web", months: [month("2026-04", 30, { up: 30_000 }), month("2026-05", 31, { up: 44_000, down: 90, maintenance: 120 }), month("2026-06", 30, { up: 43_200 })] },
    ],
    runbooks: {
      count: 1, expired: [{ id: slug("runbook", "1"), title: "Lists are empty", expires: "2026-01-10" }], alerts: 2, alerts_covered: 1,
      uncovered: [{ component: "queue", alert: "QueueFull" }, { component: "mail", alert: null }],
    },
    continuity: [{ id: slug("continuity", "1"), name: "harbor.example", type: "domain", holders: 1, renewal: "2026-02-10", days: -140 }],
    secrets: [
      { id: slug("secret", "1"), label: "Root password of mirror-2", holders: 1, due: "2026-03-01", overdue: true },
      { id: slug("secret", "2"), label: "DNS token", holders: 2, due: null, overdue: false },
    ],
  };
}

export class FakeOperations {
  published = false;
  constructor(private mode: string | null, private changed: () => void, private fails: Fails) {}
  #read<T>(make: () => T): T {
    if (this.mode === "broken") throw this.fails("internal", "The numbers could not be put together.");
    return make();
  }
  #preview(): SitePreview {
    const last = { date: "2026-06-01", place: "/srv/harbor/public", sha256: "6a".repeat(32) };
    if (this.mode === "empty") return { as_of: "2026-06-30", files: 6, bytes: 20_480, shown: 0, unpublished: { count: 0, since: null, overdue: 0, left_out: 0 }, findings: [], last: null };
    const findings = [
      { kind: "incident-line", id: slug("incident-line", "b1"), field: "text", line: 1, what: "ipv4" },
      { kind: "report", id: "00000000-0000-0000-0000-000000000000", field: "text", line: 1, what: "name" },
      { kind: "page", id: slug("page", "1"), field: "body", line: 3, what: "email" },
      { kind: "page", id: slug("page", "1"), field: "body", line: 7, what: "name" },
    ];
    const unpublished = this.published ? { count: 0, since: null, overdue: 0 } : { count: 4, since: "2026-06-22", overdue: 2 };
    return { as_of: "2026-06-30", files: 61, bytes: 412_000, shown: 29, unpublished: { ...unpublished, left_out: 1 }, findings, last };
  }
  #build(record: boolean) {
    if (this.mode === "full") throw this.fails("storage", "The folder could not be written: there is no room left on the disk.");
    this.published = true;
    this.changed();
    const publication = record ? slug("publication", "new") : null;
    return { written: 12, unchanged: 49, removed: 1, kept: ["about.html"], bytes: 412_000, sha256: "6b".repeat(32), transactions: 4, masked: 4, publication };
  }
  #text(sha256: string) {
    if (sha256 !== LOG) throw this.fails("not-found", "This file is not here.");
    return { text: "10:00:02 fetch from [ipv4]\n10:00:09 signed in as [email]\n10:04:30 done", cut: false };
  }
  commands: Record<string, (args: Args) => unknown> = {
    operations_report: () => this.#read(() => (this.mode === "empty" ? EMPTY : report())),
    secret_copy: () => {
      if (this.mode === "full") throw this.fails("unsupported", "There is no clipboard here.");
      return 45;
    },
    site_preview: () => this.#read(() => this.#preview()),
    site_build: ({ record }) => this.#build(record),
    site_publish: ({ record }) => ({
      folder: "/tmp/page", files: 61, bytes: 412_000, written: 12, removed: 1, sha256: "6b".repeat(32), commit: "4f".repeat(20), said: null,
      transactions: 4, masked: 4, publication: record ? slug("publication", "new") : null,
    }),
    attachment_text: ({ sha256 }) => this.#text(sha256),
  };
}
