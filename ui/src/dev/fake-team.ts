// The team of the fake host: members, votes, invitations, joining, lists. Development and tests only.
import type { HeldObject } from "../generated/HeldObject";
import type { HistoryStep } from "../generated/HistoryStep";
import type { InvitationView } from "../generated/InvitationView";
import type { JoinRequest } from "../generated/JoinRequest";
import type { JoinState } from "../generated/JoinState";
import type { Member } from "../generated/Member";
import type { OpenVote } from "../generated/OpenVote";
import type { RejectedObject } from "../generated/RejectedObject";
import type { RejectedRecord } from "../generated/RejectedRecord";
import type { RemovalPreview } from "../generated/RemovalPreview";
import type { Role } from "../generated/Role";
import type { Rotation } from "../generated/Rotation";
import type { Team } from "../generated/Team";
import { BOOK, slug, type Stored } from "./fake-data";
import { fakeAbsence, fakeMembers, fakeRules, qrOf, secretLine } from "./fake-people";

type Args = Record<string, any>;
const DAY_MS = 86_400_000;
const ME = slug("person", "anna");

export class FakeTeam {
  members: Member[] = fakeMembers();
  votes: OpenVote[] = [
    {
      action: "remove", person: slug("person", "chris"), name: "Chris", device: null, role: null,
      reason: "Has not answered for a year.", voters: ["Ben"], votes: 1, needed: 2, mine: false,
    },
    {
      action: "grant", person: slug("person", "emil"), name: "Emil", device: null, role: "leadership",
      reason: "Decided in the minutes of June.", voters: ["Anna Berg"], votes: 1, needed: 2, mine: true,
    },
  ];
  invitations: InvitationView[] = [
    this.#invitation("1", "Fatma", null, ["contributor"], 6, "/media/stick/harbor"),
    { ...this.#invitation("2", "Gus", null, ["member"], -20, "/media/stick/harbor"), state: "expired" },
  ];
  requests: JoinRequest[] = [{
    id: "r1", invitation: "1", name: "Fatma", label: "fatmas-thinkpad", short: "c0de 7712", words: "maple orbit cactus",
    person: null, roles: ["contributor"],
  }];
  joins: (JoinState & { looks: number })[] = [];
  held: HeldObject[] = [
    {
      object: "d1".repeat(32), time: "2026-06-12T21:04:00Z", person: "Dora", device: "d0ra 4410", document: "page",
      reason: "Written after Dora was removed.", records: ["page “Restart the mirror”"], can_release: true,
    },
    {
      object: "d2".repeat(32), time: "2026-06-13T08:30:00Z", person: "Dora", device: "d0ra 4410", document: "ledger/2026",
      reason: "Written after Dora was removed.", records: ["Hosting June, second half", "Domains"], can_release: true,
    },
  ];

  constructor(
    private records: Stored[],
    private changed: () => void,
    private fail: (code: string, message: string) => unknown,
    private open: () => { book: string },
  ) {}

  #invitation(id: string, name: string, person: string | null, roles: Role[], days: number, folder: string): InvitationView {
    const text = "COMMONHOLD1:AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYUCULBOGAZDINRYHI6D4QCCIRDEQSSMJZIFEVCWLBNFYXTAMJSGM2DKNRX";
    return {
      id, state: "open", name, person, roles, expires: new Date(Date.now() + days * DAY_MS).toISOString(), folder,
      words: "orchard violin second humble canyon frost", text, qr_svg: qrOf(text),
    };
  }
  #member(person: string): Member {
    const member = this.members.find((one) => one.person === person);
    if (!member) throw this.fail("not-found", "This person is not in the team.");
    return member;
  }
  #team(): Team {
    const active = this.members.filter((one) => one.standing === "active");
    const leaders = active.filter((one) => one.roles.some((role) => role.role === "leadership" && role.in_force)).length;
    const single = this.#rotation().public_single_holder;
    return {
      me: ME, my_name: "Anna Berg", my_roles: ["leadership", "treasurer"], standing: this.#member(ME).standing,
      device: "3f2a".repeat(16), members: this.members, votes: this.votes, leaders, removal_needed: leaders > 1 ? 2 : 1,
      leadership_needed: leaders > 1 ? 2 : 1, rules: fakeRules(),
      warnings: [
        ...(leaders < 2 ? ["Only one person is in leadership. If that person is gone, nobody can let anybody in."] : []),
        ...(single > 0 ? ["Some secrets are held by one person alone. Give a second person access."] : []),
      ],
    };
  }

  /** One more signature; true when it is enough. */
  #sign(vote: Omit<OpenVote, "voters" | "votes" | "needed" | "mine">, needed: number) {
    const same = (one: OpenVote) => one.action === vote.action && one.person === vote.person && one.role === vote.role;
    const before = this.votes.find(same);
    const voters = [...(before?.voters ?? []), "Anna Berg"];
    const in_force = voters.length >= needed;
    this.votes = this.votes.filter((one) => !same(one));
    if (!in_force) this.votes.push({ ...vote, voters, votes: voters.length, needed, mine: true });
    return { in_force, votes: voters.length, needed };
  }
  #grant({ person, role, from, to, decision }: Args) {
    const member = this.#member(person);
    const needed = role === "leadership" ? this.#team().leadership_needed : 1;
    const voted = this.#sign({ action: "grant", person, name: member.name, device: null, role, reason: decision ?? "" }, needed);
    if (voted.in_force) {
      member.roles.push({ role, from, to, basis: "decision", decision, in_force: true, ended: null });
    }
    this.changed();
    return voted;
  }
  #end({ person, role, reason }: Args) {
    const member = this.#member(person);
    const needed = role === "leadership" ? this.#team().leadership_needed : 1;
    const voted = this.#sign({ action: "end", person, name: member.name, device: null, role, reason }, needed);
    if (voted.in_force) {
      for (const one of member.roles) if (one.role === role) Object.assign(one, { in_force: false, ended: reason });
    }
    this.changed();
    return voted;
  }
  #secretsOf(person: string) {
    const left = new Set(this.members.filter((one) => one.standing === "active" && one.person !== person).map((one) => one.person));
    return this.records
      .filter((one) => one.kind === "secret" && (one.row.fields["holders"] ?? []).includes(person))
      .map((one) => secretLine(one, (id) => (left.has(id) ? this.#member(id).name : null)));
  }
  #preview({ person, device }: Args): RemovalPreview {
    const member = this.#member(person);
    const voters = this.votes.find((one) => one.action === "remove" && one.person === person)?.voters ?? [];
    const needed = person === ME || device ? 1 : this.#team().removal_needed;
    const devices = member.devices.filter((one) => one.standing === "active" && (!device || one.device === device));
    const secrets = device ? [] : this.#secretsOf(person);
    return {
      person, name: member.name, devices, roles: member.roles.filter((role) => role.in_force).map((role) => role.role),
      in_force: voters.length + 1 >= needed, votes: voters.length + 1, needed, voters, secrets,
      sole_secrets: secrets.filter((one) => one.sole).length, last_seen: devices[0]?.last_seen ?? null, self: person === ME,
      leaves_no_leader: person === ME && this.#team().leaders < 2,
    };
  }
  #remove({ person, device, reason }: Args) {
    const member = this.#member(person);
    const needed = this.#preview({ person, device }).needed;
    const voted = this.#sign({ action: "remove", person, name: member.name, device, role: null, reason }, needed);
    if (voted.in_force) {
      for (const one of member.devices) if (!device || one.device === device) one.standing = "removed";
      if (!device) member.standing = "removed";
    }
    this.changed();
    return voted;
  }
  #rotation(): Rotation {
    const secrets = this.records.filter((one) => one.kind === "secret");
    const gone = this.members.filter((one) => one.standing === "removed").map((one) => one.person);
    const items = gone.flatMap((person) => this.#secretsOf(person));
    return {
      items, public_total: secrets.length,
      public_single_holder: secrets.filter((one) => (one.row.fields["holders"] ?? []).length === 1).length,
      public_oldest_rotation: "2024-11-03",
    };
  }

  #answer(id: string, yes: boolean) {
    const request = this.requests.find((one) => one.id === id);
    if (!request) throw this.fail("not-found", "This request is not there any more.");
    this.requests = this.requests.filter((one) => one !== request);
    const invitation = this.invitations.find((one) => one.id === request.invitation);
    if (invitation) invitation.state = "used";
    if (yes) {
      this.members.push({
        person: slug("person", request.name), name: request.name, me: false, standing: "active",
        roles: request.roles.map((role) => ({ role, from: null, to: null, basis: "decision", decision: null, in_force: true, ended: null })),
        devices: [{
          device: slug("device", request.label), short: request.short, label: request.label, this_device: false, standing: "active",
          recovery: false, since: new Date().toISOString(), last_seen: null,
        }],
      });
    }
    this.changed();
    return {};
  }
  #join({ folder, invitation }: Args) {
    if (String(invitation).includes("wrong")) throw this.fail("invalid", "No invitation in this folder fits these words.");
    const state = {
      id: `j${this.joins.length + 1}`, state: "waiting" as const, words: "maple orbit cactus", service: "Harbor", folder, reason: null,
      book: null, looks: 0,
    };
    this.joins.push(state);
    return state;
  }
  #check(id: string): JoinState {
    const join = this.joins.find((one) => one.id === id);
    if (!join) throw this.fail("not-found", "This request is not there any more.");
    join.looks += 1;
    // Whoever invited lets one in at the third look.
    if (join.looks > 2) Object.assign(join, { state: "joined", book: this.open().book });
    return join;
  }
  #history(): HistoryStep[] {
    return [
      { time: "2026-06-05T08:12:00Z", device: "3f2a 91c0", label: "laptop", person: "Anna Berg", own: true, standing: "verified", object: "ab".repeat(32), note: null },
      { time: "2026-06-01T10:02:00Z", device: "d0ra 4410", label: "dora-desktop", person: "Dora", own: false, standing: "flagged", object: "ef".repeat(32), note: "Written while Dora was being removed." },
      { time: "2026-05-05T18:40:00Z", device: "77b1 0d4e", label: "ben-phone", person: "Ben", own: false, standing: "verified", object: "cd".repeat(32), note: null },
    ];
  }
  #rejected(): { objects: RejectedObject[]; records: RejectedRecord[] } {
    const marked = this.records.filter((one) => one.row.state === "flagged" || one.row.state === "rejected");
    return {
      objects: [{
        object: "e1".repeat(32), device: "9a9a 0001", person: null, document: "ledger/2026",
        reason: "Its device was not a member when this was written.",
      }],
      records: marked.map(({ kind, row }) => ({
        kind, id: row.id, title: row.title, state: row.state, reason: "Its author was being removed when this was written.", person: "Dora",
      })),
    };
  }
  #erase(id: string) {
    const at = this.records.findIndex((one) => one.row.id === id);
    if (at < 0) throw this.fail("not-found", "This record is not here.");
    this.records.splice(at, 1);
    this.changed();
    return {};
  }

  commands: Record<string, (args: Args) => unknown> = {
    team: () => this.#team(),
    role_grant: (args) => this.#grant(args),
    role_end: (args) => this.#end(args),
    removal_preview: (args) => this.#preview(args),
    member_remove: (args) => this.#remove(args),
    report_rotation: () => this.#rotation(),
    report_absence: () => fakeAbsence,
    person_elsewhere: () => [],
    service_links: () => ({ services: [], decisions: [] }),
    service_link: () => ({ standing: "not-here", not_back: null }),
    invitation_create: ({ name, person, roles, days, folder }) => {
      const invitation = this.#invitation(String(this.invitations.length + 1), name, person, roles, days, folder);
      this.invitations = [invitation, ...this.invitations];
      return invitation;
    },
    invitation_list: () => this.invitations,
    invitation_revoke: ({ id }) => {
      for (const one of this.invitations) if (one.id === id) one.state = "revoked";
      return {};
    },
    invitation_save: () => ({}),
    join_requests: () => this.requests,
    join_confirm: ({ id }) => this.#answer(id, true),
    join_refuse: ({ id }) => this.#answer(id, false),
    join_start: (args) => this.#join(args),
    join_check: ({ id }) => this.#check(id),
    join_list: () => this.joins.filter((one) => one.state !== "joined"),
    join_cancel: ({ id }) => {
      this.joins = this.joins.filter((one) => one.id !== id);
      return {};
    },
    recovery_create: () => {
      const me = this.#member(ME);
      const since = new Date().toISOString();
      me.devices.push({ device: slug("device", since), short: "5afe 0001", label: "", this_device: false, standing: "active", recovery: true, since, last_seen: null });
      this.changed();
      return {
        words: "gravity lantern spoon velvet harbor ticket orange museum drift copper window eagle", created: since,
        services: [{ name: "Harbor", book: BOOK }],
      };
    },
    recovery_restore: () => ({ books: [this.open().book] }),
    history: () => this.#history(),
    held_list: () => this.held,
    held_release: ({ object }) => {
      this.held = this.held.filter((one) => one.object !== object);
      this.changed();
      return {};
    },
    rejected_list: () => this.#rejected(),
    private_erase: ({ id }) => this.#erase(id),
  };
}
