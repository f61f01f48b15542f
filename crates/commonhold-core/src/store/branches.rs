//! Branches and documents. A log writes to a document under one name, and its changes there are
//! numbered: so what stands on several branches cannot all lie in one document. Of those something
//! may count of, one is chosen for each document, the same wherever the same objects are; the rest
//! is held back.

use super::judge::{Permit, Vouched, Written};
use super::trust::cites_from;
use super::{Error, Reader};
use crate::authority::{Authority, Stance};
use crate::date::Time;
use crate::document::{Document, Named, change_hash};
use crate::id::{BookId, Device, Hash, LogId, RecordId};
use crate::object::Object;
use rusqlite::params;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An object of changes of one document.
struct Piece {
    n: i64,
    /// The branch it lies on.
    branch: Option<i64>,
    written: Written,
    hash: Hash,
    taken_in: bool,
    changes: Vec<Hash>,
    deps: BTreeSet<Hash>,
    named: Vec<Named>,
}

/// A branch of a log, by its number in the database.
struct Branch {
    id: LogId,
    /// The branch it goes on from; nothing where that is the log itself.
    parent: Option<i64>,
    trunk: i64,
}

/// What speaks for a branch, and what goes on from it: the greatest is chosen.
type Rank = (bool, usize, bool, bool, Reverse<LogId>);

/// What speaks for a branch.
#[derive(Default)]
struct Speaks {
    /// Somebody who decides let something of it in.
    released: bool,
    /// Other people built on it.
    people: BTreeSet<RecordId>,
    /// A device built on it, be it one of the same person.
    built_on: bool,
    /// Others had seen it when they stated something.
    counts: bool,
}

/// What of the branches may lie in one document.
#[derive(Default)]
pub(super) struct Choice {
    /// The branches.
    pub branches: BTreeSet<i64>,
    /// Objects that somebody who belongs built on.
    pub built_on: BTreeSet<i64>,
    /// Whether the document holds something else.
    pub broken: bool,
}

impl Reader {
    /// Documents of a book something was written to on a branch; where `all` is false only those
    /// something waits for.
    pub(super) fn documents_with_branches(&self, book: i64, all: bool) -> Result<Vec<i64>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT DISTINCT object.document FROM log JOIN object ON object.log = log.n
             WHERE log.book = ?1 AND trunk IS NOT NULL AND object.kind = 1
               AND (?2 OR EXISTS (SELECT 1 FROM object waiting WHERE waiting.state = 1
                 AND waiting.document = object.document))
             ORDER BY 1",
        )?;
        let found = statement.query_map(params![book, all], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Chooses what of the branches may lie in a document.
    pub(super) fn choose(
        &self,
        (number, book): (i64, &BookId),
        n: i64,
        authority: &Authority,
    ) -> Result<Choice, Error> {
        let name = self.document_name(n)?;
        let pieces = self.pieces(book, n, &name)?;
        let branches = self.branches(number)?;
        let mut choice = Choice::default();
        let stances: Vec<Stance> =
            pieces.iter().map(|piece| piece.written.stance(authority)).collect();
        let supporters = supporters(&pieces, &stances, authority);
        let on_branches = || pieces.iter().zip(&stances).zip(&supporters);
        let built_on =
            on_branches().filter(|((piece, _), by)| piece.branch.is_some() && by.is_some());
        choice.built_on = built_on.map(|((piece, _), _)| piece.n).collect();
        let mut ranks: BTreeMap<i64, Speaks> = BTreeMap::new();
        for ((piece, stance), by) in on_branches() {
            let Some(branch) = piece.branch else { continue };
            let vouched = Vouched::of(authority, &piece.hash, by.is_some());
            let Ok(permit) = Permit::of(stance.clone(), vouched) else { continue };
            // Whatever speaks for a branch speaks for those it goes on from.
            let mut at = Some(branch);
            while let Some(branch) = at {
                let rank = ranks.entry(branch).or_default();
                rank.released |= vouched == Vouched::Released;
                rank.people.extend(by.iter().flatten());
                rank.built_on |= by.is_some();
                rank.counts |= permit.vouches();
                at = branches.get(&branch).and_then(|branch| branch.parent);
            }
        }
        let rank = |branch: &i64, of: &Branch| -> Option<Rank> {
            let Speaks { released, people, built_on, counts } = ranks.get(branch)?;
            Some((*released, people.len(), *built_on, *counts, Reverse(of.id)))
        };
        let mut best: BTreeMap<(i64, Option<i64>), (Rank, i64)> = BTreeMap::new();
        for (branch, of) in &branches {
            let Some(rank) = rank(branch, of) else { continue };
            let known = best.entry((of.trunk, of.parent)).or_insert((rank, *branch));
            *known = (*known).max((rank, *branch));
        }
        let trunks: BTreeSet<i64> = branches.values().map(|branch| branch.trunk).collect();
        for trunk in trunks {
            let mut at = None;
            while let Some((_, branch)) = best.get(&(trunk, at)) {
                choice.branches.insert(*branch);
                at = Some(*branch);
            }
        }
        choice.broken = on_branches().any(|((piece, stance), by)| {
            let Some(branch) = piece.branch.filter(|_| piece.taken_in) else { return false };
            let vouched = Vouched::of(authority, &piece.hash, by.is_some());
            let permit = Permit::of(stance.clone(), vouched);
            let allowed = |permit: &Permit| {
                piece.named.iter().all(|named| permit.allows(&name, named).is_ok())
            };
            !choice.branches.contains(&branch) || !permit.as_ref().is_ok_and(allowed)
        });
        Ok(choice)
    }

    /// The branches of a book's logs by their numbers.
    fn branches(&self, number: i64) -> Result<BTreeMap<i64, Branch>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT log.n, log.id, log.trunk, part.n FROM log
             LEFT JOIN log part ON part.book = log.book AND part.id = log.before_log
               AND part.trunk = log.trunk
             WHERE log.book = ?1 AND log.trunk IS NOT NULL",
        )?;
        let rows = statement.query_map([number], |row| {
            let id: Vec<u8> = row.get(1)?;
            let id = LogId::from_slice(&id).unwrap_or(LogId([0; 16]));
            Ok((row.get(0)?, Branch { id, trunk: row.get(2)?, parent: row.get(3)? }))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Everything of a document that can be read here.
    fn pieces(&self, book: &BookId, n: i64, name: &str) -> Result<Vec<Piece>, Error> {
        let nothing = Document::new(book, name)?;
        let mut statement = self.db().prepare_cached(
            "SELECT object.n, CASE WHEN trunk IS NULL THEN NULL ELSE log.n END, log.id, device,
                    seq, time, cites, hash, state, bytes FROM object
             JOIN log ON log.n = object.log JOIN stance ON stance.n = object.stance
             WHERE document = ?1 AND object.kind = 1 AND reason <> 'erased'",
        )?;
        let mut rows = statement.query([n])?;
        let mut pieces = Vec::new();
        while let Some(row) = rows.next()? {
            let blob = |index| row.get::<_, Vec<u8>>(index);
            let Ok(object) = self.unsealed(book, Object::reopen(&blob(9)?)?) else { continue };
            let (seq, state): (i64, i64) = (row.get(4)?, row.get(8)?);
            let written = Written {
                log: LogId::from_slice(&blob(2)?).unwrap_or(LogId([0; 16])),
                device: Device::from_slice(&blob(3)?).unwrap_or(Device([0; 32])),
                seq: u64::try_from(seq).unwrap_or(0),
                time: Time(row.get(5)?),
                cites: cites_from(&blob(6)?),
            };
            let branch: Option<i64> = row.get(1)?;
            let taken_in = state == 0;
            let named = match branch.filter(|_| taken_in) {
                Some(_) => Document::named(&object.parts),
                None => Vec::new(),
            };
            pieces.push(Piece {
                n: row.get(0)?,
                branch,
                written,
                hash: Hash::from_slice(&blob(7)?).unwrap_or(Hash([0; 32])),
                taken_in,
                changes: object.parts.iter().map(|part| change_hash(part)).collect(),
                deps: nothing.missing(&object.parts),
                named,
            });
        }
        Ok(pieces)
    }
}

/// For each piece the people who belong and built on it, by whatever is between; nothing where
/// nobody did. What a device builds on its own branches does not count, and of people its own
/// person does not.
fn supporters(
    pieces: &[Piece],
    stances: &[Stance],
    authority: &Authority,
) -> Vec<Option<BTreeSet<RecordId>>> {
    let mut brought: HashMap<Hash, Vec<usize>> = HashMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        for change in &piece.changes {
            brought.entry(*change).or_default().push(at);
        }
    }
    // By device: it is its person's, and its own branches are none of what it builds on.
    let mut sources: BTreeMap<Device, (Option<RecordId>, Vec<usize>)> = BTreeMap::new();
    for (at, (piece, stance)) in pieces.iter().zip(stances).enumerate() {
        let vouched = Vouched::of(authority, &piece.hash, false);
        let vouches = Permit::of(stance.clone(), vouched).is_ok_and(|permit| permit.vouches());
        if vouches {
            let of = sources.entry(piece.written.device).or_default();
            of.0 = of.0.or(person(stance));
            of.1.push(at);
        }
    }
    let mut found: Vec<Option<BTreeSet<RecordId>>> = vec![None; pieces.len()];
    for (device, (by, from)) in sources {
        let mut seen = vec![false; pieces.len()];
        // What was let in, or acknowledged, carries what it builds on.
        let carried = |at: &usize| pieces.get(*at).is_some_and(|piece| piece.branch.is_some());
        let own: BTreeSet<usize> = from.iter().copied().filter(carried).collect();
        for (mut open, carried) in [(from, false), (own.into_iter().collect(), true)] {
            if carried {
                seen = vec![false; pieces.len()];
            }
            while let Some(at) = open.pop() {
                let Some(piece) = pieces.get(at) else { continue };
                for next in piece.deps.iter().filter_map(|dep| brought.get(dep)).flatten() {
                    if seen.get(*next) != Some(&false) {
                        continue;
                    }
                    if let Some(seen) = seen.get_mut(*next) {
                        *seen = true;
                    }
                    open.push(*next);
                    let (Some(other), Some(place)) = (pieces.get(*next), found.get_mut(*next))
                    else {
                        continue;
                    };
                    if other.written.device == device && !carried {
                        continue;
                    }
                    let people = place.get_or_insert_default();
                    let theirs = stances.get(*next).and_then(person);
                    people.extend(by.filter(|by| theirs != Some(*by)));
                }
            }
        }
    }
    found
}

fn person(stance: &Stance) -> Option<RecordId> {
    match stance {
        Stance::Member(writer) | Stance::Forked(writer) => Some(writer.person),
        Stance::Late | Stance::Stranger | Stance::Unknown => None,
    }
}
