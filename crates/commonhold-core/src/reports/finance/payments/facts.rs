//! What payments are derived from: everything written about them, read once.

use super::content::{content, names};
use super::rules::APPROVERS;
use crate::authority::Role;
use crate::date::{Date, Time};
use crate::id::{BookId, RecordId, from_purpose};
use crate::json::Fields;
use crate::money::{Currency, Money};
use crate::projection::{Row, State};
use crate::record::Posting;
use crate::records::Kind;
use crate::records::finance::approval::Approval;
use crate::records::finance::batch::Batch;
use crate::records::finance::expense::Expense;
use crate::records::finance::fund::Fund;
use crate::records::finance::lease::Lease;
use crate::records::finance::outcome::Outcome;
use crate::records::finance::payee::Payee;
use crate::records::finance::policy::Policy;
use crate::records::finance::schedule::Schedule;
use crate::records::finance::transaction::Transaction;
use crate::reports::finance::ledger::Ledger;
use crate::store::{Error, Reader};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Who belongs, and what they may do today.
#[derive(Clone, Debug, Default)]
pub struct Team {
    /// Everybody who belongs, with their roles.
    pub members: BTreeMap<RecordId, BTreeSet<Role>>,
}

impl Team {
    /// Those with one of these roles.
    pub fn with(&self, roles: &[Role]) -> BTreeSet<RecordId> {
        let has = |held: &BTreeSet<Role>| roles.iter().any(|role| held.contains(role));
        self.members.iter().filter(|(_, held)| has(held)).map(|(person, _)| *person).collect()
    }

    /// Those whose approval counts.
    pub fn approvers(&self) -> BTreeSet<RecordId> {
        self.with(APPROVERS)
    }

    /// Whether this person belongs and nobody else does.
    pub fn is_alone(&self, person: &RecordId) -> bool {
        self.members.len() == 1 && self.members.contains_key(person)
    }
}

/// A living record that is decided about.
#[derive(Clone, Debug, Default)]
pub struct Item<R> {
    /// Its fields.
    pub record: R,
    /// The hash of what is approved of it.
    pub content: String,
    /// Fields of that with several values, written while apart.
    pub conflicts: Vec<String>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// What it costs in the currency of the rules, by the price of the day it is due; nothing
    /// without a price.
    pub in_rules: Option<Money>,
}

/// A transaction that says it pays an expense, or gives it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidLine {
    /// The transaction.
    pub transaction: RecordId,
    /// What left the asset accounts, in minor units of the expense's currency; negative when it
    /// came back; nothing when no asset account is moved.
    pub paid: Option<i64>,
}

/// Everything payments are derived from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The moment it is.
    pub now: Time,
    /// The book.
    pub book: BookId,
    /// The reporting currency.
    pub currency: Currency,
    /// The service's policy, when it has set one.
    pub policy: Option<Policy>,
    /// Who belongs.
    pub team: Team,
    /// What people are called.
    pub names: BTreeMap<RecordId, String>,
    /// The funds.
    pub funds: BTreeMap<RecordId, Fund>,
    /// Paths of accounts.
    pub accounts: BTreeMap<RecordId, String>,
    /// Money in asset accounts, by fund and currency, minor units.
    pub cash: BTreeMap<(RecordId, Currency), i64>,
    /// Payees that count.
    pub payees: BTreeMap<RecordId, Payee>,
    /// Schedules that count or were withdrawn.
    pub schedules: BTreeMap<RecordId, Item<Schedule>>,
    /// Expenses that count or were withdrawn.
    pub expenses: BTreeMap<RecordId, Item<Expense>>,
    /// Approvals that count, by what they are about.
    pub words: BTreeMap<RecordId, Vec<(RecordId, Approval)>>,
    /// Batches that count or were withdrawn, and whether they were.
    pub batches: BTreeMap<RecordId, (Batch, bool)>,
    /// Outcomes that count, by expense.
    pub outcomes: BTreeMap<RecordId, Vec<(RecordId, Outcome)>>,
    /// Leases that count.
    pub leases: Vec<(RecordId, Lease)>,
    /// Transactions that count, by the expense they name.
    pub paid: BTreeMap<RecordId, Vec<PaidLine>>,
}

fn parsed<R: DeserializeOwned>(fields: Fields) -> Option<R> {
    serde_json::from_value(Value::Object(fields)).ok()
}

/// Every record of a kind that counts.
fn counting<R: DeserializeOwned>(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
) -> Result<Vec<(RecordId, R)>, Error> {
    let mut found = Vec::new();
    reader.each(book, kind, &mut |row| {
        if row.state == State::Ok {
            found.extend(parsed(row.fields).map(|record| (row.id, record)));
        }
        true
    })?;
    Ok(found)
}

/// Every living record of a kind that is sound, with what is approved of it.
fn items<R: DeserializeOwned>(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
    in_rules: impl Fn(&R) -> Option<Money>,
) -> Result<BTreeMap<RecordId, Item<R>>, Error> {
    let mut found = BTreeMap::new();
    let approved = names(kind);
    reader.each(book, kind, &mut |row: Row| {
        let withdrawn = row.state == State::Withdrawn;
        if !withdrawn && row.state != State::Ok {
            return true;
        }
        let content = content(kind, &row.fields);
        let fields = row.conflicts.into_iter().map(|(field, _)| field);
        let conflicts = fields.filter(|field| approved.contains(&field.as_str())).collect();
        if let Some(record) = parsed::<R>(row.fields) {
            let in_rules = in_rules(&record);
            found.insert(row.id, Item { record, content, conflicts, withdrawn, in_rules });
        }
        true
    })?;
    Ok(found)
}

impl Facts {
    /// Reads everything payments are derived from, as of a moment.
    pub fn load(reader: &Reader, book: &BookId, now: Time) -> Result<Self, Error> {
        let _one_moment = reader.view()?;
        let today = now.date();
        let ledger = Ledger::read(reader, book, Some(today), today)?;
        let policies = counting::<Policy>(reader, book, Kind::Policy)?;
        let own = from_purpose(book, "policy/payments");
        let named = policies.iter().find(|(id, _)| *id == own).or(policies.first());
        let policy = named.map(|(_, policy)| policy.clone());
        let rules = super::Rules::of(policy.as_ref(), ledger.currency).one_up_to.currency;
        let price = |amount: Option<Money>, day: Option<Date>| {
            let amount = amount?;
            if amount.currency == rules {
                return Some(amount);
            }
            let converted = ledger.convert(amount, day.unwrap_or(today))?;
            Some(converted).filter(|converted| converted.currency == rules)
        };
        let expenses = items(reader, book, Kind::Expense, |e: &Expense| price(e.amount, e.due))?;
        let schedules = items(reader, book, Kind::Schedule, |s: &Schedule| {
            price(s.limit_per_occurrence.or(s.amount), Some(today))
        })?;
        let mut batches = BTreeMap::new();
        reader.each(book, Kind::Batch, &mut |row| {
            let withdrawn = row.state == State::Withdrawn;
            if withdrawn || row.state == State::Ok {
                batches.extend(parsed(row.fields).map(|batch| (row.id, (batch, withdrawn))));
            }
            true
        })?;
        let paid = paid(reader, book, &ledger, &expenses)?;
        Ok(Self {
            now,
            book: *book,
            currency: ledger.currency,
            policy,
            team: team(reader, book, today)?,
            names: people(reader, book)?,
            cash: cash(&ledger),
            accounts: ledger.accounts.into_iter().map(|(id, a)| (id, a.path)).collect(),
            funds: ledger.funds,
            payees: counting(reader, book, Kind::Payee)?.into_iter().collect(),
            schedules,
            expenses,
            words: by(counting(reader, book, Kind::Approval)?, |a: &Approval| a.target),
            batches,
            outcomes: by(counting(reader, book, Kind::Outcome)?, |o: &Outcome| o.expense),
            leases: counting(reader, book, Kind::Lease)?,
            paid,
        })
    }

    /// What somebody is called; their id where nothing is known.
    pub fn name(&self, person: &RecordId) -> String {
        self.names.get(person).cloned().unwrap_or_else(|| person.to_string())
    }
}

fn by<R>(
    records: Vec<(RecordId, R)>,
    about: impl Fn(&R) -> RecordId,
) -> BTreeMap<RecordId, Vec<(RecordId, R)>> {
    let mut found: BTreeMap<RecordId, Vec<(RecordId, R)>> = BTreeMap::new();
    for (id, record) in records {
        found.entry(about(&record)).or_default().push((id, record));
    }
    found
}

fn team(reader: &Reader, book: &BookId, today: Date) -> Result<Team, Error> {
    let authority = reader.authority(book)?;
    let state = authority.state();
    let active = state.people().into_iter().filter(|person| state.is_active(*person));
    Ok(Team { members: active.map(|person| (person, state.roles(person, today))).collect() })
}

fn people(reader: &Reader, book: &BookId) -> Result<BTreeMap<RecordId, String>, Error> {
    let mut names = BTreeMap::new();
    reader.each(book, Kind::Person, &mut |row| {
        let name = row.fields.get("public_name").and_then(Value::as_str);
        names.extend(name.map(|name| (row.id, name.to_owned())));
        true
    })?;
    Ok(names)
}

fn cash(ledger: &Ledger) -> BTreeMap<(RecordId, Currency), i64> {
    let mut cash: BTreeMap<_, i64> = BTreeMap::new();
    for line in ledger.lines.iter().filter(|line| ledger.type_of(&line.account) == "asset") {
        let sum = cash.entry((line.fund, line.amount.currency)).or_default();
        *sum = sum.saturating_add(line.amount.minor);
    }
    cash
}

/// What the books say was paid for each expense.
fn paid(
    reader: &Reader,
    book: &BookId,
    ledger: &Ledger,
    expenses: &BTreeMap<RecordId, Item<Expense>>,
) -> Result<BTreeMap<RecordId, Vec<PaidLine>>, Error> {
    let mut paid: BTreeMap<RecordId, Vec<PaidLine>> = BTreeMap::new();
    reader.having(book, Kind::Transaction, "expense", &mut |row| {
        let transaction = row.id;
        let Some(found) = parsed::<Transaction>(row.fields) else { return true };
        let known = found.expense.and_then(|id| Some((id, expenses.get(&id)?.record.amount?)));
        if let Some((id, amount)) = known {
            let left = left_assets(ledger, &found.postings, amount, found.date);
            paid.entry(id).or_default().push(PaidLine { transaction, paid: left });
        }
        true
    })?;
    Ok(paid)
}

/// What left the asset accounts, in the currency of an amount. A payment in another currency
/// counts by the price on its line, or by the book's price of the day; without either as the whole
/// amount, since the book says that this pays it.
fn left_assets(
    ledger: &Ledger,
    postings: &[Posting],
    wanted: Money,
    day: Option<Date>,
) -> Option<i64> {
    let mut left: Option<i64> = None;
    for posting in postings.iter().filter(|p| ledger.type_of(&p.account) == "asset") {
        let given = posting.amount;
        let sign = given.minor.signum();
        let priced = posting.price.filter(|price| price.currency == wanted.currency);
        let value = if given.currency == wanted.currency {
            given.minor
        } else if let Some(price) = priced {
            price.minor.saturating_abs().saturating_mul(sign)
        } else {
            let on = day.unwrap_or(ledger.at);
            let converted = ledger.convert(given, on).filter(|m| m.currency == wanted.currency);
            converted.map_or(wanted.minor.saturating_mul(sign), |money| money.minor)
        };
        left = Some(left.unwrap_or(0).saturating_sub(value));
    }
    left
}
