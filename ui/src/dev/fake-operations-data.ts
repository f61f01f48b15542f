// Made-up records of operations, knowledge and community, one of each kind.
import { slug, plain, type Stored } from "./fake-data";

export function operationsRecords(): Stored[] {
  const one = (kind: Stored["kind"], title: string, fields: Record<string, unknown>): Stored => ({ kind, row: plain(title, fields, slug(kind, "1")) });
  const anna = slug("person", "anna");
  return [
    one("deploy", "production: main", { environment: "A word", repository: "A word", commit: "A word", reference: "A word", trigger: "commit", started: "2026-07-05T09:30:00Z", ended: "2026-07-05T09:42:00Z", result: "succeeded", committed: "2026-07-04T08:00:00Z", rolls_back: slug("deploy", "1"), preview: true, changelog: "A word", log: null, public_log: null, findings: 30, url: null, origin: null, person: anna }),
    one("change", "Mirrors answer faster", { category: "added", text: "Mirrors answer faster", version: "A word", date: "2026-07-05", breaking: true, interface: slug("interface", "1"), deploy: slug("deploy", "1"), commit: "A word", url: null, origin: null }),
    one("incident", "Downloads failed", { title: "Downloads failed", severity: "sev1", components: ["one"], started: "2026-07-05T09:30:00Z", detected: "2026-07-05T09:54:00Z", acknowledged: "2026-07-05T09:58:00Z", mitigated: "2026-07-05T11:00:00Z", resolved: "2026-07-05T11:25:00Z", detection: "monitor", impact: "Some words.", users_affected: 30, data_lost: "no", lead: anna, communications: anna, scribe: anna, visibility: "embargoed", embargo_until: "2026-08-05", origin: null, url: null }),
    one("incident-line", "The disk is full", { incident: slug("incident", "1"), at: "2026-07-05T09:30:00Z", type: "observation", text: "The disk is full", public: true, status: "investigating", evidence: null, person: anna, origin: null }),
    one("review", "Disks filled up unnoticed", { incident: slug("incident", "1"), trigger: "A word", contributing_factors: ["one"], summary: "Some words.", went_well: "A word", went_poorly: "A word", lucky: "A word", published: "2026-07-05", person: anna }),
    one("action", "Warn at 80 %", { text: "Warn at 80 %", about: slug("incident", "1"), type: "prevent", owner: anna, due: "2026-07-05", done: "2026-07-05", proof: "A word" }),
    one("availability", "downloads: down", { component: "A word", from: "2026-07-05T09:30:00Z", until: "2026-07-05T10:00:00Z", state: "up", source: "A word", origin: null }),
    one("measurement", "users_weekly 1204", { metric: "users_weekly", labels: ["instance=a", "job=web"], at: "2026-07-05T09:30:00Z", value: "1204", unit: "A word", source: "A word", origin: null }),
    one("continuity", "harbor.example", { name: "harbor.example", type: "domain", holders: [anna], legal_owner: "A word", renewal: "2026-07-05", schedule: slug("schedule", "1"), handover: "A word" }),
    one("component", "downloads", { name: "downloads", description: "A word", alerts: ["one"], owner: anna, retired: "2026-07-05" }),
    one("sealed-value", "Sealed value", { secret: slug("secret", "1"), value: "correct horse battery staple", rotated: "2026-07-05" }),
    one("runbook", "The disk is full", { title: "The disk is full", symptom: "A word", alerts: ["one"], components: ["one"], prerequisites: "A word", body: "Some words.", escalation: "A word", owner: anna, backup: anna, reviewed: "2026-07-05", expires: "2027-07-05", public: true, adopted_from: null, adopted_sha256: null, licence: null }),
    one("runbook-run", "2026-07-05T09:30:00Z", { runbook: slug("runbook", "1"), sha256: "abababababababababababababababababababababababababababababababab", started: "2026-07-05T09:30:00Z", ended: "2026-07-05T09:42:00Z", incident: slug("incident", "1"), steps: ["1 done", "2 skipped: not needed"], deviations: "A word", drill: true, person: anna }),
    one("process", "Adding a mirror", { title: "Adding a mirror", purpose: "A word", inputs: "A word", outputs: "A word", body: "Some words.", owner: anna, reviewed: "2026-07-05", expires: "2027-07-05", public: true, adopted_from: null, adopted_sha256: null, licence: null }),
    one("feedback", "Step 3 is unclear", { about: slug("runbook", "1"), from: "member", text: "Step 3 is unclear", received: "2026-07-05", answer: "A word", answered: "2026-07-06", state: "accepted", person: anna, origin: null }),
    one("commons", "What a full disk taught us", { title: "What a full disk taught us", type: "postmortem", source: "A word", author: "A word", url: null, date: "2026-07-05", sha256: "abababababababababababababababababababababababababababababababab", licence: null, attribution: "A word", text: "What a full disk taught us", file: null }),
    one("venue", "Operators’ forum", { name: "Operators’ forum", mode: "synchronous", address: "A word", description: "A word" }),
    one("session", "Incidents of the quarter", { title: "Incidents of the quarter", venue: slug("venue", "1"), starts: "2026-07-05T09:30:00Z", ends: "2026-07-05T10:30:00Z", held: true, notes: "A word", uid: null, origin: null }),
    one("pairing", "Restoring from a backup", { date: "2026-07-05", persons: [anna], subject: "A word", with: "A word" }),
    one("manifesto", "Open Operations Manifesto", { title: "Open Operations Manifesto", version: "A word", sha256: "abababababababababababababababababababababababababababababababab", source: "A word", licence: null, file: null }),
    one("signature", "Harbor", { manifesto_sha256: "abababababababababababababababababababababababababababababababab", organisation: "A word", url: null, logo: null, signatory: "A word", signatory_role: "A word", mandate: "A word", capacity: "founding", date: "2026-07-05", origin: null }),
  ];
}
