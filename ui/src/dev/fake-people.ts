// People, rules and secrets of the fake host, as data.
import type { AbsenceArea } from "../generated/AbsenceArea";
import type { DeviceView } from "../generated/DeviceView";
import type { Member } from "../generated/Member";
import type { Role } from "../generated/Role";
import type { RoleRule } from "../generated/RoleRule";
import type { RoleView } from "../generated/RoleView";
import type { SecretLine } from "../generated/SecretLine";
import { plain, slug, type Stored } from "./fake-data";

function device(short: string, label: string, more: Partial<DeviceView> = {}): DeviceView {
  return {
    device: short.replace(" ", "").repeat(8), short, label, this_device: false, standing: "active", recovery: false,
    since: "2026-01-04T10:00:00Z", last_seen: "2026-06-28T09:15:00Z", ...more,
  };
}
function role(name: Role, more: Partial<RoleView> = {}): RoleView {
  return { role: name, from: "2026-01-04", to: null, basis: "decision", decision: null, in_force: true, ended: null, ...more };
}

export function fakeMembers(): Member[] {
  const member = (key: string, name: string, roles: RoleView[], devices: DeviceView[]): Member => ({
    person: slug("person", key), name, me: key === "anna", standing: "active", roles, devices,
  });
  return [
    member("ben", "Ben", [role("leadership", { basis: "founding" })], [device("77b1 0d4e", "ben-phone")]),
    member(
      "anna", "Anna Berg",
      [role("leadership", { basis: "founding" }), role("treasurer", { to: "2027-01-31", decision: "Minutes of 2026-01-04" })],
      [device("3f2a 91c0", "laptop", { this_device: true }), device("3f2b 0a77", "", { recovery: true, last_seen: null })],
    ),
    member("chris", "Chris", [role("contributor"), role("teller", { in_force: false, ended: "The vote is over." })], [device("c4c4 1200", "chris-box", { last_seen: "2025-06-02T09:00:00Z" })]),
    member("emil", "Emil", [role("member")], [device("e311 5566", "emil-air")]),
    {
      ...member("dora", "Dora", [role("leadership", { in_force: false, ended: "removed" })], [device("d0ra 4410", "dora-desktop", { standing: "removed" })]),
      standing: "removed",
    },
  ];
}

export function fakeRules(): RoleRule[] {
  const rule = (kind: RoleRule["kind"], plural: string, roles: Role[], note = ""): RoleRule => ({ kind, plural, roles, note });
  return [
    rule("transaction", "transactions", ["treasurer", "leadership"], "An expense above 500.00 EUR needs a second approval."),
    rule("account", "accounts", ["treasurer", "leadership"]),
    rule("approval", "approvals", ["leadership", "treasurer"], "Nobody approves what they wrote themselves."),
    rule("page", "pages", ["contributor", "member", "leadership"]),
    rule("secret", "secrets", ["leadership"]),
    rule("contact", "contacts", ["leadership", "treasurer"], "Only they can read it, too."),
    rule("ballot", "ballots", ["member", "leadership"], "Each for themselves."),
  ];
}

export function secretLine({ row }: Stored, nameOf: (id: string) => string | null): SecretLine {
  const holders = ((row.fields["holders"] ?? []) as string[]).map(nameOf).filter((name) => name !== null);
  return {
    id: row.id, label: row.title, system: String(row.fields["system"] ?? ""), blast_radius: Number(row.fields["blast_radius"] ?? 1),
    sole: holders.length === 0, holders,
  };
}

export function trustRecords(): Stored[] {
  const person = (key: string) => slug("person", key);
  const secret = (key: string, label: string, system: string, blast_radius: number, holders: string[]): Stored => ({
    kind: "secret",
    row: plain(label, {
      label, kind: "password", system, blast_radius, holders: holders.map(person), rotated: "2024-11-03", rotate_every: 365,
      recovery: "Call the provider with the contract number.", pointer: `Team vault, entry “${label}”`,
    }, slug("secret", key)),
  });
  const people: Stored[] = [["chris", "Chris"], ["dora", "Dora"], ["emil", "Emil"]].map(([key = "", name = ""]) => ({
    kind: "person",
    row: plain(name, { public_name: name, show_name: false, show_roles: true, note: null }, person(key)),
  }));
  const contact = {
    name: "Ben Ostrow", email: "ben@example.org", phone: "+49 30 1234", address: "Hafenstraße 1\n10115 Berlin", bank: "DE02 1203 0000 0000 2020 51",
    person: person("ben"), note: null,
  };
  const approval = {
    kind: "transaction", target: slug("transaction", "3"), person: person("dora"), verdict: "approve", reason: "Within the budget.", content: "7c".repeat(32),
  };
  const flagged = plain("Approval by Dora", approval, slug("approval", "1"));
  flagged.state = "flagged";
  const ballot = { proposal: slug("proposal", "1"), voter: person("ben"), seq: 1, choice: "yes", ranking: [], reason: null };
  return [
    ...people,
    secret("dns", "DNS of harbor.example", "INWX", 5, ["dora"]),
    secret("root", "Root password of mirror-2", "mirror-2", 4, ["anna", "dora"]),
    secret("bank", "Online banking", "GLS Bank", 5, ["anna"]),
    secret("status", "Status page", "statuspage", 1, ["anna", "ben", "dora"]),
    { kind: "contact", row: plain("Ben Ostrow", contact, slug("contact", "1")) },
    { kind: "approval", row: flagged },
    { kind: "approval", row: plain("Approval by ben", { ...approval, person: person("ben") }, slug("approval", "2")) },
    { kind: "ballot", row: plain("Ballot of ben", ballot, slug("ballot", "1")) },
  ];
}

/** Looks like a QR code; nobody can read it. */
export function qrOf(text: string): string {
  const SIDE = 29;
  let seed = [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 2_147_483_647, 7);
  const squares: string[] = [];
  const finder = (x: number, y: number) => {
    const [left, top] = [x < 8 ? 0 : SIDE - 7, y < 8 ? 0 : SIDE - 7];
    if (!(x < 8 || x > SIDE - 9) || !(y < 8 || y > SIDE - 9) || (x > SIDE - 9 && y > SIDE - 9)) return null;
    const ring = Math.max(Math.abs(x - left - 3), Math.abs(y - top - 3));
    return ring === 3 || ring < 2;
  };
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      if (finder(x, y) ?? seed % 2 === 0) squares.push(`M${x} ${y}h1v1h-1z`);
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 ${SIDE + 4} ${SIDE + 4}" shape-rendering="crispEdges"><path d="${squares.join("")}"/></svg>`;
}

/** Money hangs on one person, decisions on two; nobody has deployed yet. */
export const fakeAbsence: AbsenceArea[] = [
  { area: "money", factor: 1, people: 2, pieces: 9, few: [slug("person", "anna")] },
  { area: "decisions", factor: 2, people: 3, pieces: 6, few: [slug("person", "anna"), slug("person", "ben")] },
  { area: "deploys", factor: null, people: 0, pieces: 0, few: [] },
];
