//! Everything the pages and twins show, read once and free of languages.

pub mod money;
pub mod operations;
pub mod people;
pub mod votes;

use crate::public::Public;
use crate::{Error, Options};
use commonhold_core::date::{Date, Month};
use commonhold_core::framework::conformance::{Conformance, conformance};
use commonhold_core::framework::facts::Facts;
use commonhold_core::id::RecordId;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::records::finance::channel::Channel;
use commonhold_core::records::governance::decision::Decision;
use commonhold_core::records::knowledge::page::Page;
use commonhold_core::records::product::interface::Interface;
use commonhold_core::records::product::item::Item;
use commonhold_core::records::product::phase::Phase;
use commonhold_core::records::product::plan::Plan;
use commonhold_core::records::product::service::Service;
use serde_json::Value;

/// Records of a kind as the public sees them, by id.
pub type Shown<R> = Vec<(RecordId, R)>;

/// A book as the page shows it.
pub struct Book<'a> {
    /// Where more of it is read.
    pub public: &'a Public<'a>,
    /// What the caller decided.
    pub options: &'a Options,
    /// The profile.
    pub service: Service,
    /// The phase it is in.
    pub phase: String,
    /// Moves between phases, oldest first.
    pub phases: Shown<Phase>,
    /// The shutdown plan.
    pub plan: Option<Plan>,
    /// Ways to give that are open.
    pub channels: Shown<Channel>,
    /// How it keeps the framework.
    pub conformance: Conformance,
    /// The money.
    pub money: money::Money,
    /// Who belongs.
    pub people: people::People,
    /// Votes, those opened last first.
    pub votes: Vec<votes::VoteView>,
    /// Decisions, the newest first.
    pub decisions: Shown<Decision>,
    /// Incidents, deploys and what is known.
    pub operations: operations::Operations,
    /// Bylaws and published minutes.
    pub pages: Shown<Page>,
    /// The roadmap.
    pub items: Shown<Item>,
    /// Interfaces.
    pub interfaces: Shown<Interface>,
    /// The months with entries, the newest first, with how many there are in each.
    pub months: Vec<(Month, usize)>,
    /// The transactions that no earlier publication showed, by id.
    pub first_shown: Vec<RecordId>,
    /// How many transactions it shows.
    pub shown: u32,
    /// How many of the book's transactions it does not show.
    pub unpublished: u32,
}

impl Book<'_> {
    /// The day it is of.
    pub fn day(&self) -> Date {
        self.public.day()
    }

    /// Whether it is closing or closed: every page says so.
    pub fn ends(&self) -> bool {
        matches!(self.phase.as_str(), "closing" | "closed")
    }

    /// The last day of the service, where it was announced.
    pub fn end(&self) -> Option<Date> {
        self.phases.iter().rev().find(|(_, phase)| phase.to == "closing")?.1.ends
    }
}

/// A text field of a record without a type here.
pub fn text<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A list of texts of such a record.
pub fn list<'f>(fields: &'f Fields, name: &str) -> Vec<&'f str> {
    let items = fields.get(name).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A whole number of such a record.
pub fn integer(fields: &Fields, name: &str) -> Option<i64> {
    fields.get(name).and_then(Value::as_i64)
}

/// The transactions shown first, and how many are unpublished.
struct Count {
    first: Vec<RecordId>,
    unpublished: u32,
}

fn count(public: &Public<'_>, facts: &Facts) -> Result<Count, Error> {
    let day = public.day();
    let mut before = std::collections::HashSet::new();
    for (_, publication) in &facts.publications {
        let ids = publication.transactions.iter().filter_map(|id| id.parse::<RecordId>().ok());
        before.extend(ids);
    }
    let first_day = Date::new(1, 1, 1).unwrap_or_default();
    let last_day = Date::new(9999, 12, 31).unwrap_or_default();
    let shown = public.reader.entries(&public.book, first_day, day)?.into_iter();
    let first = shown.map(|entry| entry.id).filter(|id| !before.contains(id)).collect();
    let later = public.reader.entries(&public.book, day.next(), last_day)?.len();
    let mut unpublished = u32::try_from(later).unwrap_or(u32::MAX);
    for (state, number) in public.reader.set_aside(&public.book, first_day, last_day)? {
        if matches!(state, State::Flagged | State::Rejected) {
            unpublished = unpublished.saturating_add(number);
        }
    }
    Ok(Count { first, unpublished })
}

/// Reads a book; the entries of its months were counted before.
pub fn gather<'a>(
    public: &'a Public<'a>,
    options: &'a Options,
    months: Vec<(Month, usize)>,
) -> Result<Book<'a>, Error> {
    let facts = Facts::read(public.reader, &public.book, public.day())?;
    let counted = count(public, &facts)?;
    let shown = months.iter().fold(0_usize, |sum, (_, count)| sum.saturating_add(*count));
    let conformance = conformance(&facts, None);
    let day = public.day();
    let mut phases: Shown<Phase> = public.read("phase")?;
    // Moves without effect moved nothing; the record of the service shows them with the reason.
    phases.retain(|(id, _)| facts.phases.iter().any(|(counts, _)| counts == id));
    phases.sort_by_key(|(id, phase)| (phase.date, *id));
    let mut channels: Shown<Channel> = public.read("channel")?;
    channels.retain(|(_, channel)| channel.closed.is_none_or(|closed| day <= closed));
    channels.sort_by(|(a, x), (b, y)| (&x.name, a).cmp(&(&y.name, b)));
    let mut decisions: Shown<Decision> = public.read("decision")?;
    decisions.sort_by_key(|(id, decision)| (std::cmp::Reverse(decision.date), *id));
    let mut pages: Shown<Page> = public.read("page")?;
    pages.sort_by(|(a, x), (b, y)| (&x.kind, &x.title, a).cmp(&(&y.kind, &y.title, b)));
    let mut items: Shown<Item> = public.read("item")?;
    items.sort_by(|(a, x), (b, y)| (x.due.is_none(), x.due, a).cmp(&(y.due.is_none(), y.due, b)));
    let people = people::read(public, &facts)?;
    Ok(Book {
        service: public.read::<Service>("service")?.pop().map(|(_, s)| s).unwrap_or_default(),
        phase: facts.phase.clone(),
        phases,
        plan: public.read::<Plan>("plan")?.pop().map(|(_, plan)| plan),
        channels,
        conformance,
        votes: votes::read(public)?,
        people,
        decisions,
        operations: operations::read(public)?,
        pages,
        items,
        interfaces: public.read("interface")?,
        first_shown: counted.first,
        shown: u32::try_from(shown).unwrap_or(u32::MAX),
        months,
        unpublished: counted.unpublished,
        money: money::read(public, facts.ledger)?,
        public,
        options,
    })
}
