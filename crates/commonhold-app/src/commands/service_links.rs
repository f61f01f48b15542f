//! What ties services to each other: the one before and the one after, decisions made in another
//! service's book, and people who belong to several and agreed to be named as the same.
//!
//! A link names the id of the other book, which is the hash of what it began with: an archive of it
//! or its copy on this installation proves it, and nothing else has it.

use super::people::name_of;
use super::records;
use crate::app::App;
use crate::events::OnProgress;
use crate::failure::{Code, Failure};
use commonhold_core::framework::facts::all;
use commonhold_core::projection::State;
use commonhold_core::records::governance::decision::{Decision, Elsewhere};
use commonhold_core::records::governance::person::Person;
use commonhold_core::records::product::service::Service;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Device, Kind, RecordId};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How a link stands by what can be seen here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum LinkStanding {
    /// The other book is here, and names this one the other way round.
    Mutual,
    /// The other book is here, and does not name this one.
    OneWay,
    /// The other book is not here; its archive can be looked at.
    NotHere,
    /// Only words: no book is named.
    Words,
}

/// The service before or after this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ServiceLink {
    /// predecessor or successor.
    pub direction: String,
    /// What the profile says of it.
    pub words: String,
    /// Its book.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub book: Option<BookId>,
    /// What that book calls itself, where it is here.
    pub name: Option<String>,
    /// How it stands.
    pub standing: LinkStanding,
}

/// A decision that was made in another service's book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct DecisionElsewhere {
    /// The decision here.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called here.
    pub title: String,
    /// The record it names, as BOOK/KIND/ID.
    pub elsewhere: String,
    /// What that is called there, where the book is here.
    pub there: Option<String>,
    /// Whether it is there and has effect; nothing where the book is not here.
    pub holds: Option<bool>,
}

/// All links of one service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ServiceLinks {
    /// Before and after.
    pub services: Vec<ServiceLink>,
    /// Decisions made elsewhere.
    pub decisions: Vec<DecisionElsewhere>,
}

const DIRECTIONS: [(&str, &str); 2] =
    [("predecessor", "successor_book"), ("successor", "predecessor_book")];

fn profile(reader: &Reader, book: &BookId) -> Result<(RecordId, Service), Failure> {
    let found = all::<Service>(reader, book, Kind::Service)?.pop();
    found.ok_or_else(|| {
        Failure::new(Code::NotFound, "The service's profile has not arrived on this device yet.")
    })
}

/// The book a profile names in one direction, and the words beside it.
fn named(service: &Service, direction: &str) -> (Option<BookId>, String) {
    let (book, words) = match direction {
        "predecessor" => (&service.predecessor_book, &service.predecessor),
        _ => (&service.successor_book, &service.successor),
    };
    let book = book.as_deref().and_then(|text| text.parse().ok());
    (book, words.clone().unwrap_or_default())
}

fn other_way(direction: &str) -> &'static str {
    if direction == "predecessor" { "successor" } else { "predecessor" }
}

/// The links of a service, checked against the books of this installation.
pub fn service_links(reader: &Reader, book: &BookId) -> Result<ServiceLinks, Failure> {
    let (_, service) = profile(reader, book)?;
    let mut links = ServiceLinks::default();
    for (direction, _) in DIRECTIONS {
        let (other, words) = named(&service, direction);
        if other.is_none() && words.trim().is_empty() {
            continue;
        }
        let (mut name, mut standing) = (None, LinkStanding::Words);
        if let Some(id) = &other {
            standing = LinkStanding::NotHere;
            if reader.has(id)? {
                let there = profile(reader, id).map(|(_, there)| there).unwrap_or_default();
                let back = named(&there, other_way(direction)).0 == Some(*book);
                standing = if back { LinkStanding::Mutual } else { LinkStanding::OneWay };
                name = Some(there.name);
            }
        }
        let direction = direction.to_owned();
        links.services.push(ServiceLink { direction, words, book: other, name, standing });
    }
    for (id, decision) in all::<Decision>(reader, book, Kind::Decision)? {
        let Some(link) = decision.elsewhere.as_deref().and_then(|text| text.parse().ok()) else {
            continue;
        };
        links.decisions.push(elsewhere_of(reader, (id, &decision), &link)?);
    }
    Ok(links)
}

fn elsewhere_of(
    reader: &Reader,
    (id, decision): (RecordId, &Decision),
    link: &Elsewhere,
) -> Result<DecisionElsewhere, Failure> {
    let (mut there, mut holds) = (None, None);
    if reader.has(&link.book)? {
        // Nothing of what not everybody reads is named here.
        let public = !link.kind.info().sealed;
        let row = if public { reader.record(&link.book, link.kind, &link.id)? } else { None };
        holds = Some(row.as_ref().is_some_and(|row| row.state == State::Ok));
        there = row.map(|row| (link.kind.info().judge)(&row.fields).title);
    }
    Ok(DecisionElsewhere {
        id,
        title: decision.title.clone(),
        elsewhere: link.to_string(),
        there,
        holds,
    })
}

/// What came of naming another service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ServiceLinked {
    /// How the link stands.
    pub standing: LinkStanding,
    /// Why the link back could not be written in the other service, in a sentence; nothing where it
    /// was, or where that service is not on this device.
    pub not_back: Option<String>,
}

/// Names the service before or after this one by its book. Where that book is here too, and the
/// person at this device may write its profile, the link is written there the other way round.
pub fn service_link(
    app: &mut App,
    book: &BookId,
    (direction, other): (&str, BookId),
    words: Option<&str>,
) -> Result<ServiceLinked, Failure> {
    let Some((_, back)) = DIRECTIONS.iter().find(|(known, _)| *known == direction) else {
        return Err(Failure::new(Code::Invalid, "A service has a predecessor and a successor."));
    };
    if other == *book {
        return Err(Failure::new(Code::Invalid, "A service does not come before or after itself."));
    }
    let (id, _) = profile(app.reader(), book)?;
    let fields = match words {
        Some(words) => json!({ format!("{direction}_book"): other, direction: words }),
        None => json!({ format!("{direction}_book"): other }),
    };
    write(app, book, &id, fields)?;
    let not_back =
        if app.reader().has(&other)? { link_back(app, &other, back, book)? } else { None };
    let links = service_links(app.reader(), book)?.services;
    let link = links.into_iter().find(|link| link.direction == direction);
    let standing = link.map_or(LinkStanding::NotHere, |link| link.standing);
    Ok(ServiceLinked { standing, not_back })
}

/// Writes the link back in the other service; why that could not be done, in a sentence. The link in
/// this service stands either way.
fn link_back(
    app: &mut App,
    other: &BookId,
    back: &str,
    book: &BookId,
) -> Result<Option<String>, Failure> {
    let name = super::sync::name_of(app.reader(), other)?;
    let written = match profile(app.reader(), other) {
        Ok((there, _)) => write(app, other, &there, json!({ back: book })),
        Err(failure) => Err(failure),
    };
    Ok(written.err().map(|failure| {
        let why = failure.problems.first().map_or(failure.message, |one| one.message.clone());
        format!("The link back could not be written in “{name}”: {why}")
    }))
}

fn write(app: &mut App, book: &BookId, id: &RecordId, fields: Value) -> Result<(), Failure> {
    let fields = fields.as_object().cloned().unwrap_or_default();
    records::edit(app, book, Kind::Service, id, fields, &BTreeMap::new())
}

/// What an archive says of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ArchiveLink {
    /// Whether the archive is whole.
    pub whole: bool,
    /// The service it is of, as it says.
    pub name: String,
    /// Its book.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub book: Option<BookId>,
    /// predecessor, successor, or nothing where this service names it in neither way.
    pub direction: Option<String>,
}

/// Holds an archive against the links of a service: whether it is whole, and whether it is of the
/// book that is named.
pub fn service_link_check(
    reader: &Reader,
    book: &BookId,
    archive: &Path,
    on: OnProgress<'_>,
) -> Result<ArchiveLink, Failure> {
    let (_, service) = profile(reader, book)?;
    let (verified, of) = super::archive::verify_with_book(archive, on)?;
    let direction = DIRECTIONS.iter().map(|(direction, _)| *direction);
    let direction =
        direction.into_iter().find(|direction| of.is_some() && named(&service, direction).0 == of);
    Ok(ArchiveLink {
        whole: verified.ok,
        name: verified.name,
        book: of,
        direction: direction.map(str::to_owned),
    })
}

/// Somebody in another service of this installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PersonElsewhere {
    /// The other book.
    #[cfg_attr(test, ts(type = "string"))]
    pub book: BookId,
    /// What that service is called.
    pub service: String,
    /// The person's record there.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// Their name there.
    pub name: String,
    /// Their roles there.
    pub roles: Vec<String>,
    /// The first digits of the device key that proves it is the same person.
    pub device: String,
}

/// Devices of somebody that belong to a book now.
fn devices(reader: &Reader, book: &BookId, person: RecordId) -> Result<BTreeSet<Device>, Failure> {
    let authority = reader.authority(book)?;
    let state = authority.state();
    let own = state.devices().filter(|(device, admitted)| {
        admitted.person == person && !admitted.recovery && state.active(device).is_some()
    });
    let own: BTreeSet<Device> = own.map(|(device, _)| *device).collect();
    // Anybody can be said to have a key; who signed with it has it.
    let signed = reader.logs(book)?.into_iter().filter(|log| log.count() > 0 && log.last > 0);
    Ok(signed.map(|log| log.device).filter(|device| own.contains(device)).collect())
}

/// Whether somebody agreed, in a book, to be named in their other services.
fn agreed(reader: &Reader, book: &BookId, person: RecordId) -> Result<bool, Failure> {
    let row = reader.record(book, Kind::Person, &person)?.filter(|row| row.state == State::Ok);
    let known = row.and_then(|row| {
        // Where the answers differ nobody has agreed.
        let same = row.conflicts.is_empty();
        let person: Person = serde_json::from_value(Value::Object(row.fields)).ok()?;
        Some(same && person.show_elsewhere)
    });
    Ok(known.unwrap_or(false))
}

/// The other services of this installation the same person belongs to: shown only where they agreed
/// in both books, and proved by a device of theirs that belongs to both.
pub fn person_elsewhere(
    reader: &Reader,
    book: &BookId,
    person: RecordId,
    today: Date,
) -> Result<Vec<PersonElsewhere>, Failure> {
    let mut found = Vec::new();
    if !agreed(reader, book, person)? {
        return Ok(found);
    }
    let own = devices(reader, book, person)?;
    for info in reader.books()? {
        let other = info.id;
        if other == *book {
            continue;
        }
        let authority = reader.authority(&other)?;
        let state = authority.state();
        let there = |device: &Device| Some(state.active(device)?.person);
        let mut same = own.iter().filter_map(|device| Some((device, there(device)?)));
        let Some((device, who)) = same.find(|(_, who)| state.is_active(*who)) else { continue };
        if !devices(reader, &other, who)?.contains(device) {
            continue;
        }
        if !agreed(reader, &other, who)? {
            continue;
        }
        let roles = state.roles(who, today).into_iter().map(|role| role.name().to_owned());
        found.push(PersonElsewhere {
            book: other,
            service: super::sync::name_of(reader, &other)?,
            person: who,
            name: name_of(reader, &other, who)?,
            roles: roles.collect(),
            device: device.to_string().chars().take(8).collect(),
        });
    }
    found.sort_by(|a, b| (&a.service, a.book).cmp(&(&b.service, b.book)));
    Ok(found)
}
