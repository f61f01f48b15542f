// The one door to the Rust host: the only file that imports @tauri-apps/*.
// Every command of the host has one typed function here, under the same name.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { AbsenceArea } from "./generated/AbsenceArea";
import type { AppState } from "./generated/AppState";
import type { ArchiveDue } from "./generated/ArchiveDue";
import type { ArchiveExported } from "./generated/ArchiveExported";
import type { ArchiveVerified } from "./generated/ArchiveVerified";
import type { Assignment } from "./generated/Assignment";
import type { AttachmentInfo } from "./generated/AttachmentInfo";
import type { AttachmentText } from "./generated/AttachmentText";
import type { BackgroundState } from "./generated/BackgroundState";
import type { Balances } from "./generated/Balances";
import type { BatchDone } from "./generated/BatchDone";
import type { BatchOrder } from "./generated/BatchOrder";
import type { BatchPreview } from "./generated/BatchPreview";
import type { BudgetReport } from "./generated/BudgetReport";
import type { BylawsDraft } from "./generated/BylawsDraft";
import type { Choice } from "./generated/Choice";
import type { Clock } from "./generated/Clock";
import type { ClosedPeriod } from "./generated/ClosedPeriod";
import type { ClosePreview } from "./generated/ClosePreview";
import type { Closes } from "./generated/Closes";
import type { Concentration } from "./generated/Concentration";
import type { Conformance } from "./generated/Conformance";
import type { ConformanceMonth } from "./generated/ConformanceMonth";
import type { Efficiency } from "./generated/Efficiency";
import type { ElectionView } from "./generated/ElectionView";
import type { Failure } from "./generated/Failure";
import type { Forecast } from "./generated/Forecast";
import type { HeldObject } from "./generated/HeldObject";
import type { HistoryStep } from "./generated/HistoryStep";
import type { ImportDone } from "./generated/ImportDone";
import type { ImportOptions } from "./generated/ImportOptions";
import type { ImportPreview } from "./generated/ImportPreview";
import type { ImportReview } from "./generated/ImportReview";
import type { InvitationView } from "./generated/InvitationView";
import type { JoinRequest } from "./generated/JoinRequest";
import type { JoinState } from "./generated/JoinState";
import type { Kind } from "./generated/Kind";
import type { LeaseView } from "./generated/LeaseView";
import type { LeftOver } from "./generated/LeftOver";
import type { LiveState } from "./generated/LiveState";
import type { Matched } from "./generated/Matched";
import type { NamedMapping } from "./generated/NamedMapping";
import type { NeedsYou } from "./generated/NeedsYou";
import type { NewDecision } from "./generated/NewDecision";
import type { NewOutcome } from "./generated/NewOutcome";
import type { NewProposal } from "./generated/NewProposal";
import type { NewReconciliation } from "./generated/NewReconciliation";
import type { NewService } from "./generated/NewService";
import type { OperationsReport } from "./generated/OperationsReport";
import type { Overview } from "./generated/Overview";
import type { Payments } from "./generated/Payments";
import type { PersonElsewhere } from "./generated/PersonElsewhere";
import type { PhaseEntered } from "./generated/PhaseEntered";
import type { PhaseMove } from "./generated/PhaseMove";
import type { PrepaidCoverage } from "./generated/PrepaidCoverage";
import type { Prepared } from "./generated/Prepared";
import type { Problem } from "./generated/Problem";
import type { Progress } from "./generated/Progress";
import type { ProposalRow } from "./generated/ProposalRow";
import type { ProposalView } from "./generated/ProposalView";
import type { Query } from "./generated/Query";
import type { Reconciled } from "./generated/Reconciled";
import type { RecordPage } from "./generated/RecordPage";
import type { RecordView } from "./generated/RecordView";
import type { RecordsChanged } from "./generated/RecordsChanged";
import type { RecoverySheet } from "./generated/RecoverySheet";
import type { RejectedObject } from "./generated/RejectedObject";
import type { RejectedRecord } from "./generated/RejectedRecord";
import type { Remote } from "./generated/Remote";
import type { RemovalPreview } from "./generated/RemovalPreview";
import type { Role } from "./generated/Role";
import type { Rotation } from "./generated/Rotation";
import type { RuleView } from "./generated/RuleView";
import type { ScenarioView } from "./generated/ScenarioView";
import type { SearchPage } from "./generated/SearchPage";
import type { SelfFunded } from "./generated/SelfFunded";
import type { ServiceLinked } from "./generated/ServiceLinked";
import type { ServiceLinks } from "./generated/ServiceLinks";
import type { ArchivePlan } from "./generated/ArchivePlan";
import type { ArchiveRun } from "./generated/ArchiveRun";
import type { ArchivesState } from "./generated/ArchivesState";
import type { Branch } from "./generated/Branch";
import type { SiteBuilt } from "./generated/SiteBuilt";
import type { SiteSent } from "./generated/SiteSent";
import type { SitePreview } from "./generated/SitePreview";
import type { Statements } from "./generated/Statements";
import type { Status } from "./generated/Status";
import type { SyncReport } from "./generated/SyncReport";
import type { TallyDone } from "./generated/TallyDone";
import type { Team } from "./generated/Team";
import type { TrialBalance } from "./generated/TrialBalance";
import type { Vouch } from "./generated/Vouch";
import type { WhatIf } from "./generated/WhatIf";
import type { WhatIfQuestion } from "./generated/WhatIfQuestion";

export type Fields = Record<string, any>;
export type JobProgress = Progress & { job: string };

/** What carries the calls. Only the fake host of `npm run dev` and the tests put another in. */
export type Transport = {
  invoke: (command: string, args?: Record<string, unknown>) => Promise<unknown>;
  listen: (event: string, handler: (payload: unknown) => void) => Promise<() => void>;
};

let transport: Transport = {
  invoke: (command, args) => invoke(command, args),
  listen: (event, handler) => listen(event, (message) => handler(message.payload)),
};

export function useTransport(other: Transport): void {
  transport = other;
}

export function isInsideHost(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

async function call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return (await transport.invoke(command, args)) as T;
  } catch (thrown) {
    throw asFailure(thrown);
  }
}

/** Whatever was thrown, as the one shape the window shows. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    const failure = thrown as Partial<Failure>;
    return {
      code: failure.code ?? "internal",
      message: failure.message ?? "",
      hint: failure.hint ?? null,
      detail: failure.detail ?? null,
      problems: failure.problems ?? [],
    };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const detail = thrown instanceof Error ? (thrown.stack ?? null) : null;
  return { code: "internal", message, hint: null, detail, problems: [] };
}

// Profile and services
export const appState = () => call<AppState>("app_state");
export const serviceCreate = (args: { service: NewService }) => call<{ book: string }>("service_create", args);
export const serviceSample = () => call<{ book: string }>("service_sample");
export const serviceReadEcosystems = (args: { path: string }) => call<NewService>("service_read_ecosystems", args);

// Records, generic by kind
export const recordList = (args: { book: string; kind: Kind; query: Query }) => call<RecordPage>("record_list", args);
export const recordGet = (args: { book: string; kind: Kind; id: string }) => call<RecordView>("record_get", args);
export const recordCheck = (args: { book: string; kind: Kind; fields: Fields }) =>
  call<Problem[]>("record_check", args);
export const recordAdd = (args: { book: string; kind: Kind; fields: Fields }) =>
  call<{ id: string }>("record_add", args);
export const recordEdit = (args: {
  book: string; kind: Kind; id: string; fields: Fields; base: Record<string, string> | null;
}) => call<object>("record_edit", args);
export const recordWithdraw = (args: { book: string; kind: Kind; id: string; reason: string }) =>
  call<{ id: string }>("record_withdraw", args);
export const recordCorrect = (args: { book: string; id: string; fields: Fields }) =>
  call<{ id: string }>("record_correct", args);
export const search = (args: { book: string; words: string; offset: number; limit: number }) =>
  call<SearchPage>("search", args);

// Reports
export const reportOverview = (args: { book: string; at: string | null }) => call<Overview>("report_overview", args);
export const reportBalances = (args: { book: string; at: string | null }) => call<Balances>("report_balances", args);
export const reportEfficiency = (args: { book: string; at: string | null }) =>
  call<Efficiency>("report_efficiency", args);

// Import
export type ImportSource = { book: string; format: string; path: string; options: ImportOptions };
export const importPreview = (args: ImportSource) => call<ImportPreview>("import_preview", args);
export const importRun = (args: ImportSource & { job: string }) => call<ImportDone>("import_run", args);
export const importUndo = (args: { book: string; id: string; reason: string }) =>
  call<{ withdrawn: number }>("import_undo", args);
export const mappingList = () => call<NamedMapping[]>("mapping_list");
export const mappingSave = (args: NamedMapping) => call<object>("mapping_save", args);

export const importReview = (args: { book: string; import: string }) => call<ImportReview>("import_review", args);
type Sorted = Pick<Assignment, "transaction" | "account"> & Partial<Assignment>;
export const importAssign = (args: { book: string; assignments: Sorted[] }) =>
  call<{ count: number }>("import_assign", args);
export const needsYou = (args: { book: string }) => call<NeedsYou>("needs_you", args);

// Payments
export const payments = (args: { book: string }) => call<Payments>("payments", args);
export const expenseApprove = (args: {
  book: string; kind: Kind; id: string; verdict: "approve" | "reject"; reason: string;
  /** The content that was looked at: nothing is decided about what was changed since. */
  seen: string | null;
}) => call<{ id: string }>("expense_approve", args);
export const paymentsPrepare = (args: { book: string; until: string }) => call<Prepared>("payments_prepare", args);
export const leaseTake = (args: { book: string; days: number; reason: string }) => call<LeaseView>("lease_take", args);
export const leaseEnd = (args: { book: string }) => call<LeaseView>("lease_end", args);
export const batchPreview = (args: { book: string; order: BatchOrder }) => call<BatchPreview>("batch_preview", args);
export const batchWrite = (args: { book: string; order: BatchOrder; path: string }) =>
  call<BatchDone>("batch_write", args);
export const batchWithdraw = (args: { book: string; id: string; reason: string }) =>
  call<object>("batch_withdraw", args);
export const outcomeAdd = (args: { book: string; outcome: NewOutcome }) => call<{ id: string }>("outcome_add", args);
export const matchPayments = (args: { book: string }) => call<Matched>("match_payments", args);

// Plans, statements and closed periods
type OfDay = { book: string; at: string | null };
export const reportBudget = (args: OfDay) => call<BudgetReport>("report_budget", args);
export const reportForecast = (args: OfDay) => call<Forecast>("report_forecast", args);
export const reportWhatIf = (args: OfDay & { question: WhatIfQuestion }) => call<WhatIf>("report_what_if", args);
export const reportCoverage = (args: OfDay) => call<PrepaidCoverage>("report_coverage", args);
export const reportConcentration = (args: OfDay) => call<Concentration>("report_concentration", args);
export const reportLeftOver = (args: OfDay) => call<LeftOver>("report_left_over", args);
export const reportStatements = (args: OfDay) => call<Statements>("report_statements", args);
export const reportTrialBalance = (args: OfDay) => call<TrialBalance>("report_trial_balance", args);
export const reportClock = (args: OfDay) => call<Clock>("report_clock", args);
export const reportSelfFunded = (args: OfDay) => call<SelfFunded>("report_self_funded", args);
export const reconcile = (args: { book: string; compared: NewReconciliation }) => call<Reconciled>("reconcile", args);
export const closePreview = (args: { book: string; from: string; to: string }) =>
  call<ClosePreview>("close_preview", args);
export const closeWrite = (args: { book: string; from: string; to: string; note: string | null }) =>
  call<{ id: string }>("close_write", args);
export const closeList = (args: { book: string }) => call<Closes>("close_list", args);
/** The closed period a day lies in: an entry of that day is a late one. */
export const closedOn = (args: { book: string; day: string }) => call<ClosedPeriod | null>("closed_on", args);
export const postForward = (args: { book: string; transaction: string; date: string }) =>
  call<{ id: string }>("post_forward", args);

// The framework: how the service keeps it, its phase, its scenarios
export const frameworkCheck = (args: { book: string; at: string | null; version: string | null }) =>
  call<Conformance>("framework_check", args);
/** How many requirements held at the end of each of the last months. */
export const frameworkHistory = (args: { book: string; months: number }) =>
  call<ConformanceMonth[]>("framework_history", args);
export const frameworkAttest = (args: { book: string; vouch: Vouch }) => call<{ id: string }>("framework_attest", args);
export const phaseEnter = (args: { book: string; entered: PhaseMove }) => call<PhaseEntered>("phase_enter", args);
/** The archive the last move asks for, where it is missing. */
export const phaseArchiveDue = (args: { book: string }) => call<ArchiveDue | null>("phase_archive_due", args);
export const phaseArchive = (args: { book: string; path: string | null }) => call<{ archive: string }>("phase_archive", args);
/** Bylaws as the answers so far make them; nothing is written. */
export const bylawsDraft = (args: { book: string; answers: Record<string, string> }) => call<BylawsDraft>("bylaws_draft", args);
export const bylawsWrite = (args: { book: string; answers: Record<string, string> }) => call<{ id: string }>("bylaws_write", args);
export const bylawsAdopt = (args: { book: string; answers: Record<string, string>; decision: string }) =>
  call<{ written: number }>("bylaws_adopt", args);
export const frameworkMigrate = (args: { book: string; to: string; decision: string }) =>
  call<object>("framework_migrate", args);
export const scenarioList = (args: { book: string; at: string | null }) => call<ScenarioView[]>("scenario_list", args);
export const scenarioWatch = (args: { book: string }) => call<{ fired: number }>("scenario_watch", args);

// Sync and archive
export const syncPlace = (args: { book: string | null; place: string; job: string }) =>
  call<SyncReport>("sync_place", args);
export const remoteList = () => call<Remote[]>("remote_list");
/** `user` and `secret` stay on this device, outside of the record. */
export const remoteAdd = (args: { address: string; user?: string; secret?: string }) =>
  call<Remote>("remote_add", args);
export const remoteRemove = (args: { address: string }) => call<null>("remote_remove", args);
export const remotePause = (args: { address: string; paused: boolean }) =>
  call<null>("remote_pause", args);
export const backgroundState = () => call<BackgroundState>("background_state");
export const liveState = () => call<LiveState>("live_state");
export const liveChoose = (args: { on: boolean; discovery: boolean; relays: string[] }) =>
  call<null>("live_choose", args);
export const backgroundPause = (args: { paused: boolean }) => call<null>("background_pause", args);
export const backgroundCall = () => call<null>("background_call");
export const archiveExport = (args: { book: string; path: string; job: string }) =>
  call<ArchiveExported>("archive_export", args);
/** Where archives of a book are written by themselves, and how the last run went. */
export const archivePlan = (args: { book: string }) => call<ArchivesState>("archive_plan", args);
export const archivePlanSet = (args: { book: string; plan: ArchivePlan }) => call<void>("archive_plan_set", args);
/** Writes the archive of today where the plan says. */
export const archiveRun = (args: { book: string; job: string }) => call<ArchiveRun>("archive_run", args);
export const archiveVerify = (args: { path: string }) => call<ArchiveVerified>("archive_verify", args);
export const archiveRestore = (args: { path: string; job: string }) => call<{ book: string }>("archive_restore", args);
export const status = (args: { book: string }) => call<Status>("status", args);

// The team: who belongs to it, with which roles and devices
export type Voted = { in_force: boolean; votes: number; needed: number };
export const team = (args: { book: string }) => call<Team>("team", args);
export const roleGrant = (args: {
  book: string; person: string; role: Role; from: string | null; to: string | null; decision: string | null;
}) => call<Voted>("role_grant", args);
export const roleEnd = (args: { book: string; person: string; role: Role; reason: string }) =>
  call<Voted>("role_end", args);
export const removalPreview = (args: { book: string; person: string; device: string | null }) =>
  call<RemovalPreview>("removal_preview", args);
export const memberRemove = (args: { book: string; person: string; device: string | null; reason: string }) =>
  call<Voted>("member_remove", args);
/** On how few people each part of the work hangs. */
export const reportAbsence = (args: OfDay) => call<AbsenceArea[]>("report_absence", args);
/** The other services here of somebody who agreed to be named in them. */
export const personElsewhere = (args: { book: string; person: string }) =>
  call<PersonElsewhere[]>("person_elsewhere", args);
export const serviceLinks = (args: { book: string }) => call<ServiceLinks>("service_links", args);
export const serviceLink = (args: { book: string; direction: "predecessor" | "successor"; other: string; words: string | null }) =>
  call<ServiceLinked>("service_link", args);
export const reportRotation = (args: { book: string }) => call<Rotation>("report_rotation", args);

// Inviting and joining
export const invitationCreate = (args: {
  book: string; person: string | null; name: string; roles: Role[]; days: number; folder: string;
}) => call<InvitationView>("invitation_create", args);
export const invitationList = (args: { book: string }) => call<InvitationView[]>("invitation_list", args);
export const invitationRevoke = (args: { book: string; id: string }) => call<object>("invitation_revoke", args);
export const invitationSave = (args: { book: string; id: string; path: string }) =>
  call<object>("invitation_save", args);
export const joinRequests = (args: { book: string }) => call<JoinRequest[]>("join_requests", args);
export const joinConfirm = (args: { book: string; id: string }) => call<object>("join_confirm", args);
export const joinRefuse = (args: { book: string; id: string }) => call<object>("join_refuse", args);
/** `invitation` is six words, the text of an invitation, or "file:" and the path of one. */
export const joinStart = (args: { folder: string; invitation: string; name: string; label: string }) =>
  call<JoinState>("join_start", args);
export const joinCheck = (args: { id: string; job: string }) => call<JoinState>("join_check", args);
export const joinList = () => call<JoinState[]>("join_list");
export const joinCancel = (args: { id: string }) => call<object>("join_cancel", args);
export const recoveryCreate = (args: { book: string }) => call<RecoverySheet>("recovery_create", args);
export const recoveryRestore = (args: { words: string; folder: string; name: string }) =>
  call<{ books: string[] }>("recovery_restore", args);

// What was written by whom, and what of it does not count
export type RejectedLists = { objects: RejectedObject[]; records: RejectedRecord[] };
export const history = (args: { book: string; kind: Kind; id: string }) => call<HistoryStep[]>("history", args);
export const heldList = (args: { book: string }) => call<HeldObject[]>("held_list", args);
export const heldRelease = (args: { book: string; object: string; reason: string }) =>
  call<object>("held_release", args);
export const rejectedList = (args: { book: string }) => call<RejectedLists>("rejected_list", args);
export const privateErase = (args: { book: string; kind: Kind; id: string; reason: string }) =>
  call<object>("private_erase", args);

// Decisions: rules, proposals, ballots, counts, the register
type OfProposal = { book: string; proposal: string };
export const rules = (args: { book: string }) => call<RuleView[]>("rules", args);
export const proposalOpen = (args: { book: string; new: NewProposal }) => call<{ id: string }>("proposal_open", args);
export const proposalList = (args: { book: string }) => call<ProposalRow[]>("proposal_list", args);
export const proposalView = (args: { book: string; id: string }) => call<ProposalView>("proposal_view", args);
export const vote = (args: OfProposal & { choice: Choice }) => call<{ id: string }>("vote", args);
/** `kind` is second, veto, objection, resolved, retract or recount-request. */
export const say = (args: OfProposal & { kind: string; reason: string | null }) => call<{ id: string }>("say", args);
export const tallyPreview = (args: OfProposal) => call<TallyDone>("tally_preview", args);
export const tallySign = (args: OfProposal & { recount: boolean }) => call<TallyDone>("tally_sign", args);
export const decisionRecord = (args: { book: string; new: NewDecision }) =>
  call<{ id: string }>("decision_record", args);
export const electionRead = (args: { path: string }) => call<ElectionView>("election_read", args);
export const electionImport = (args: { book: string; path: string; title: string; text: string; date: string | null }) =>
  call<{ id: string; election: ElectionView }>("election_import", args);

// Attachments: files that records name by their SHA-256
/** Keeps a file with the record. `sealed`: leadership and treasurers alone read it. */
export const attachmentAdd = (args: { book: string; path: string; sealed: boolean }) =>
  call<AttachmentInfo>("attachment_add", args);
export const attachmentSave = (args: { book: string; sha256: string; path: string }) =>
  call<AttachmentInfo>("attachment_save", args);
export const attachmentList = (args: { book: string }) => call<AttachmentInfo[]>("attachment_list", args);
export const attachmentFetch = (args: { book: string; sha256: string }) => call<object>("attachment_fetch", args);

/** The text of a public attachment, from its beginning; `cut` when there is more than 1 MiB of it. */
export const attachmentText = (args: { book: string; sha256: string }) =>
  call<AttachmentText>("attachment_text", args);

// Operations: numbers of the last 90 days, and what is known of each part
export const operationsReport = (args: { book: string }) => call<OperationsReport>("operations_report", args);
/** Copies the value of a secret without the page seeing it. Answers after how many seconds it is taken out again. */
export const secretCopy = (args: { book: string; secret: string }) => call<number>("secret_copy", args);

// Publish: what the public sees. Every number is whole; a day is "YYYY-MM-DD".
export type { SiteBuilt, SitePreview };
export type { SiteFinding } from "./generated/SiteFinding";
/** Nothing is written. */
export const sitePreview = (args: { book: string }) => call<SitePreview>("site_preview", args);
/** Writes the public pages into a folder. `record`: and writes a publication into the book. */
export const siteBuild = (args: { book: string; dir: string; record: boolean; job: string }) => call<SiteBuilt>("site_build", args);
/** Puts the public pages onto a branch of a git repository. */
export const sitePublish = (args: { book: string; branch: Branch; url: string | null; record: boolean; job: string }) =>
  call<SiteSent>("site_publish", args);

// Helpers of the host
export const pickFile = (args: { title: string; extensions: string[] }) => call<string | null>("pick_file", args);
export const pickFolder = (args: { title: string }) => call<string | null>("pick_folder", args);
export const pickSave = (args: { title: string; name: string }) => call<string | null>("pick_save", args);
/** The file of exchange the program was started with; once. */
export const openedFile = () => call<string | null>("opened_file");
export const jobCancel = (args: { job: string }) => call<object>("job_cancel", args);

// Events
export const onRecordsChanged = (handler: (changes: RecordsChanged[]) => void) =>
  transport.listen("records-changed", (payload) => handler(payload as RecordsChanged[]));
export const onJobProgress = (handler: (progress: JobProgress) => void) =>
  transport.listen("job-progress", (payload) => handler(payload as JobProgress));
/** Says only that something changed about the exchange; who shows it reads it again. */
export const onExchangeChanged = (handler: () => void) => transport.listen("exchange-changed", () => handler());
