//! Everything about payments at one moment, derived.

use super::approvals::{Decision, Matter, Verdict, decide};
use super::facts::{Facts, Item};
use super::funds::{self, Promised};
use super::lease::{Leases, leases};
use super::occurrences::next_due;
use super::preapproval::{self, YearSums};
use super::rules::Rules;
use super::standing::{self, ExpenseState, Standing};
use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::records::Kind;
use crate::records::finance::expense::Expense;
use crate::records::finance::schedule::Schedule;
use std::collections::BTreeMap;

/// Where a schedule stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleStanding {
    /// What people said of it.
    pub decision: Decision,
    /// Whether bills that fall due now need no further approval.
    pub approved: bool,
    /// The next day a bill is due.
    pub next_due: Option<Date>,
    /// What its bills of this calendar year come to.
    pub year_spent: Money,
    /// What to look at, in sentences.
    pub warnings: Vec<String>,
}

/// Everything about payments at one moment.
pub struct Desk {
    /// What it is derived from.
    pub facts: Facts,
    /// The rules in force.
    pub rules: Rules,
    /// Who writes payment files.
    pub leases: Leases,
    /// Where every schedule stands that was not withdrawn.
    pub schedules: BTreeMap<RecordId, ScheduleStanding>,
    /// Where every expense stands.
    pub expenses: BTreeMap<RecordId, Standing>,
    promised: Promised,
}

impl Desk {
    /// Derives everything: a pure function, the same on every device with the same records.
    pub fn new(facts: Facts) -> Self {
        let rules = Rules::of(facts.policy.as_ref(), facts.currency);
        let leases = leases(&facts.leases, facts.now);
        let sums = YearSums::of(&facts);
        let mut desk = Self {
            rules,
            leases,
            schedules: BTreeMap::new(),
            expenses: BTreeMap::new(),
            promised: Promised::new(),
            facts,
        };
        let live = desk.facts.schedules.iter().filter(|(_, item)| !item.withdrawn);
        desk.schedules = live.map(|(id, item)| (*id, desk.schedule(id, item, &sums))).collect();
        let held = desk.held_by();
        let none = Vec::new();
        let all = desk.facts.expenses.iter();
        desk.expenses = all
            .map(|(id, item)| {
                let batches = held.get(id).unwrap_or(&none);
                (*id, desk.expense(id, item, batches, &sums))
            })
            .collect();
        desk.promised = desk.promises();
        let obstacles: Vec<(RecordId, Option<String>)> =
            desk.expenses.iter().map(|(id, standing)| (*id, desk.obstacle(id, standing))).collect();
        for (id, obstacle) in obstacles {
            if let Some(standing) = desk.expenses.get_mut(&id) {
                standing.obstacle = obstacle;
            }
        }
        desk
    }

    /// The batches that were not withdrawn, by the expenses they name.
    fn held_by(&self) -> BTreeMap<RecordId, Vec<RecordId>> {
        let mut held: BTreeMap<RecordId, Vec<RecordId>> = BTreeMap::new();
        for (id, (batch, _)) in self.facts.batches.iter().filter(|(_, (_, gone))| !gone) {
            for expense in batch.expenses.iter().filter_map(|text| text.parse().ok()) {
                let batches = held.entry(expense).or_default();
                if !batches.contains(id) {
                    batches.push(*id);
                }
            }
        }
        held
    }

    fn person_of(&self, payee: &RecordId) -> Option<RecordId> {
        self.facts.payees.get(payee).and_then(|payee| payee.person)
    }

    /// Why somebody may not decide about an expense; nothing when they may.
    pub fn barred_from_expense(&self, id: &RecordId, person: &RecordId) -> Option<String> {
        let item = self.facts.expenses.get(id)?;
        self.matter_of_expense(id, item).barred(person, &self.facts.team)
    }

    /// Why somebody may not decide about a schedule; nothing when they may.
    pub fn barred_from_schedule(&self, id: &RecordId, person: &RecordId) -> Option<String> {
        let item = self.facts.schedules.get(id)?;
        self.matter_of_schedule(id, item).barred(person, &self.facts.team)
    }

    fn matter_of_schedule<'a>(&self, id: &'a RecordId, item: &'a Item<Schedule>) -> Matter<'a> {
        Matter {
            kind: Kind::Schedule,
            id,
            content: &item.content,
            submitter: None,
            payee: self.person_of(&item.record.payee),
            needed: self.rules.approvals_for(item.in_rules),
        }
    }

    fn matter_of_expense<'a>(&self, id: &'a RecordId, item: &'a Item<Expense>) -> Matter<'a> {
        let expense = &item.record;
        let needed = self.rules.approvals_for(item.in_rules);
        // Who does not say who handed it in could be the one who approves it: a second looks.
        let unsaid = expense.submitter.is_none() && expense.schedule.is_none();
        Matter {
            kind: Kind::Expense,
            id,
            content: &item.content,
            submitter: expense.submitter,
            payee: self.person_of(&expense.payee),
            needed: if unsaid { needed.max(2) } else { needed },
        }
    }

    fn schedule(&self, id: &RecordId, item: &Item<Schedule>, sums: &YearSums) -> ScheduleStanding {
        let today = self.facts.now.date();
        let decision = decide(&self.facts, &self.matter_of_schedule(id, item));
        let schedule = &item.record;
        let expired = schedule.expires.is_some_and(|expires| expires < today);
        let approved = decision.verdict == Verdict::Approved && !expired;
        let currency = schedule.amount.map_or(self.facts.currency, |amount| amount.currency);
        let year_spent = Money::new(sums.of_year(id, today.year()), currency);
        let next_due = next_due(schedule, today);
        let known = self.facts.payees.contains_key(&schedule.payee);
        let warnings =
            preapproval::warnings(item, &decision, (next_due, year_spent), (today, known));
        ScheduleStanding { decision, approved, next_due, year_spent, warnings }
    }

    fn expense(
        &self,
        id: &RecordId,
        item: &Item<Expense>,
        held_by: &[RecordId],
        sums: &YearSums,
    ) -> Standing {
        let facts = &self.facts;
        let decision = decide(facts, &self.matter_of_expense(id, item));
        let of_schedule = item.record.schedule.map(|schedule| {
            let known = facts.schedules.get(&schedule).zip(self.schedules.get(&schedule));
            preapproval::reaches(facts, (id, item), (&schedule, known), sums)
        });
        let preapproved = of_schedule == Some(Ok(()));
        let not_preapproved = of_schedule.and_then(Result::err);
        let booked = standing::booked(facts, id, item);
        let sending = standing::sending(facts, id, held_by);
        let decided = match decision.verdict {
            Verdict::Approved => ExpenseState::Approved,
            Verdict::Needs(_) if preapproved => ExpenseState::Approved,
            Verdict::Needs(_) => ExpenseState::Proposed,
            // Its schedule approves it, somebody rejects it.
            Verdict::Rejected if preapproved => ExpenseState::Held,
            Verdict::Held => ExpenseState::Held,
            Verdict::Rejected => ExpenseState::Rejected,
        };
        let withdrawn = item.withdrawn.then_some(ExpenseState::Withdrawn);
        let state = withdrawn.or(booked.state).or(sending.state).unwrap_or(decided);
        let schedule = item.record.schedule.and_then(|schedule| self.schedules.get(&schedule));
        let alone = |decision: &Decision| decision.one_person_only;
        Standing {
            state,
            one_person_only: alone(&decision)
                || (preapproved && schedule.is_some_and(|schedule| alone(&schedule.decision))),
            decision,
            preapproved,
            not_preapproved,
            double: booked.double || sending.batches.len() > 1,
            batches: sending.batches,
            paid: booked.paid,
            transactions: booked.transactions,
            code: sending.code,
            obstacle: None,
        }
    }

    /// What payment files and orders have spoken for that no statement shows yet.
    fn promises(&self) -> Promised {
        let mut promised = Promised::new();
        for (id, standing) in &self.expenses {
            let waits = matches!(
                standing.state,
                ExpenseState::InBatch | ExpenseState::Sent | ExpenseState::Partial
            );
            let Some(item) = self.facts.expenses.get(id).filter(|_| waits) else { continue };
            let Some(amount) = item.record.amount else { continue };
            let paid = standing.paid.map_or(0, |paid| paid.minor.max(0));
            let rest = amount.minor.saturating_sub(paid).max(0);
            let sum = promised.entry((item.record.fund, amount.currency)).or_default();
            *sum = sum.saturating_add(rest);
        }
        promised
    }

    /// Why an open expense cannot be paid, whatever people say of it.
    fn obstacle(&self, id: &RecordId, standing: &Standing) -> Option<String> {
        let waits = matches!(
            standing.state,
            ExpenseState::Proposed
                | ExpenseState::Held
                | ExpenseState::Approved
                | ExpenseState::Refused
                | ExpenseState::Cancelled
        );
        let item = self.facts.expenses.get(id).filter(|_| waits)?;
        self.rule_against(item).or_else(|| funds::short(&self.facts, &self.promised, &item.record))
    }

    /// What the rules have against paying an expense, money aside.
    fn rule_against(&self, item: &Item<Expense>) -> Option<String> {
        let expense = &item.record;
        if let Some(field) = item.conflicts.first() {
            return Some(format!(
                "Two people wrote another {field} while apart; choose one of the two first."
            ));
        }
        if expense.expense_type == "in-kind" {
            return Some(
                "It was given in kind, so nothing is to be paid; enter it in the books.".into(),
            );
        }
        if !self.facts.payees.contains_key(&expense.payee) {
            return Some("Its payee is not in this service; choose one of its payees.".into());
        }
        if !self.facts.accounts.contains_key(&expense.account) {
            return Some("Its account is not in this service; choose one of its accounts.".into());
        }
        let decided = expense.decision.as_deref().is_some_and(|text| !text.trim().is_empty());
        let above = self.rules.decision_above.filter(|limit| {
            let within = item.in_rules.is_some_and(|amount| {
                amount.currency == limit.currency && amount.minor <= limit.minor
            });
            !within && !decided
        });
        if let Some(limit) = above {
            return Some(format!("What costs more than {limit} names the decision behind it."));
        }
        funds::may_not(&self.facts, expense, self.facts.now.date())
    }

    /// Chooses what the money reaches for, in the order it is due: each expense, and why it is
    /// left out where it is.
    pub fn in_order(&self, wanted: &[RecordId]) -> Vec<(RecordId, Option<String>)> {
        let mut promised = self.promised.clone();
        let due = |id: &RecordId| self.facts.expenses.get(id).and_then(|item| item.record.due);
        let mut wanted: Vec<RecordId> = wanted.to_vec();
        wanted.sort_by_key(|id| (due(id), *id));
        wanted.dedup();
        let mut chosen = Vec::new();
        for id in wanted {
            let Some(item) = self.facts.expenses.get(&id) else { continue };
            let why = funds::short(&self.facts, &promised, &item.record);
            if let (None, Some(amount)) = (&why, item.record.amount) {
                let sum = promised.entry((item.record.fund, amount.currency)).or_default();
                *sum = sum.saturating_add(amount.minor);
            }
            chosen.push((id, why));
        }
        chosen
    }
}
