//! One vote as its records tell it: the proposal, the ballots with whether each may count, and
//! what was said beside them. Nothing here depends on the order they arrived in.

use super::count::Asked;
use crate::id::{RecordId, hex};
use crate::json::{self, Fields};
use crate::projection::{Row, State};
use crate::record::Record;
use crate::records::Kind;
use crate::records::governance::ballot::Ballot;
use crate::records::governance::intervention::Intervention;
use crate::records::governance::proposal::Proposal;
use crate::records::governance::rule::Rule;
use crate::records::governance::tally::Tally;
use crate::store::{Error, Reader};
use crate::{BookId, Date};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// A ballot as it is here.
#[derive(Clone, Debug, PartialEq)]
pub struct Voice {
    /// What it says.
    pub ballot: Ballot,
    /// What it says and, where its voter wrote it several times, what else it says.
    pub versions: Vec<Ballot>,
    /// Why it may not count, if so.
    pub fault: Option<String>,
}

/// Something said beside voting.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// What.
    pub said: Intervention,
    /// Why it does not count, if so.
    pub fault: Option<String>,
}

/// A teller's count.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// What it says.
    pub tally: Tally,
    /// What became of the record.
    pub state: State,
}

/// One vote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vote {
    /// The proposal's id.
    pub id: RecordId,
    /// The proposal.
    pub proposal: Proposal,
    /// The rule as it was frozen.
    pub rule: Rule,
    /// Who may vote.
    pub roll: BTreeSet<RecordId>,
    /// Whether the proposal was written twice and does not ask the same: then nobody knows what was
    /// asked.
    pub written_twice: bool,
    /// All ballots on it.
    pub ballots: BTreeMap<RecordId, Voice>,
    /// Everything else said to it.
    pub words: BTreeMap<RecordId, Word>,
    /// All tallies of it.
    pub tallies: BTreeMap<RecordId, Signed>,
}

/// The rows of one vote.
#[derive(Default)]
struct Rows {
    ballots: Vec<Row>,
    words: Vec<Row>,
    tallies: Vec<Row>,
}

fn read<T: DeserializeOwned + Default>(row: &Row) -> T {
    serde_json::from_value(Value::Object(row.fields.clone())).unwrap_or_default()
}

/// The beginning of SHA-256 over a ballot's canonical JSON, 32 hexadecimal digits: what a tally
/// keeps of what a ballot said.
pub fn content(ballot: &Ballot) -> String {
    let digest = Sha256::digest(json::canonical(ballot).as_bytes());
    hex(digest.get(..16).unwrap_or_default())
}

/// Every row of a kind, or those that name one proposal, by the proposals they name.
fn rows(
    reader: &Reader,
    book: &BookId,
    kind: Kind,
    only: Option<&RecordId>,
    take: &mut dyn FnMut(RecordId, Row),
) -> Result<(), Error> {
    let mut named = |row: Row| {
        let proposal = row.fields.get("proposal").and_then(Value::as_str);
        if let Some(id) = proposal.and_then(|id| id.parse::<RecordId>().ok()) {
            take(id, row);
        }
        true
    };
    match only {
        None => reader.each(book, kind, &mut named),
        Some(id) => {
            let found = reader.with(book, kind, "proposal", &id.to_string())?;
            found.into_iter().for_each(|row| {
                named(row);
            });
            Ok(())
        }
    }
}

impl Vote {
    /// Reads one vote; nothing when there is no such proposal, or it is wrong.
    pub fn load(reader: &Reader, book: &BookId, id: &RecordId) -> Result<Option<Self>, Error> {
        let Some(row) = reader.record(book, Kind::Proposal, id)? else { return Ok(None) };
        Ok(Self::gather(reader, book, vec![row], Some(id))?.pop())
    }

    /// Reads all votes of a book, by the ids of their proposals.
    pub fn all(reader: &Reader, book: &BookId) -> Result<Vec<Self>, Error> {
        let mut proposals = Vec::new();
        reader.each(book, Kind::Proposal, &mut |row| {
            proposals.push(row);
            true
        })?;
        Self::gather(reader, book, proposals, None)
    }

    fn gather(
        reader: &Reader,
        book: &BookId,
        proposals: Vec<Row>,
        only: Option<&RecordId>,
    ) -> Result<Vec<Self>, Error> {
        let mut by: BTreeMap<RecordId, Rows> = BTreeMap::new();
        rows(reader, book, Kind::Ballot, only, &mut |id, row| {
            by.entry(id).or_default().ballots.push(row);
        })?;
        rows(reader, book, Kind::Intervention, only, &mut |id, row| {
            by.entry(id).or_default().words.push(row);
        })?;
        rows(reader, book, Kind::Tally, only, &mut |id, row| {
            by.entry(id).or_default().tallies.push(row);
        })?;
        let votes = proposals.iter().filter_map(|row| {
            let mut vote = Self::of(row)?;
            let rows = by.remove(&row.id).unwrap_or_default();
            rows.ballots.iter().for_each(|row| vote.add_ballot(row));
            rows.words.iter().for_each(|row| vote.add_word(row));
            rows.tallies.iter().for_each(|row| vote.add_tally(row));
            Some(vote)
        });
        Ok(votes.collect())
    }

    /// The vote on a proposal, without anything said to it yet; nothing when the proposal itself
    /// was rejected.
    pub fn of(row: &Row) -> Option<Self> {
        let written: Proposal = read(row);
        let sound = row.problems.is_empty() && State::Ok == row.state;
        let rivals = row.conflicts.iter().flat_map(|(_, values)| values);
        let versions: Vec<Option<Proposal>> =
            rivals.map(|value| serde_json::from_str(value.as_str()?).ok()).collect();
        let same = |rival: &Option<Proposal>| {
            rival.as_ref().is_some_and(|rival| written.asks_the_same(rival))
        };
        let written_twice = !versions.iter().all(same);
        // Of what a firing opened several times, the vote that was opened first is meant.
        let fit = |one: &Proposal| {
            let mut problems = Vec::new();
            one.check(&mut problems);
            problems.is_empty() && !written_twice
        };
        let first = versions.into_iter().flatten().filter(fit);
        let first = first.min_by_key(|one| (one.opened, json::canonical(one)));
        let proposal = first.unwrap_or(written);
        let rule = proposal.rule_frozen().ok().filter(|_| sound)?;
        let roll = Proposal::people(&proposal.roll);
        let id = row.id;
        Some(Self { id, proposal, rule, roll, written_twice, ..Self::default() })
    }

    /// The fields of the version of a proposal that is meant, where it was written several times: the
    /// one whose roll and terms the vote goes by. Nothing where there is only one.
    pub fn meant(row: &Row) -> Option<Fields> {
        let vote = Self::of(row)?;
        let rivals = row.conflicts.iter().flat_map(|(_, values)| values);
        let mut versions = rivals.filter_map(|value| {
            let fields: Fields = serde_json::from_str(value.as_str()?).ok()?;
            let one: Proposal = serde_json::from_value(Value::Object(fields.clone())).ok()?;
            (one == vote.proposal).then_some(fields)
        });
        versions.next()
    }

    /// Whether it was written twice, or the roll and those who may second or veto are not those the
    /// roles gave when it was opened, as far as its proposer had seen.
    pub fn is_irregular(&self, reader: &Reader, book: &BookId) -> Result<bool, Error> {
        let (author, day) = (self.proposal.person, self.proposal.opened.unwrap_or_default().date());
        let Some(row) = reader.record(book, Kind::Proposal, &self.id)? else {
            return Ok(self.written_twice);
        };
        let seen = reader.seen_by_author(book, (&row, Kind::Proposal), (author, day))?;
        let Some(seen) = seen else { return Ok(self.written_twice) };
        let right = |named: &[String], roles: &[String]| {
            let wanted = Rule::roles(roles);
            let held = seen.iter().filter(|(_, held)| !held.is_disjoint(&wanted));
            let holders: BTreeSet<RecordId> = held.map(|(person, _)| *person).collect();
            named.iter().filter_map(|id| id.parse().ok()).collect::<BTreeSet<_>>() == holders
        };
        let (asked, rule) = (&self.proposal, &self.rule);
        let lists = right(&asked.roll, &rule.electorate)
            && right(&asked.vetoers, &rule.veto)
            && right(&asked.seconders, &rule.second_roles);
        let roles = seen.get(&author).cloned().unwrap_or_default();
        Ok(self.written_twice || !lists || roles.is_disjoint(&rule.may_propose()))
    }

    /// Takes a ballot in.
    pub fn add_ballot(&mut self, row: &Row) {
        let ballot: Ballot = read(row);
        let fault = unsound(row)
            .or_else(|| {
                let outside = !self.roll.contains(&ballot.voter);
                outside.then(|| "Its voter is not on the roll.".to_owned())
            })
            .or_else(|| self.asked().fault(&ballot));
        let mut versions = vec![ballot.clone()];
        let rivals = row.conflicts.iter().flat_map(|(_, values)| values);
        versions.extend(rivals.filter_map(|value| {
            let rival: Ballot = serde_json::from_str(value.as_str()?).ok()?;
            let mut problems = Vec::new();
            rival.check(&mut problems);
            problems.is_empty().then_some(rival)
        }));
        self.ballots.insert(row.id, Voice { ballot, versions, fault });
    }

    /// Takes in what was said beside voting.
    pub fn add_word(&mut self, row: &Row) {
        let said: Intervention = read(row);
        let fault = unsound(row).or_else(|| self.not_theirs(&said).map(str::to_owned));
        self.words.insert(row.id, Word { said, fault });
    }

    /// Takes a tally in.
    pub fn add_tally(&mut self, row: &Row) {
        self.tallies.insert(row.id, Signed { tally: read(row), state: row.state });
    }

    /// Why somebody's word does not count here; nothing when it does.
    fn not_theirs(&self, said: &Intervention) -> Option<&'static str> {
        let among = |list: &[String]| Proposal::people(list).contains(&said.person);
        let (fine, why) = match said.kind.as_str() {
            "second" if said.person == self.proposal.person => {
                (false, "Nobody seconds a proposal of their own.")
            }
            "second" => (among(&self.proposal.seconders), "They may not second it."),
            "veto" => (among(&self.proposal.vetoers), "They may not veto it."),
            "retract" => {
                (said.person == self.proposal.person, "Only who proposes it can take it back.")
            }
            _ => (self.roll.contains(&said.person), "They are not on the roll."),
        };
        (!fine).then_some(why)
    }

    pub(super) fn asked(&self) -> Asked<'_> {
        Asked { rule: &self.rule, options: &self.proposal.options }
    }

    /// Why a ballot on it could not be counted for what it chooses; nothing when it could.
    pub fn fault_of(&self, ballot: &Ballot) -> Option<String> {
        self.asked().fault(ballot)
    }

    /// All words that may count.
    pub fn sound_words(&self) -> BTreeSet<RecordId> {
        let sound = self.words.iter().filter(|(_, word)| word.fault.is_none());
        sound.map(|(id, _)| *id).collect()
    }

    /// People of whom one of these words is of a kind.
    fn people(&self, words: &BTreeSet<RecordId>, kind: &str) -> BTreeSet<RecordId> {
        let said = words.iter().filter_map(|id| self.words.get(id)).filter(|w| w.fault.is_none());
        said.filter(|word| word.said.kind == kind).map(|word| word.said.person).collect()
    }

    /// Who seconded it.
    pub fn seconds(&self, words: &BTreeSet<RecordId>) -> BTreeSet<RecordId> {
        self.people(words, "second")
    }

    /// Who vetoed it.
    pub fn vetoes(&self, words: &BTreeSet<RecordId>) -> BTreeSet<RecordId> {
        self.people(words, "veto")
    }

    /// Whether its proposer took it back.
    pub fn is_retracted(&self) -> bool {
        !self.people(&self.sound_words(), "retract").is_empty()
    }

    /// Whose objection stands: of each the last of those about objecting counts.
    pub fn objections(&self, words: &BTreeSet<RecordId>) -> BTreeSet<RecordId> {
        let mut last: BTreeMap<RecordId, (i64, RecordId, bool)> = BTreeMap::new();
        for id in words {
            let Some(Word { said, fault: None }) = self.words.get(id) else { continue };
            if !["objection", "resolved"].contains(&said.kind.as_str()) {
                continue;
            }
            let now = (said.seq, *id, said.kind == "objection");
            let kept = last.entry(said.person).or_insert(now);
            *kept = now.max(*kept);
        }
        last.into_iter().filter(|(_, (.., stands))| *stands).map(|(person, _)| person).collect()
    }

    /// The last ballot of each voter that may count, of those wanted: by its number, never by when
    /// it says it was written.
    pub(super) fn last_of_each(
        &self,
        wanted: impl Fn(&RecordId) -> bool,
    ) -> BTreeMap<RecordId, (RecordId, &Ballot)> {
        let mut last: BTreeMap<RecordId, (RecordId, &Ballot)> = BTreeMap::new();
        for (id, voice) in &self.ballots {
            if voice.fault.is_some() || !wanted(id) {
                continue;
            }
            let kept = last.entry(voice.ballot.voter).or_insert((*id, &voice.ballot));
            if (voice.ballot.seq, *id) > (kept.1.seq, kept.0) {
                *kept = (*id, &voice.ballot);
            }
        }
        last
    }

    /// The day its result takes effect, if it passes.
    pub fn effect_from(&self) -> Option<Date> {
        let day = self.proposal.closes?.date();
        let months = self.rule.effect_delay_months.unwrap_or(0);
        Some(day.plus(months, self.rule.effect_delay_days.unwrap_or(0)))
    }
}

/// What is wrong with a record as such.
fn unsound(row: &Row) -> Option<String> {
    let problem = row.problems.first().map(|problem| problem.message.clone());
    problem.or_else(|| (row.state != State::Ok).then(|| "It has no effect.".to_owned()))
}
