//! What needs the person at this device: the one list of things only they can do, most pressing
//! first. Each names what it is and where it is dealt with; the words are the window's.

mod running;

use super::imports;
use super::payments::{self, ExpenseView};
use super::people;
use super::{closing as closes, decisions, framework, reports};
use crate::app::App;
use crate::failure::Failure;
use commonhold_core::authority::Role;
use commonhold_core::framework::facts::{Facts, all};
use commonhold_core::framework::{closing, moves};
use commonhold_core::records::finance::channel::Channel;
use commonhold_core::records::product::service::Service;
use commonhold_core::reports::finance::payments::ExpenseState;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, Money};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Days before the end of a term from which it is told.
const TERM_DAYS: u16 = 30;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NeedsItem {
    /// Its own name in this list.
    pub id: String,
    /// Which thing; the window has a sentence for each.
    pub what: String,
    /// What the sentence says: names, numbers, amounts (“412.35 EUR”) and days.
    #[cfg_attr(test, ts(type = "Record<string, string | number>"))]
    pub args: Map<String, Value>,
    /// Where it is dealt with: the route below the service.
    pub action: String,
    /// Since when it waits, where it waits since a moment or day.
    pub since: Option<String>,
}

/// Everything that needs somebody.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NeedsYou {
    /// Most pressing first.
    pub items: Vec<NeedsItem>,
}

impl NeedsYou {
    fn add(&mut self, what: &str, key: &str, args: Value, action: impl Into<String>) {
        self.items.push(NeedsItem {
            id: format!("{what}-{key}"),
            what: what.to_owned(),
            args: args.as_object().cloned().unwrap_or_default(),
            action: action.into(),
            since: None,
        });
    }

    fn some(&mut self, what: &str, number: u64, action: &str) {
        if number > 0 {
            self.add(what, "all", json!({ "n": number }), action);
        }
    }
}

/// Lists what needs the person at this device. Works offline.
pub fn needs_you(app: &mut App, book: &BookId) -> Result<NeedsYou, Failure> {
    let mut needs = NeedsYou::default();
    let today = app.now().date();
    let found = running::read(app.reader(), book, today)?;
    running::open_incidents(&mut needs, &found);
    let paid = payments::my_payments(app, book)?;
    for expense in &paid.expenses {
        alarms(&mut needs, expense);
    }
    if !paid.lease.rivals.is_empty() {
        let mut names = vec![paid.lease.holder_name.clone()];
        names.extend(paid.lease.rivals.iter().cloned());
        needs.add("lease-rivals", "all", json!({ "names": names.join("; ") }), "finance/to-pay");
    }
    team(&mut needs, app, book, today)?;
    for row in decisions::proposal_list(app, book)? {
        let id = row.id.to_string();
        let what = match (row.my_vote_missing, row.my_count_missing, row.recount_due) {
            (true, ..) => "ballot",
            (_, true, true) => "recount",
            (_, true, false) => "count",
            _ => continue,
        };
        let closes = row.closes.map(|time| time.date().to_string()).unwrap_or_default();
        let args = json!({ "title": row.title, "date": closes });
        needs.add(what, &id, args, format!("decisions/{id}"));
    }
    ending(&mut needs, app.reader(), book, today)?;
    running::scenarios(&mut needs, app.reader(), book, today)?;
    running::learning(&mut needs, &found);
    running::upkeep(&mut needs, app.reader(), book, today)?;
    conflicts(&mut needs, app.reader(), book)?;
    answers(&mut needs, &paid);
    let reader = app.reader();
    let waiting = imports::review(reader, book, None, 0, 1)?;
    let import = waiting.rows.first().and_then(|row| row.import);
    let tray = match import {
        Some(import) => format!("finance/imports/{import}/review"),
        None => "finance/transactions".into(),
    };
    needs.some("review", u64::from(waiting.total), &tray);
    books(&mut needs, reader, book, today)?;
    keeping(&mut needs, reader, book, today)?;
    Ok(needs)
}

/// What may have gone wrong with money.
fn alarms(needs: &mut NeedsYou, expense: &ExpenseView) {
    let id = expense.id.to_string();
    let open = format!("finance/to-pay?open={id}");
    let args = json!({ "title": expense.title, "amount": expense.amount });
    if expense.double {
        needs.add("double", &id, args.clone(), &open);
    }
    let what = match expense.state {
        ExpenseState::Held => "held",
        ExpenseState::Returned => "returned",
        ExpenseState::Refused => "refused",
        _ => return,
    };
    needs.add(what, &id, args, open);
}

/// Approvals that are missing, and what is ready.
fn answers(needs: &mut NeedsYou, paid: &payments::Payments) {
    for expense in paid.expenses.iter().filter(|expense| expense.i_may_approve) {
        if expense.needs > 0 && expense.state == ExpenseState::Proposed {
            let id = expense.id.to_string();
            let args = json!({ "title": expense.title, "payee": expense.payee_name,
                "amount": expense.amount });
            needs.add("approve-expense", &id, args, format!("finance/to-pay?open={id}"));
        }
    }
    for schedule in paid.schedules.iter().filter(|one| one.i_may_approve && one.needs > 0) {
        let id = schedule.id.to_string();
        let args = json!({ "title": schedule.title, "payee": schedule.payee_name,
            "amount": schedule.amount });
        needs.add("approve-schedule", &id, args, format!("finance/recurring?open={id}"));
    }
    let ready: Vec<&ExpenseView> = paid.expenses.iter().filter(|one| one.may_pay).collect();
    if paid.lease.mine || paid.lease.i_may_take {
        let sum = total(&ready);
        if let Some(amount) = sum.filter(|_| !ready.is_empty()) {
            needs.add(
                "pay",
                "all",
                json!({ "n": ready.len(), "amount": amount }),
                "finance/to-pay",
            );
        }
    }
    let waiting = paid.expenses.iter().filter(|one| one.state == ExpenseState::InBatch).count();
    needs.some("not-sent", u64::try_from(waiting).unwrap_or(0), "finance/to-pay");
}

/// The amounts in all, one a currency.
fn total(expenses: &[&ExpenseView]) -> Option<String> {
    let mut sums = std::collections::BTreeMap::new();
    for expense in expenses {
        let amount: Money = expense.amount.parse().ok()?;
        let sum: &mut i64 = sums.entry(amount.currency).or_default();
        *sum = sum.checked_add(amount.minor)?;
    }
    let said: Vec<String> =
        sums.into_iter().map(|(currency, minor)| Money::new(minor, currency).to_string()).collect();
    Some(said.join(" + "))
}

/// Signatures, requests, terms, what is held back, secrets.
fn team(needs: &mut NeedsYou, app: &mut App, book: &BookId, today: Date) -> Result<(), Failure> {
    let team = people::team(app, book)?;
    let decides = team.my_roles.contains(&Role::Leadership);
    for vote in team.votes.iter().filter(|vote| decides && !vote.mine) {
        let key = format!("{}-{}", vote.action, vote.person);
        needs.add("vote", &key, json!({ "name": vote.name }), "people");
    }
    let soon = today.days_later(TERM_DAYS).to_string();
    for member in &team.members {
        for role in member.roles.iter().filter(|role| role.in_force) {
            if let Some(end) = role.to.as_ref().filter(|end| **end <= soon) {
                let args = json!({ "name": member.name, "role": role.role.name(), "date": end });
                let key = format!("{}-{}", member.person, role.role.name());
                needs.add("term", &key, args, "people");
            }
        }
    }
    let held = super::trust::held(app, book)?.len();
    needs.some("held-objects", u64::try_from(held).unwrap_or(0), "people");
    let rotation = people::rotation(app.reader(), book)?;
    needs.some("rotate", u64::try_from(rotation.items.len()).unwrap_or(0), "operations/secrets");
    needs.some("single-holder", u64::from(rotation.public_single_holder), "operations/secrets");
    Ok(())
}

/// Moves between phases that have no effect; while the service closes, what of the checklist is not
/// proved yet, and the archive its last move asks for.
fn ending(
    needs: &mut NeedsYou,
    reader: &Reader,
    book: &BookId,
    today: Date,
) -> Result<(), Failure> {
    // Only a service that moved is asked, so that nobody waits for its whole record otherwise.
    if reader.count(book, Kind::Phase)? == 0 {
        return Ok(());
    }
    let service = all::<Service>(reader, book, Kind::Service)?.pop().unwrap_or_default().1;
    let way = moves::way(reader, book, &service, today)?;
    for void in &way.void {
        let args = json!({ "from": void.from, "to": void.to, "date": void.date, "text": void.why });
        needs.add("phase-void", &void.id.to_string(), args, "framework/phase");
    }
    if let Some(due) = framework::archive_due(reader, book, today)? {
        let args = json!({ "phase": due.to, "date": due.date });
        needs.add("phase-archive", &due.id.to_string(), args, "framework/phase");
    }
    if way.phase == "closing" {
        let facts = Facts::read(reader, book, today)?;
        let open = closing::checklist(&facts).into_iter().filter(|item| !item.holds).count();
        needs.some("closing", u64::try_from(open).unwrap_or(0), "framework/phase");
    }
    Ok(())
}

/// What was written twice while apart.
fn conflicts(needs: &mut NeedsYou, reader: &Reader, book: &BookId) -> Result<(), Failure> {
    for one in reader.disputed(book)? {
        let what = if one.rival { "rivals" } else { "conflict" };
        let route = format!("{}/{}/{}", one.kind.area(), one.kind.plural(), one.id);
        needs.add(what, &one.id.to_string(), json!({ "title": one.title }), route);
    }
    Ok(())
}

/// Statements that do not follow each other, closed periods.
fn books(needs: &mut NeedsYou, reader: &Reader, book: &BookId, today: Date) -> Result<(), Failure> {
    for account in reports::statements(reader, book, None, today)?.accounts {
        if !account.chained {
            let args = json!({ "account": account.path, "text": account.sentence });
            needs.add("statement", &account.path, args, "finance/books");
        }
    }
    let late: u32 = closes::close_list(reader, book)?
        .closes
        .iter()
        .fold(0, |sum, close| sum.saturating_add(close.late_count));
    needs.some("late", u64::from(late), "finance/books");
    Ok(())
}

/// What givers and the public see.
fn keeping(
    needs: &mut NeedsYou,
    reader: &Reader,
    book: &BookId,
    today: Date,
) -> Result<(), Failure> {
    for (id, channel) in all::<Channel>(reader, book, Kind::Channel)? {
        let broken = matches!(channel.health.as_deref(), Some("trouble" | "down"));
        if broken && channel.closed.is_none() {
            let route = format!("finance/channels/{id}");
            needs.add("channel", &id.to_string(), json!({ "title": channel.name }), route);
        }
    }
    // A service that has never published is told by the framework, not by each of its entries.
    let clock = reports::clock(reader, book, Some(today), today)?;
    if clock.last_publication.is_some() {
        needs.some("unpublished", u64::from(clock.breaches), "finance/reports");
    }
    Ok(())
}
