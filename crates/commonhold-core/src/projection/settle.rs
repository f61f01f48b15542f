//! What counts: a record's state is a function of its own problems and of the records that
//! withdraw or correct it, whatever order they arrived in.
//!
//! Corrections form trees: a record, what corrects it, what corrects that. Of one tree at most one
//! record counts: the first that stands (sound and not withdrawn), the corrections of a record
//! before the record itself, rival corrections by their ids. So withdrawing a correction in the
//! middle never makes two records of one bill count.

use super::read::load;
use super::write::Projector;
use super::{State, kind_code};
use crate::id::RecordId;
use crate::record::{Link, Relation};
use crate::records::Kind;
use rusqlite::{OptionalExtension, params};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// What a tree of corrections comes to: the record that counts, and those above it.
type Outcome = (Option<RecordId>, BTreeSet<RecordId>);

impl Projector<'_> {
    /// Marks what must be decided anew because a link came or went.
    pub(super) fn touch_target(&mut self, link: &Link) -> rusqlite::Result<()> {
        match link.relation {
            Relation::Corrects => self.mark_tree(link.kind, &link.id),
            Relation::Withdraws => {
                self.mark_tree(link.kind, &link.id)?;
                for n in self.linked(link.kind, &link.id, Relation::ImportedBy)? {
                    if let Some((kind, id)) = self.named(n)? {
                        self.mark_tree(kind, &id)?;
                    }
                }
                Ok(())
            }
            Relation::ImportedBy | Relation::Concerns => Ok(()),
        }
    }

    /// Marks every record of the tree of corrections a record belongs to.
    fn mark_tree(&mut self, kind: Kind, id: &RecordId) -> rusqlite::Result<()> {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![self.root(kind, id)?];
        while let Some(id) = waiting.pop() {
            if seen.insert(id) {
                self.dirty.extend(self.number(kind, &id)?.map(|n| (n, kind)));
                waiting.extend(self.corrections(kind, &id)?);
            }
        }
        Ok(())
    }

    /// Decides every dirty record and moves its postings in or out of the kept sums.
    pub(super) fn settle(&mut self) -> rusqlite::Result<()> {
        let mut trees = BTreeMap::new();
        for (n, kind) in std::mem::take(&mut self.dirty) {
            let Some(record) = load(self.db, kind, n)? else {
                continue;
            };
            let judged = (kind.info().judge)(&record.fields);
            let state = match State::unsound(&record.problems) {
                Some(state) => state,
                None => self.decide(kind, &record.id, &judged.links, &mut trees)?,
            };
            if state == record.state {
                continue;
            }
            if state == State::Ok {
                self.count(&judged, false)?;
            } else if record.state == State::Ok {
                self.count(&judged, true)?;
            }
            self.db
                .prepare_cached(&format!("UPDATE {} SET state = ?2 WHERE n = ?1", kind.table()))?
                .execute(params![n, state.code()])?;
        }
        Ok(())
    }

    /// The state of a sound record. `trees` remembers trees that were looked at before.
    pub(super) fn decide(
        &self,
        kind: Kind,
        id: &RecordId,
        links: &[Link],
        trees: &mut BTreeMap<(Kind, RecordId), Outcome>,
    ) -> rusqlite::Result<State> {
        if self.is_withdrawn(kind, id, links)? {
            return Ok(State::Withdrawn);
        }
        let corrects = links.iter().any(|link| link.relation == Relation::Corrects);
        if !corrects && self.linked(kind, id, Relation::Corrects)?.is_empty() {
            return Ok(State::Ok);
        }
        let root = self.root(kind, id)?;
        let outcome = match trees.entry((kind, root)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(self.outcome(kind, root)?),
        };
        Ok(match outcome {
            (Some(counts), _) if counts == id => State::Ok,
            (_, above) if above.contains(id) => State::Superseded,
            _ => State::Rival,
        })
    }

    /// Walks a tree, corrections first, to the first record that stands.
    fn outcome(&self, kind: Kind, root: RecordId) -> rusqlite::Result<Outcome> {
        let mut seen = BTreeSet::from([root]);
        let mut path = vec![(root, self.corrections(kind, &root)?)];
        while let Some((id, rest)) = path.last_mut() {
            if rest.is_empty() {
                let id = *id;
                path.pop();
                if self.stands(kind, &id)? {
                    return Ok((Some(id), path.into_iter().map(|(id, _)| id).collect()));
                }
                continue;
            }
            let next = rest.remove(0);
            if seen.insert(next) {
                let corrections = self.corrections(kind, &next)?;
                path.push((next, corrections));
            }
        }
        Ok((None, BTreeSet::new()))
    }

    /// Ids of the records that correct one, the smallest first.
    fn corrections(&self, kind: Kind, id: &RecordId) -> rusqlite::Result<Vec<RecordId>> {
        let mut found = Vec::new();
        for n in self.linked(kind, id, Relation::Corrects)? {
            found.extend(self.named(n)?.filter(|(other, _)| *other == kind).map(|(_, id)| id));
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The record at the top of a tree of corrections; of a circle its smallest id.
    fn root(&self, kind: Kind, id: &RecordId) -> rusqlite::Result<RecordId> {
        let (mut path, mut top) = (vec![*id], *id);
        while let Some(above) = self.corrected_by(kind, &top)? {
            if let Some(start) = path.iter().position(|seen| *seen == above) {
                return Ok(path.iter().skip(start).min().copied().unwrap_or(above));
            }
            path.push(above);
            top = above;
        }
        Ok(top)
    }

    /// What a record corrects, if it corrects something.
    fn corrected_by(&self, kind: Kind, id: &RecordId) -> rusqlite::Result<Option<RecordId>> {
        let Some(n) = self.number(kind, id)? else {
            return Ok(None);
        };
        let target: Option<Vec<u8>> = self
            .db
            .prepare_cached(
                "SELECT key.id FROM link INDEXED BY link_correction JOIN key ON key.n = target
                 WHERE link.n = ?1 AND relation = 2 AND kind = ?2",
            )?
            .query_row(params![n, kind_code(kind)], |row| row.get(0))
            .optional()?;
        Ok(target.and_then(|id| RecordId::from_slice(&id).ok()))
    }

    /// Whether a record is here, sound and not withdrawn.
    fn stands(&self, kind: Kind, id: &RecordId) -> rusqlite::Result<bool> {
        let Some(n) = self.number(kind, id)? else {
            return Ok(false);
        };
        let Some(record) = load(self.db, kind, n)? else {
            return Ok(false);
        };
        let links = (kind.info().judge)(&record.fields).links;
        Ok(record.problems.is_empty() && !self.is_withdrawn(kind, id, &links)?)
    }

    fn is_withdrawn(&self, kind: Kind, id: &RecordId, links: &[Link]) -> rusqlite::Result<bool> {
        if self.has_withdrawal(kind, id)? {
            return Ok(true);
        }
        for link in links.iter().filter(|link| link.relation == Relation::ImportedBy) {
            if self.has_withdrawal(link.kind, &link.id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a withdrawal names this record; only sound records have links.
    pub(super) fn has_withdrawal(&self, kind: Kind, id: &RecordId) -> rusqlite::Result<bool> {
        Ok(!self.linked(kind, id, Relation::Withdraws)?.is_empty())
    }

    /// Number of this book's record of a kind and id.
    fn number(&self, kind: Kind, id: &RecordId) -> rusqlite::Result<Option<i64>> {
        self.db
            .prepare_cached("SELECT n FROM record WHERE id = ?1 AND kind = ?2 AND book = ?3")?
            .query_row(params![id.as_bytes(), kind_code(kind), self.book], |row| row.get(0))
            .optional()
    }

    /// Numbers of this book's records that link to a record.
    fn linked(&self, kind: Kind, id: &RecordId, relation: Relation) -> rusqlite::Result<Vec<i64>> {
        let Some(target) = self.find_key(id)? else {
            return Ok(Vec::new());
        };
        self.db
            .prepare_cached(
                "SELECT link.n FROM link JOIN record USING (n)
                 WHERE target = ?1 AND link.kind = ?2 AND relation = ?3 AND record.book = ?4",
            )?
            .query_map(params![target, kind_code(kind), relation.code(), self.book], |row| {
                row.get(0)
            })?
            .collect()
    }

    /// Kind and id of a record by its number.
    fn named(&self, n: i64) -> rusqlite::Result<Option<(Kind, RecordId)>> {
        let found: Option<(i64, Vec<u8>)> = self
            .db
            .prepare_cached("SELECT kind, id FROM record WHERE n = ?1")?
            .query_row([n], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(found.and_then(|(code, id)| {
            let kind = Kind::ALL.iter().copied().find(|kind| kind_code(*kind) == code)?;
            Some((kind, RecordId::from_slice(&id).ok()?))
        }))
    }
}
