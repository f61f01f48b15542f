//! Moves between phases that count: a pure function of the records, so that no program moves a
//! service by merely writing that it moved (`product.phases`, gates of the framework).
//!
//! A move counts when it fits where the service was, names a decision of this book that was in
//! effect on its day, and says itself that its gate was open. A service is closed only where the
//! records themselves prove it as of that day: nothing runs on, nothing is left, every item of the
//! checklist has its proof. What does not count stays, with the reason beside it.

use super::conformance::conformance;
use super::facts::Facts;
use super::{FRAMEWORKS, gates};
use crate::date::{Date, Time};
use crate::id::{BookId, RecordId};
use crate::projection::State;
use crate::records::Kind;
use crate::records::governance::decision::Decision;
use crate::records::product::phase::Phase;
use crate::records::product::service::Service;
use crate::reports::governance::tally::{Stage, Verdict, Vote, outcome};
use crate::reports::{Records, all};
use crate::store::{Error, Reader};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most moves to closed that are held against the records; whatever comes after so many that do not
/// count does not count either.
const MAX_ENDS: u32 = 8;

/// A move that is written down and has no effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct VoidMove {
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// The phase it says it leaves.
    pub from: String,
    /// The phase it says it enters.
    pub to: String,
    /// Its day.
    #[cfg_attr(test, ts(type = "string"))]
    pub date: Date,
    /// Why it does not count, in a sentence.
    pub why: String,
}

/// Where a service stands by the moves written down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    /// The phase it is in.
    pub phase: String,
    /// The moves that count, oldest first.
    pub moves: Records<Phase>,
    /// Those that do not, oldest first.
    pub void: Vec<VoidMove>,
    /// How many moves to closed were held against the records.
    ends: u32,
}

impl Way {
    /// Where a service begins: as its profile says, which can name no end. Who writes one there ends
    /// nothing; the service is where it was before it can end.
    fn of(service: &Service) -> Self {
        let begun = match service.phase.as_str() {
            "" => "evaluating",
            "closing" | "closed" => "operating",
            begun => begun,
        };
        Self { phase: begun.to_owned(), ..Self::default() }
    }

    /// Takes moves that are known to count.
    pub(super) fn along(service: &Service, moves: Records<Phase>) -> Self {
        let mut way = Self::of(service);
        if let Some((_, last)) = moves.last() {
            way.phase.clone_from(&last.to);
        }
        Self { moves, ..way }
    }

    /// Goes on by one more move, or says why it does not count.
    fn go(&mut self, reader: &Reader, book: &BookId, one: (RecordId, Phase)) -> Result<(), Error> {
        match self.fault(reader, book, &one.1)? {
            None => {
                self.phase.clone_from(&one.1.to);
                self.moves.push(one);
            }
            Some(why) => {
                let (id, Phase { from, to, date, .. }) = one;
                self.void.push(VoidMove { id, from, to, date: date.unwrap_or_default(), why });
            }
        }
        Ok(())
    }

    /// Why a move would not count after those before it; nothing when it would.
    fn fault(
        &mut self,
        reader: &Reader,
        book: &BookId,
        phase: &Phase,
    ) -> Result<Option<String>, Error> {
        let day = phase.date.unwrap_or_default();
        if phase.from != self.phase {
            let (was, from) = (&self.phase, &phase.from);
            return Ok(Some(format!("The service was {was} then, not {from}.")));
        }
        if phase.to == "closing" && phase.ends.is_none_or(|ends| ends < day) {
            return Ok(Some("Its last day lies before the day it was announced.".to_owned()));
        }
        let why = match undecided(reader, book, phase, day)? {
            None => unproved(phase),
            why => why,
        };
        if why.is_some() || phase.to != "closed" {
            return Ok(why);
        }
        self.ends = self.ends.saturating_add(1);
        if self.ends > MAX_ENDS {
            return Ok(Some("It was tried too often to be closed.".to_owned()));
        }
        self.unfinished(reader, book, day)
    }

    /// What is not ended yet by the records as of a day; the export that comes with the move is not
    /// asked for, since it holds the move.
    fn unfinished(
        &self,
        reader: &Reader,
        book: &BookId,
        day: Date,
    ) -> Result<Option<String>, Error> {
        let facts = Facts::along(reader, book, day, self.moves.clone())?;
        let found = conformance(&facts, None);
        let Some(gate) = found.gates.iter().find(|gate| gate.to == "closed") else {
            return Ok(Some(format!("From {} no service is closed.", self.phase)));
        };
        let open = gate.items.iter().filter(|item| !item.holds && item.what != gates::EXPORTED);
        let open: Vec<&str> = open.map(|item| item.what.as_str()).collect();
        let said = format!("The records of that day do not prove: {}.", open.join("; "));
        Ok((!open.is_empty()).then_some(said))
    }
}

/// The way of a service up to a day.
pub fn way(reader: &Reader, book: &BookId, service: &Service, at: Date) -> Result<Way, Error> {
    let mut written: Records<Phase> = all(reader, book, Kind::Phase)?;
    written.retain(|(_, phase)| phase.date.is_some_and(|day| day <= at));
    written.sort_by_key(|(id, phase)| (phase.date, *id));
    let mut way = Way::of(service);
    for one in written {
        way.go(reader, book, one)?;
    }
    Ok(way)
}

/// Why a move would have no effect if it were written now; nothing when it would count.
pub fn fault(reader: &Reader, book: &BookId, phase: &Phase) -> Result<Option<String>, Error> {
    let service = all::<Service>(reader, book, Kind::Service)?.pop().unwrap_or_default().1;
    let mut way = way(reader, book, &service, phase.date.unwrap_or_default())?;
    way.fault(reader, book, phase)
}

/// The end of a day.
fn evening(day: Date) -> Time {
    format!("{day}T23:59:59Z").parse().unwrap_or_default()
}

/// What is wrong with the decision behind a move; nothing when it carries it. The end of a service
/// that closes carries out the decision to close it and needs no other.
fn undecided(
    reader: &Reader,
    book: &BookId,
    phase: &Phase,
    day: Date,
) -> Result<Option<String>, Error> {
    if phase.from == "closing" {
        return Ok(None);
    }
    let named = phase.decision.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let Some(named) = named else { return Ok(Some("It names no decision.".to_owned())) };
    let row = match named.parse::<RecordId>() {
        Ok(id) => reader.record(book, Kind::Decision, &id)?,
        Err(_) => None,
    };
    let Some(row) = row else {
        return Ok(Some("What it names is no decision of this book.".to_owned()));
    };
    if row.state != State::Ok {
        return Ok(Some("The decision it names has no effect.".to_owned()));
    }
    let decision: Decision = serde_json::from_value(Value::Object(row.fields)).unwrap_or_default();
    if let Some(from) = decision.effective_from.or(decision.date).filter(|from| *from > day) {
        return Ok(Some(format!("The decision it names takes effect on {from}, not before.")));
    }
    let Some(proposal) = decision.proposal else { return Ok(None) };
    let Some(vote) = Vote::load(reader, book, &proposal)? else {
        return Ok(Some("The vote its decision rests on is not on record.".to_owned()));
    };
    if let Some(other) = vote.proposal.phase.as_ref().filter(|other| **other != phase.to) {
        return Ok(Some(format!("The vote its decision rests on was about the phase {other}.")));
    }
    let found = outcome(&vote, evening(day), vote.is_irregular(reader, book)?);
    let passed = found.stage == Stage::Counted && found.count.result == Verdict::Passed;
    Ok((!passed).then(|| "The vote its decision rests on has not passed.".to_owned()))
}

/// What a move does not say was proved, of what its gate asks for. It is what its author signed:
/// what is required is looked at as it was, and later changes undo no move.
fn unproved(phase: &Phase) -> Option<String> {
    let said: BTreeMap<&str, &str> =
        phase.gate.iter().filter_map(|line| line.split_once(" = ")).collect();
    let needed: Vec<&str> = match phase.to.as_str() {
        "starting" => gates::STARTING.to_vec(),
        // Whichever version was in force asks for all the first one does.
        "operating" => FRAMEWORKS.iter().take(1).flat_map(|one| one.all()).map(|r| r.id).collect(),
        _ => return None,
    };
    let mut open: Vec<&str> =
        needed.into_iter().filter(|id| !said.get(id).is_some_and(|status| holds(status))).collect();
    if phase.to == "operating" {
        open.extend(said.iter().filter(|(_, status)| !holds(status)).map(|(id, _)| *id));
        open.sort_unstable();
        open.dedup();
    }
    let more = open.len().saturating_sub(MOST_NAMED);
    open.truncate(MOST_NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let why = format!("It does not say that its gate was open: {}{more}.", open.join(", "));
    (!open.is_empty()).then_some(why)
}

/// Most requirements named in one sentence.
const MOST_NAMED: usize = 5;

fn holds(status: &str) -> bool {
    ["met", "attested", "not-applicable"].contains(&status)
}
