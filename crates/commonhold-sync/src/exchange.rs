//! One exchange of a book with a shelf: take in what lies there, hand over what is missing there.
//! Which shelf it is makes no difference. The store is lent for moments only, never while waiting
//! for the shelf; whatever happens in between, the next exchange goes on from what is there.

mod attachments;
mod doubt;
mod fold;
mod hand;
mod listing;
mod own;
mod receipt;
mod take;

pub(crate) use hand::{bundle_of, envelopes};
pub(crate) use receipt::receipt_of;
pub use receipt::{Receipt, receipts};

use crate::attachments::Fetching;
use crate::keep::{Keep, lent};
use crate::shelf::{self, Shelf};
use commonhold_core::Time;
use commonhold_core::id::{BookId, Device, LogId};
use commonhold_core::keys::KeyId;
use commonhold_core::store;
use listing::Listed;
use std::collections::{BTreeMap, BTreeSet};

/// Most files of others a report names.
const MAX_NAMED: usize = 100;
/// Most names remembered of one shelf.
const MAX_KNOWN: usize = 200_000;
/// Most keys remembered that this device was not given.
const MAX_KEYS: usize = 1000;

/// Why an exchange could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The shelf could not be read or written.
    #[error(transparent)]
    Shelf(#[from] shelf::Error),
    /// The book could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The store is not there to be lent, for this reason.
    #[error("{0}")]
    Closed(String),
    /// The caller stopped it; what was taken in until then stays.
    #[error("stopped")]
    Stopped,
}

/// How an exchange is done.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The moment new keys and receipts are dated with.
    pub now: Time,
    /// Whether to say what this device has, so that others can show it.
    pub receipt: bool,
    /// Whether to join many small bundles of this device's own log into larger ones.
    pub fold: bool,
    /// How much of attachments is exchanged, after the records.
    pub fetching: Fetching,
}

impl Options {
    /// Everything a person who asks for an exchange expects.
    pub fn full(now: Time) -> Self {
        Self { now, receipt: true, fold: true, fetching: Fetching::default() }
    }
}

/// What is remembered of a shelf between exchanges with it, to ask it for less. Losing it costs
/// some reading, nothing else.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// Files that were read or written, and need not be read again.
    known: BTreeSet<String>,
    /// Bundles of which everything is here, although their names say otherwise.
    spent: BTreeSet<String>,
    /// Bundles that were read again to find a branch.
    looked: BTreeSet<String>,
    /// Those of them that may come out otherwise once more has come.
    unsure: BTreeSet<String>,
    /// Bundles that do not hold what their names say: they are not handed over in vain.
    hollow: BTreeSet<String>,
    /// Bundles of others' logs that are to be looked at, since somebody lacks what they should hold.
    doubtful: BTreeSet<String>,
    /// Whether there was an exchange before.
    been: bool,
    /// Parts of attachments that were found damaged.
    spoiled: BTreeSet<String>,
    /// Keys this device has not got, and how many envelopes of each were read in vain.
    closed: BTreeMap<KeyId, usize>,
    /// Receipts by their names: who left them, their numbers and when.
    said: BTreeMap<String, (Device, u64, Time)>,
}

impl Visit {
    fn spend(&mut self, name: &str) {
        if self.spent.len() < MAX_KNOWN {
            self.spent.insert(name.to_owned());
        }
    }

    fn close(&mut self, key: KeyId) {
        if self.closed.len() < MAX_KEYS {
            let times = self.closed.entry(key).or_default();
            *times = times.saturating_add(1);
        }
    }

    fn know(&mut self, name: &str) {
        if self.known.len() < MAX_KNOWN {
            self.known.insert(name.to_owned());
        }
    }
}

/// What an exchange did for one book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Objects handed over.
    pub sent: u64,
    /// Objects taken in.
    pub received: u64,
    /// Objects here that wait for others.
    pub waiting: u64,
    /// Files that were not accepted, and why.
    pub refused: Vec<(String, String)>,
    /// Files that are not ours.
    pub ignored: Vec<String>,
    /// Whether this device's own log went on elsewhere (see [`store::Received`]).
    pub own_log_continued: bool,
    /// Whether something this installation wrote has lost its place and is to be written again
    /// (see [`store::Received`]).
    pub say_again: bool,
    /// Whether this device had a key to seal what it hands over. Without one it handed nothing
    /// over: it does not belong, or was not given the key yet.
    pub sealed: bool,
    /// The log this installation writes, and the number up to which it lies there now.
    pub handed: Option<(LogId, u64)>,
    /// Attachments of which something was handed over.
    pub attachments_sent: u64,
    /// Attachments that are here whole since.
    pub attachments_received: u64,
    /// Attachments left for the next exchange.
    pub attachments_left: u64,
}

impl Report {
    /// The report of two exchanges, one after the other.
    pub fn and(mut self, later: Self) -> Self {
        self.sent = self.sent.saturating_add(later.sent);
        self.received = self.received.saturating_add(later.received);
        self.waiting = later.waiting;
        self.refused = later.refused;
        self.ignored = later.ignored;
        self.own_log_continued |= later.own_log_continued;
        self.say_again |= later.say_again;
        self.sealed = later.sealed;
        self.handed = later.handed.or(self.handed);
        let sum = |one: u64, other: u64| one.saturating_add(other);
        self.attachments_sent = sum(self.attachments_sent, later.attachments_sent);
        self.attachments_received = sum(self.attachments_received, later.attachments_received);
        self.attachments_left = later.attachments_left;
        self
    }

    fn refuse(&mut self, name: String, why: String) {
        if self.refused.len() < MAX_NAMED {
            self.refused.push((name, why));
        }
    }
}

/// Hears (bundles done, bundles in all) and may stop the exchange by answering false.
pub type OnBundles<'a> = &'a mut dyn FnMut(u64, u64) -> bool;

/// What every step of an exchange works with.
struct Exchange<'a> {
    keep: &'a mut dyn Keep,
    shelf: &'a mut dyn Shelf,
    visit: &'a mut Visit,
    book: &'a BookId,
    options: Options,
    on: OnBundles<'a>,
    listed: Listed,
    /// Logs of which somebody may hold another branch.
    suspicious: BTreeSet<LogId>,
    /// Up to where it was looked at whether the own logs are what lies here.
    checked: BTreeMap<LogId, u64>,
    /// From which number on an own log is another one here.
    differing: BTreeMap<LogId, u64>,
    /// Keys something lies under that could not be opened.
    missing: BTreeSet<KeyId>,
    /// What others said in this exchange that they have.
    said: Vec<Receipt>,
    report: Report,
}

/// Takes in what lies on a shelf and hands over what is missing there, for one book.
pub fn exchange(
    keep: &mut dyn Keep,
    shelf: &mut dyn Shelf,
    visit: &mut Visit,
    book: &BookId,
    options: Options,
    on: OnBundles<'_>,
) -> Result<Report, Error> {
    let mut listed = Listed::of(shelf.list("")?);
    let report = Report { ignored: std::mem::take(&mut listed.ignored), ..Report::default() };
    let suspicious = BTreeSet::new();
    let (checked, differing) = (BTreeMap::new(), BTreeMap::new());
    let mut work = Exchange {
        keep,
        shelf,
        visit,
        book,
        options,
        on,
        listed,
        suspicious,
        checked,
        differing,
        missing: BTreeSet::new(),
        said: Vec::new(),
        report,
    };
    // What a copy of this profile wrote may be sealed with a key this one was not given yet.
    work.learn_all()?;
    let ends = work.check_own()?;
    work.take_all()?;
    if !work.report.own_log_continued && work.differing.is_empty() {
        // Also where nothing is laid down: others are shown what is sealed under these keys.
        lent(work.keep, |store| store.mend_keys(book, options.now))?;
    }
    if !work.report.own_log_continued && work.own_ends()? != ends {
        // It was written to meanwhile, before all that lies here was known.
        work.check_own()?;
        if !work.differing.is_empty() {
            work.take_all()?;
        }
    }
    work.read_receipts()?;
    work.look_for_branches()?;
    work.look_at_doubtful()?;
    work.visit.been = true;
    if work.report.own_log_continued || !work.differing.is_empty() {
        // What this device says next, it says in a new log: let the caller begin that first.
        return Ok(work.report);
    }
    // Once more, with what branches brought.
    lent(work.keep, |store| store.mend_keys(book, options.now))?;
    work.complain()?;
    if work.shelf.takes() {
        work.hand_over_all()?;
    }
    work.exchange_attachments()?;
    Ok(work.report)
}

/// Reads the keys that lie on a shelf for this device: of a room it has no other business in.
pub fn learn_keys(
    keep: &mut dyn Keep,
    shelf: &mut dyn Shelf,
    book: &BookId,
) -> Result<bool, Error> {
    let listed = Listed::of(shelf.list("keys/")?);
    let mut learned = false;
    for name in &listed.envelopes {
        learned |= take::learn(keep, shelf, book, name)?.is_some_and(|learned| learned.new);
    }
    Ok(learned)
}

/// Lays the book's keys down, sealed to each who may have them: for those who look into a room
/// that is not used for anything else any more, or meet there.
pub fn lay_keys(keep: &mut dyn Keep, shelf: &mut dyn Shelf, book: &BookId) -> Result<(), Error> {
    let here = Listed::of(shelf.list("keys/")?).envelopes;
    for (name, bytes) in lent(keep, |store| hand::envelopes(store, book))? {
        if !here.contains(&name) {
            shelf.put(&name, &bytes)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
