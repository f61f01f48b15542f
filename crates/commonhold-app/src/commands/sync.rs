//! Exchange with other devices through a place both reach.

use super::attachments;
use super::remotes::{self, HandedOver, Outcome};
use crate::app::{App, Lend, Lent};
use crate::events::{Change, OnProgress, Progress};
use crate::failure::{Code, Failure};
use crate::places::{Address, Place, PlaceKind};
use commonhold_core::BookId;
use commonhold_core::keys::{KeyId, Topic};
use commonhold_core::store::{self, Reader};
use commonhold_sync::exchange::{self, Options, Report, Visit};
use commonhold_sync::shelf::Room;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

use super::count;

/// Most times an exchange with one book is repeated because it turned out that there is more: a
/// copied profile, a new key.
const MAX_ROUNDS: usize = 4;

/// A file that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RefusedFile {
    /// Its name.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// What an exchange did for one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BookReport {
    /// The book.
    #[cfg_attr(test, ts(type = "string"))]
    pub book: BookId,
    /// The service's name.
    pub name: String,
    /// Objects handed over.
    pub sent: u32,
    /// Objects taken in.
    pub received: u32,
    /// Objects that wait for others.
    pub waiting: u32,
    /// Files not accepted.
    pub refused: Vec<RefusedFile>,
    /// Files that are not ours.
    pub ignored: Vec<String>,
    /// Attachments handed over.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<u32>", optional))]
    pub attachments_sent: u32,
    /// Attachments taken in.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<u32>", optional))]
    pub attachments_received: u32,
}

/// What an exchange did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SyncReport {
    /// The place.
    pub place: String,
    /// Services exchanged.
    pub books: Vec<BookReport>,
    /// How many services lie in the place that are not in this profile; what they are cannot be
    /// seen without an invitation.
    pub others: u32,
}

/// What is remembered of places between exchanges; it may be lost at any time.
#[derive(Default)]
pub struct Visits(BTreeMap<(String, BookId, Option<KeyId>), Visit>);

/// How thorough an exchange is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// All that a person who asks for it expects.
    Full,
    /// Records only: what others have is told them later.
    Quick,
}

/// One exchange: of which book, or all of this profile, with which place.
pub struct Errand<'a> {
    /// The book; all when there is none.
    pub book: Option<BookId>,
    /// The place's address.
    pub address: &'a Address,
    /// The place.
    pub place: &'a Place,
    /// What is remembered of it.
    pub visits: &'a mut Visits,
    /// How thorough it is.
    pub depth: Depth,
    /// Whether a person asked for it: then a place that is new is remembered.
    pub asked: bool,
}

/// Exchanges one book, or all of this profile, with a folder.
pub fn sync_folder(
    app: &mut App,
    book: Option<BookId>,
    path: &Path,
    on: OnProgress<'_>,
) -> Result<SyncReport, Failure> {
    sync(app, book, &path.display().to_string(), on)
}

/// Exchanges one book, or all of this profile, with the place an address names.
pub fn sync(
    app: &mut dyn Lend,
    book: Option<BookId>,
    address: &str,
    on: OnProgress<'_>,
) -> Result<SyncReport, Failure> {
    let address = Address::parse(address)?;
    let place = app.lent(|app| app.place(&address))?;
    let mut visits = Visits::default();
    let (place, visits) = (&place, &mut visits);
    let depth = Depth::Full;
    run(app, Errand { book, address: &address, place, visits, depth, asked: true }, on)
}

/// Does an errand. The profile is lent for moments only, so that others may write meanwhile; what
/// came of it is remembered beside the books.
pub fn run(
    app: &mut dyn Lend,
    errand: Errand<'_>,
    on: OnProgress<'_>,
) -> Result<SyncReport, Failure> {
    let (address, asked) = (errand.address, errand.asked);
    let outcome = exchange_all(app, errand, on);
    let said = outcome.as_ref().map_err(Clone::clone);
    let outcome_of = match said {
        Ok((report, handed)) => Outcome::Done(report, handed),
        Err(failure) if failure.code == Code::Cancelled => Outcome::Stopped,
        Err(failure) => Outcome::Failed(failure.to_string()),
    };
    let noted = app.lent(|app| remotes::note(app, address, &outcome_of, asked));
    let (report, _) = outcome?;
    noted?;
    Ok(report)
}

/// How far this device's own log was handed over, by book.
type Handed = BTreeMap<BookId, HandedOver>;

fn exchange_all(
    app: &mut dyn Lend,
    errand: Errand<'_>,
    on: OnProgress<'_>,
) -> Result<(SyncReport, Handed), Failure> {
    let Errand { book, address, place, visits, depth, asked } = errand;
    let mine: Vec<BookId> = app.lent(|app| {
        app.store()?;
        Ok(app.reader().books()?.into_iter().map(|info| info.id).collect())
    })?;
    let wanted = match book {
        Some(book) if app.lent(|app| Ok(app.reader().has(&book)?))? => vec![book],
        Some(book) => {
            return Err(Failure::new(
                Code::NotFound,
                format!("This profile has no service {book}."),
            ));
        }
        None => all_for(app, address, place, &mine)?,
    };
    let (mut books, mut handed, mut failed) = (Vec::new(), Handed::new(), None);
    for book in wanted {
        let name = app.lent(|app| name_of(app.reader(), &book))?;
        let mut hear = |done, total| on(Progress { done, total: Some(total), note: name.clone() });
        let report = exchange_book(app, &book, (address, place), visits, (depth, asked), &mut hear);
        let report = match report.and_then(|report| place.finish(&book).map(|()| report)) {
            Ok(report) => report,
            Err(failure) if failure.code == Code::Cancelled => return Err(failure),
            // What is wrong with one service keeps no other from being exchanged.
            Err(failure) => {
                failed.get_or_insert(failure);
                continue;
            }
        };
        let name = app.lent(|app| {
            if report.received > 0 {
                app.tell(Change { book, kind: "*".into(), id: None, source: "sync".into() });
                super::decisions::notice(app, &book)?;
            } else if report.attachments_received > 0 {
                let (kind, source) = ("attachment".into(), "sync".into());
                app.tell(Change { book, kind, id: None, source });
            }
            // Read again: a book that was just joined has its name only now.
            name_of(app.reader(), &book)
        })?;
        if let Some((log, last)) = report.handed {
            handed.insert(book, HandedOver { log: log.to_string(), last });
        }
        books.push(in_words(book, name, report));
    }
    // A device that was reached knows some services and not others; that is no trouble. Else what
    // went wrong with one is said, after the others are done.
    let passed_over = |failure: &Failure| {
        address.kind == PlaceKind::Peer && failure.code == Code::Denied && !books.is_empty()
    };
    if let Some(failure) = failed.filter(|failure| !passed_over(failure)) {
        return Err(failure);
    }
    let others = place.books()?.into_iter().filter(|book| !mine.contains(book)).count();
    let place = address.to_string();
    Ok((SyncReport { place, books, others: count(others) }, handed))
}

/// The books to exchange when none is named. Who hands a file over, or is reached directly, is
/// told of no services but those they have to do with.
fn all_for(
    app: &mut dyn Lend,
    address: &Address,
    place: &Place,
    mine: &[BookId],
) -> Result<Vec<BookId>, Failure> {
    match address.kind {
        PlaceKind::File => {
            let inside = place.books()?;
            let known = mine.iter().filter(|book| inside.contains(book)).copied();
            match (mine, inside.is_empty()) {
                ([only], true) => Ok(vec![*only]),
                (_, true) => {
                    let what = "Say which service the file is for.";
                    Err(Failure::new(Code::Invalid, what).hint("Name it with --service."))
                }
                _ => Ok(known.collect()),
            }
        }
        PlaceKind::Peer => app.lent(|app| {
            let mut shared = Vec::new();
            for book in mine {
                let authority = app.reader().authority(book)?;
                let belongs = |device| authority.state().active(&device).is_some();
                // One nothing of which is here yet is asked for where it was joined.
                if address.device().is_some_and(belongs) || app.reader().genesis(book)?.is_none() {
                    shared.push(*book);
                }
            }
            Ok(shared)
        }),
        _ => Ok(mine.to_vec()),
    }
}

/// Exchanges one book with every room of a place it has business in: one, where rooms are told
/// apart by names; where a key opens a room, that of each newest key.
fn exchange_book(
    app: &mut dyn Lend,
    book: &BookId,
    (address, place): (&Address, &Place),
    visits: &mut Visits,
    (depth, asked): (Depth, bool),
    on: exchange::OnBundles<'_>,
) -> Result<Report, Failure> {
    let mut report: Option<Report> = None;
    let mut done: Vec<Option<KeyId>> = Vec::new();
    // What was given up and not written again yet, should this have ended in between.
    app.lent(App::write_again)?;
    for _ in 0..MAX_ROUNDS {
        let rooms = app.lent(|app| rooms(app.reader(), book, place.by_topic()))?;
        let Some((key, room)) = rooms.into_iter().find(|(key, _)| !done.contains(key)) else {
            break;
        };
        let mut shelf = place.shelf(&room)?;
        let visit = visits.0.entry((address.to_string(), *book, key)).or_default();
        let (now, fetching) =
            app.lent(|app| Ok((app.now(), attachments::fetching(app.reader(), asked)?)))?;
        let full = depth == Depth::Full;
        let options = Options { now, receipt: full, fold: full, fetching };
        let lent = &mut Lent(app);
        let found = exchange::exchange(lent, shelf.as_mut(), visit, book, options, on);
        let found = match found {
            // It ended before between giving up and going on under a name of its own.
            Err(exchange::Error::Store(store::Error::Copied)) => {
                app.lent(App::renew)?;
                continue;
            }
            other => other?,
        };
        if found.own_log_continued {
            // This profile turned out to be a copy: it goes on under a name of its own, writes
            // there what it wrote meanwhile, and exchanges that too.
            app.lent(App::renew)?;
        } else if found.say_again {
            app.lent(App::write_again)?;
        } else {
            done.push(key);
        }
        report = Some(match report {
            Some(before) => before.and(found),
            None => found,
        });
    }
    if place.by_topic() {
        // For devices that were away; somebody may have spoiled the old room for everybody.
        let _ = leave_keys(app, book, (address, place));
    }
    report.ok_or_else(|| {
        Failure::new(Code::Unsupported, "There is no key yet to find the service there with.")
            .hint("Sync once through the way you joined by.")
    })
}

/// The rooms of a book in a place: which key opens each.
pub(crate) fn rooms(
    reader: &Reader,
    book: &BookId,
    by_topic: bool,
) -> Result<Vec<(Option<KeyId>, Room)>, Failure> {
    if !by_topic {
        return Ok(vec![(None, Room::Book(*book, None))]);
    }
    let keyring = reader.keyring(book)?;
    let newest = keyring.of_book().into_iter().filter(|(_, superseded)| !superseded);
    Ok(newest
        .map(|(secret, _)| (Some(secret.id()), Room::Book(*book, Some(Topic::of_key(secret)))))
        .collect())
}

/// Leaves the newest keys in the rooms of earlier ones, for devices that were away meanwhile.
fn leave_keys(
    app: &mut dyn Lend,
    book: &BookId,
    (address, place): (&Address, &Place),
) -> Result<(), Failure> {
    let (newest, earlier) = app.lent(|app| {
        let keyring = app.reader().keyring(book)?;
        let (old, new): (Vec<_>, Vec<_>) =
            keyring.of_book().into_iter().partition(|(_, superseded)| *superseded);
        let newest: Vec<String> = new.iter().map(|(secret, _)| secret.id().to_string()).collect();
        let earlier: Vec<_> = old.iter().map(|(s, _)| (s.id(), Topic::of_key(s))).collect();
        Ok((newest.join(" "), earlier))
    })?;
    for (id, topic) in earlier {
        let noted = format!("laid/{address}/{book}/{id}");
        let known = app.lent(|app| Ok(app.reader().setting(&noted)?))?;
        if known.as_deref() == Some(newest.as_bytes()) {
            continue;
        }
        let mut shelf = place.shelf(&Room::Book(*book, Some(topic)))?;
        exchange::lay_keys(&mut Lent(app), shelf.as_mut(), book)?;
        app.lent(|app| Ok(app.store()?.set_setting(&noted, newest.as_bytes())?))?;
    }
    Ok(())
}

fn in_words(book: BookId, name: String, report: Report) -> BookReport {
    let refused = report.refused.into_iter().map(|(file, reason)| RefusedFile { file, reason });
    BookReport {
        book,
        name,
        sent: count(report.sent),
        received: count(report.received),
        waiting: count(report.waiting),
        refused: refused.collect(),
        ignored: report.ignored,
        attachments_sent: count(report.attachments_sent),
        attachments_received: count(report.attachments_received),
    }
}

/// The service's name, or the one it was begun with while its profile has not arrived.
pub(crate) fn name_of(reader: &Reader, book: &BookId) -> Result<String, Failure> {
    let mut name = None;
    reader.each(book, commonhold_core::Kind::Service, &mut |row| {
        name = row.fields.get("name").and_then(|name| name.as_str()).map(str::to_owned);
        name.is_none()
    })?;
    match name {
        Some(name) => Ok(name),
        None => Ok(reader.genesis(book)?.map(|genesis| genesis.name).unwrap_or_default()),
    }
}
