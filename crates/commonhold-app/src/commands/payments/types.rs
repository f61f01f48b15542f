//! Payments as they are shown.

use commonhold_core::RecordId;
use serde::Serialize;

/// One person's word on an expense or a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ApprovalView {
    /// The approval's id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// approve or reject.
    #[cfg_attr(test, ts(type = "\"approve\" | \"reject\""))]
    pub verdict: String,
    /// Whether it counts.
    pub valid: bool,
    /// Why it does not count; empty when it does.
    pub why: String,
    /// What its author gave as the reason; empty without one.
    pub reason: String,
}

/// A batch as an expense names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct InBatch {
    /// The batch's id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// SHA-256 of its file.
    pub file_sha256: String,
    /// When it was written (RFC 3339).
    pub written: String,
    /// The name of who wrote it.
    pub person_name: String,
    /// The device that wrote it, its first digits.
    pub device: String,
}

/// An expense with its derived state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ExpenseView {
    /// Its id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is for.
    pub title: String,
    /// Who is paid, by the payee record.
    #[cfg_attr(test, ts(type = "string"))]
    pub payee: RecordId,
    /// The payee's name.
    pub payee_name: String,
    /// How much: "412.35 EUR".
    pub amount: String,
    /// The name of the fund that pays.
    pub fund_name: String,
    /// The path of the expense account.
    pub account_path: String,
    /// The day it is due.
    pub due: String,
    /// Where it stands.
    #[cfg_attr(test, ts(type = "import(\"./ExpenseState\").ExpenseState"))]
    pub state: commonhold_core::reports::finance::payments::ExpenseState,
    /// How many approvals it still needs.
    pub needs: u32,
    /// Why it cannot be paid now, or what to do about it; empty when nothing is to be said.
    pub reason: String,
    /// Whether it can be put into a batch now.
    pub may_pay: bool,
    /// What people said.
    pub approvals: Vec<ApprovalView>,
    /// Whether the person at this device may approve it now.
    pub i_may_approve: bool,
    /// Why not; empty when they may.
    pub why_not: String,
    /// The id that travels with the payment and names it in the bank's statement.
    pub end_to_end_id: String,
    /// The batches it is in that still hold.
    pub batches: Vec<InBatch>,
    /// What the books show as paid: "412.35 EUR"; empty while nothing is.
    pub paid: String,
    /// The schedule it is an occurrence of.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub schedule: Option<RecordId>,
    /// The day the schedule says it is due.
    pub occurrence: Option<String>,
    /// Whether it may be paid twice, or was.
    pub double: bool,
    /// Whether one person alone handed it in and approved it, since nobody else belongs.
    pub one_person_only: bool,
    /// Whether its schedule was approved for it.
    pub preapproved: bool,
    /// How it is paid: bank, open-collective or command.
    pub channel: String,
    /// The hash of what an approval of it stands for now.
    pub content: String,
}

/// A schedule with what is derived of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ScheduleView {
    /// Its id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is for.
    pub title: String,
    /// The payee's name.
    pub payee_name: String,
    /// How much each time, or at most: "412.35 EUR".
    pub amount: String,
    /// weekly, monthly, quarterly or yearly.
    pub rule: String,
    /// The next day a bill is due; nothing when none comes any more.
    pub next_due: Option<String>,
    /// Whether its bills need no further approval.
    pub approved: bool,
    /// How many approvals it still needs.
    pub needs: u32,
    /// The last day bills may be due that need no further approval.
    pub expires: Option<String>,
    /// What its bills of this calendar year come to: "2474.10 EUR".
    pub year_spent: String,
    /// What people said.
    pub approvals: Vec<ApprovalView>,
    /// What to look at, in sentences.
    pub warnings: Vec<String>,
    /// Whether the person at this device may approve it now.
    pub i_may_approve: bool,
    /// Why not; empty when they may.
    pub why_not: String,
    /// The hash of what an approval of it stands for now.
    pub content: String,
}

/// Who writes payment files now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LeaseView {
    /// The lease's id; nothing when nobody holds one.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub id: Option<RecordId>,
    /// Who holds it, by their person record.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub holder: Option<RecordId>,
    /// Their name; empty when nobody does.
    pub holder_name: String,
    /// The device that holds it, its first digits; empty when none does.
    pub device: String,
    /// Whether it is this device.
    pub mine: bool,
    /// When it ends by itself (RFC 3339); empty when nobody holds one.
    pub until: String,
    /// Other leases that were taken at the same time, in sentences.
    pub rivals: Vec<String>,
    /// Whether the person at this device may take it.
    pub i_may_take: bool,
    /// Why not; empty when they may.
    pub why_not: String,
}

/// The rules of payments in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PolicyView {
    /// The rules in one sentence.
    pub sentence: String,
    /// Up to this amount one approval is enough.
    pub one_up_to: String,
    /// Above that and up to this amount two are, above three; nothing when two are always enough.
    pub two_up_to: Option<String>,
    /// The role that pays.
    pub payer: String,
    /// Whether the service has not set any and the built-in ones hold.
    pub is_default: bool,
}

/// A payment file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BatchView {
    /// The batch's id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// The id of the message in the file.
    pub message_id: String,
    /// The control sum.
    pub total: String,
    /// How many payments.
    pub count: u32,
    /// When it was written (RFC 3339).
    pub written: String,
    /// The name of who wrote it.
    pub person_name: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// The day the bank is asked to pay.
    pub execute_on: Option<String>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// The format of the file.
    pub format: String,
    /// How it leaves: bank, open-collective or command.
    pub channel: String,
    /// The expenses in it.
    pub expenses: Vec<String>,
}

/// All there is to pay, and how it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Payments {
    /// Expenses: open ones by the day they are due, then settled ones, newest first.
    pub expenses: Vec<ExpenseView>,
    /// How many open ones there are; more than 500 are not listed.
    pub open: u32,
    /// How many settled ones there are; more than 200 are not listed.
    pub settled: u32,
    /// Bills that come again and again.
    pub schedules: Vec<ScheduleView>,
    /// Who writes payment files now.
    pub lease: LeaseView,
    /// The rules in force.
    pub policy: PolicyView,
    /// Payment files, newest first, at most 200.
    pub batches: Vec<BatchView>,
    /// What somebody must look at now, in sentences.
    pub alarms: Vec<String>,
    /// Whether the person at this device may pay.
    pub i_may_pay: bool,
}
