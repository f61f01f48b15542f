// Operations and knowledge of the fake host: one incident that goes on, one that is over, and what belongs to them.
import type { Kind } from "../generated/Kind";
import { plain, slug, type Stored } from "./fake-data";

const one = (kind: Kind, key: string, title: string, fields: Record<string, unknown>): Stored => ({ kind, row: plain(title, fields, slug(kind, key)) });
export const LOG = "1a".repeat(32);
export const MANIFESTO = "8c".repeat(32);
const anna = slug("person", "anna");
const ben = slug("person", "ben");

function incidents(): Stored[] {
  const over = slug("incident", "1");
  const open = slug("incident", "2");
  const line = (key: string, incident: string, at: string, type: string, text: string, more: Record<string, unknown> = {}) =>
    one("incident-line", key, text, { incident, at, type, text, public: false, status: null, evidence: null, person: key.startsWith("b") ? ben : anna, ...more });
  const incident = (key: string, title: string, more: Record<string, unknown>) =>
    one("incident", key, title, {
      title, severity: "sev2", components: ["web"], started: null, detected: null, acknowledged: null, mitigated: null, resolved: null, detection: null,
      impact: "", users_affected: null, data_lost: null, lead: null, communications: null, scribe: null, visibility: "public", embargo_until: null, ...more,
    });
  return [
    incident("1", "Mirror lists were empty", {
      started: "2026-05-14T07:30:00Z", detected: "2026-05-14T07:54:00Z", acknowledged: "2026-05-14T08:00:00Z", mitigated: "2026-05-14T09:00:00Z",
      resolved: "2026-05-14T09:25:00Z", detection: "user", impact: "Nobody could **install** anything for an hour and a half.", users_affected: 1200, data_lost: "no", lead: anna,
    }),
    incident("2", "Uploads are slow", { severity: "sev3", components: ["web", "queue"], detected: "2026-06-29T18:10:00Z", impact: "Uploads take minutes.", lead: ben }),
    incident("3", "A key was in a public log", { severity: "sev1", detected: "2026-06-20T06:00:00Z", resolved: "2026-06-20T08:00:00Z", visibility: "embargoed", embargo_until: "2999-08-01" }),
    line("a1", over, "2026-05-14T07:54:00Z", "observation", "Two people write that the list is empty."),
    line("b1", over, "2026-05-14T08:20:00Z", "observation", "The disk of mirror-2 is full."),
    line("a2", over, "2026-05-14T08:05:00Z", "communication", "We know that lists are empty and look into it.", { public: true, status: "investigating" }),
    line("b2", over, "2026-05-14T08:58:00Z", "action", "Deleted old logs and restarted the queue."),
    line("a3", over, "2026-05-14T09:25:00Z", "communication", "Lists are complete again.", { public: true, status: "resolved" }),
    line("b3", open, "2026-06-29T18:12:00Z", "observation", "The queue holds 4,000 jobs."),
    one("review", "1", "Mirror lists were empty", {
      incident: over, trigger: "A log that nobody rotated.", contributing_factors: ["Logs were never rotated.", "The alert for full disks went to a person who had left."],
      summary: "The disk filled over weeks.", went_well: "Users were told within half an hour.", went_poorly: null, lucky: "The other mirror held.", published: null, person: anna,
    }),
    one("action", "1", "Rotate logs", { text: "Rotate logs", about: slug("review", "1"), type: "prevent", owner: ben, due: "2026-06-01", done: null, proof: null }),
    one("action", "2", "Send alerts to the team", { text: "Send alerts to the team", about: over, type: "detect", owner: anna, due: "2026-05-20", done: "2026-05-18", proof: "commit 4f2a" }),
  ];
}

function deploys(): Stored[] {
  const deploy = (key: string, result: string, started: string, ended: string | null, more: Record<string, unknown> = {}) =>
    one("deploy", key, `production ${started.slice(0, 10)}`, {
      environment: "production", repository: "harbor/mirror", commit: "4f2a91c07be3", reference: "v1.4.0", trigger: "commit", started, ended, result, committed: null,
      rolls_back: null, preview: false, changelog: null, log: null, public_log: null, findings: null, url: null, origin: null, person: anna, ...more,
    });
  const change = (key: string, category: string, text: string, version: string | null, breaking = false) =>
    one("change", key, text, { category, text, version, date: version ? "2026-05-20" : "2026-06-20", breaking, interface: null, deploy: null, commit: null, url: null, origin: null });
  return [
    deploy("1", "succeeded", "2026-06-20T10:00:00Z", "2026-06-20T10:04:30Z", { changelog: "Uploads go on where they stopped.", public_log: LOG, findings: 2, committed: "2026-06-18T09:00:00Z" }),
    deploy("2", "failed", "2026-05-14T06:58:00Z", "2026-05-14T07:03:00Z"),
    change("1", "fixed", "Uploads go on where they stopped.", null),
    change("2", "added", "A mirror in the north.", "1.4.0"),
    change("3", "removed", "The old list without hashes.", "1.4.0", true),
    one("availability", "1", "web", { component: "web", from: "2026-05-14T07:30:00Z", until: "2026-05-14T09:00:00Z", state: "down", source: "incident", origin: null }),
    one("measurement", "1", "users_weekly", { metric: "users_weekly", labels: [], at: "2026-06-21T00:00:00Z", value: "1240", unit: null, source: "logs", origin: null }),
    one("measurement", "2", "users_weekly", { metric: "users_weekly", labels: [], at: "2026-06-28T00:00:00Z", value: "1310", unit: null, source: "logs", origin: null }),
    one("measurement", "3", "disk_free", { metric: "disk_free", labels: ["mirror=2"], at: "2026-06-28T00:00:00Z", value: "41.5", unit: "GB", source: null, origin: null }),
    one("continuity", "1", "harbor.example", { name: "harbor.example", type: "domain", holders: [anna], legal_owner: "Association", renewal: "2026-02-10", schedule: null, handover: "Transfer code from the registrar." }),
    one("continuity", "2", "Bank account", { name: "Bank account", type: "bank", holders: [anna, ben], legal_owner: "Association", renewal: null, schedule: null, handover: null }),
    one("component", "1", "web", { name: "web", description: "The pages and the list of mirrors.", alerts: ["WebDown"], owner: anna, retired: null }),
    one("sealed-value", "1", "Root password", { secret: slug("secret", "1"), value: "correct horse\nbattery staple", rotated: "2026-03-01" }),
  ];
}

const BODY = `Use this when **lists** are empty.

1. Look at the disk: \`df -h\`.
   expect: less than 90 % used
   verify: the last line names mirror-2
2. Delete old logs.
   undo: take them back from the backup
3. Restart the queue.
   expect: it is empty within ten minutes

## Afterwards

Tell the team.
`;

function knowledge(): Stored[] {
  const runbook = slug("runbook", "1");
  return [
    one("runbook", "1", "Lists are empty", {
      title: "Lists are empty", symptom: "Users write that nothing can be installed.", alerts: ["WebDown"], components: ["web"], prerequisites: "Access to mirror-2.", body: BODY,
      escalation: "Call Ben.", owner: anna, backup: null, reviewed: "2025-01-10", expires: "2026-01-10", public: true, adopted_from: null, adopted_sha256: null, licence: "CC-BY-4.0",
    }),
    one("runbook-run", "1", "Lists are empty, 2026-05-14", {
      runbook, sha256: "2b".repeat(32), started: "2026-05-14T08:20:00Z", ended: "2026-05-14T09:00:00Z", incident: slug("incident", "1"),
      steps: ["1 done", "2 failed: no right to delete", "3 done"], deviations: "Ben had to delete the logs.", drill: false, person: anna,
    }),
    one("process", "1", "Taking in a member", {
      title: "Taking in a member", purpose: "So that nobody has to ask what comes next.", inputs: "A vote", outputs: "Access", body: "1. Vote.\n2. Invite.", owner: ben, reviewed: null,
      expires: null, public: true, adopted_from: null, adopted_sha256: null, licence: null,
    }),
    one("feedback", "1", "The path is wrong", { about: runbook, from: "member", text: "The path to the logs is wrong.", received: "2026-05-15", answer: null, answered: null, state: "open", person: ben }),
    one("feedback", "2", "Say what “late” means", { about: slug("page", "1"), from: "public", text: "Say what “late” means.", received: "2026-04-01", answer: "It does now.", answered: "2026-04-03", state: "accepted", person: null }),
    one("commons", "1", "How our mail queue filled", {
      title: "How our mail queue filled", type: "postmortem", source: "Open Mail", author: "R. Ito", url: "https://mail.example/pm/7", date: "2026-03-02", sha256: "7d".repeat(32),
      licence: "CC-BY-4.0", attribution: "R. Ito, Open Mail", text: "It filled.", file: null,
    }),
    one("commons", "2", "Mail queue is full", {
      title: "Mail queue is full", type: "runbook", source: "Open Mail", author: "R. Ito", url: null, date: null, sha256: "7e".repeat(32), licence: "CC-BY-4.0",
      attribution: "R. Ito, Open Mail", text: "1. Look at the queue.", file: null,
    }),
    one("venue", "1", "Ops table", { name: "Ops table", mode: "synchronous", address: "https://meet.example/ops", description: null }),
    one("session", "1", "Disks and logs", { title: "Disks and logs", venue: slug("venue", "1"), starts: "2026-06-02T18:00:00Z", ends: null, held: true, notes: null, uid: null }),
    one("session", "2", "Quiet nights", { title: "Quiet nights", venue: slug("venue", "1"), starts: "2999-01-02T18:00:00Z", ends: null, held: false, notes: null, uid: null }),
    one("pairing", "1", "Restore from backup", { date: "2026-06-10", persons: [anna, ben], subject: "Restore from backup", with: "Open Mail" }),
    one("manifesto", "1", "Open Operations Manifesto", { title: "Open Operations Manifesto", version: "2022-12", sha256: MANIFESTO, source: "https://manifesto.example at 4f2a", licence: "CC-BY-4.0", file: null }),
    one("signature", "1", "Harbor e. V.", {
      manifesto_sha256: MANIFESTO, organisation: "Harbor e. V.", url: "https://harbor.example", logo: "/assets/harbor.svg", signatory: "Anna Berg", signatory_role: "Treasurer", mandate: "declared",
      capacity: "supporting", date: "2026-02-02", origin: null,
    }),
    one("signature", "2", "Open Mail", { manifesto_sha256: "00".repeat(32), organisation: "Open Mail", url: null, logo: null, signatory: null, signatory_role: null, mandate: null, capacity: "founding", date: "2022-05-01", origin: null }),
  ];
}

export const operationsRecords = (): Stored[] => [...incidents(), ...deploys(), ...knowledge()];
