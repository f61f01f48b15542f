//! What counts: a record's state is a function of its own problems and of the records that
//! withdraw or correct it, whatever order they arrived in.

use super::read::load;
use super::write::Projector;
use super::{State, kind_code};
use crate::id::RecordId;
use crate::record::Relation;
use crate::records::Kind;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

impl Projector<'_> {
    /// Marks what must be decided anew because a link to `target` came or went.
    pub(super) fn touch_target(
        &mut self,
        relation: Relation,
        target: &RecordId,
    ) -> rusqlite::Result<()> {
        let mut touched: BTreeSet<i64> = self.numbers(target)?.into_iter().collect();
        match relation {
            Relation::Corrects => touched.extend(self.linked(target, Relation::Corrects)?),
            Relation::Withdraws => {
                let imported = self.linked(target, Relation::ImportedBy)?;
                touched.extend(imported);
                for n in touched.clone() {
                    touched.extend(self.correction_group(n)?);
                }
            }
            Relation::ImportedBy => {}
        }
        for n in touched {
            if let Some(kind) = self.kind_of(n)? {
                self.dirty.insert((n, kind));
            }
        }
        Ok(())
    }

    /// The record a correction corrects, and all its corrections.
    fn correction_group(&self, n: i64) -> rusqlite::Result<Vec<i64>> {
        let Some(kind) = self.kind_of(n)? else {
            return Ok(Vec::new());
        };
        let Some(record) = load(self.db, kind, n)? else {
            return Ok(Vec::new());
        };
        let mut group = Vec::new();
        for (relation, target) in (kind.info().judge)(&record.fields).links {
            if relation == Relation::Corrects {
                group.extend(self.numbers(&target)?);
                group.extend(self.linked(&target, Relation::Corrects)?);
            }
        }
        Ok(group)
    }

    /// Decides every dirty record and moves its postings in or out of the kept sums.
    pub(super) fn settle(&mut self) -> rusqlite::Result<()> {
        for (n, kind) in std::mem::take(&mut self.dirty) {
            let Some(record) = load(self.db, kind, n)? else {
                continue;
            };
            let judged = (kind.info().judge)(&record.fields);
            let state = if record.problems.is_empty() {
                self.decide(&record.id, &judged.links)?
            } else {
                State::Rejected
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
                .prepare_cached(&format!(
                    "UPDATE {} SET state = ?2 WHERE n = ?1",
                    kind.plural()
                ))?
                .execute(params![n, state.code()])?;
        }
        Ok(())
    }

    pub(super) fn decide(&self, id: &RecordId, links: &[(Relation, RecordId)]) -> rusqlite::Result<State> {
        if self.is_withdrawn(id, links)? {
            return Ok(State::Withdrawn);
        }
        if !self.standing_corrections(id)?.is_empty() {
            return Ok(State::Superseded);
        }
        for (relation, target) in links {
            if *relation == Relation::Corrects
                && self
                    .standing_corrections(target)?
                    .first()
                    .is_some_and(|first| first != id)
            {
                return Ok(State::Rival);
            }
        }
        Ok(State::Ok)
    }

    fn is_withdrawn(
        &self,
        id: &RecordId,
        links: &[(Relation, RecordId)],
    ) -> rusqlite::Result<bool> {
        if self.has_withdrawal(id)? {
            return Ok(true);
        }
        for (relation, target) in links {
            if *relation == Relation::ImportedBy && self.has_withdrawal(target)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a withdrawal without problems names this record.
    pub(super) fn has_withdrawal(&self, id: &RecordId) -> rusqlite::Result<bool> {
        let numbers = self.linked(id, Relation::Withdraws)?;
        for n in numbers {
            if self.is_sound(n)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Corrections of a record that are sound and not withdrawn, the smallest id first.
    fn standing_corrections(&self, id: &RecordId) -> rusqlite::Result<Vec<RecordId>> {
        let mut standing = Vec::new();
        for n in self.linked(id, Relation::Corrects)? {
            let Some(kind) = self.kind_of(n)? else {
                continue;
            };
            let Some(record) = load(self.db, kind, n)? else {
                continue;
            };
            let links = (kind.info().judge)(&record.fields).links;
            if record.problems.is_empty()
                && record.id != *id
                && !self.is_withdrawn(&record.id, &links)?
            {
                standing.push(record.id);
            }
        }
        standing.sort_unstable();
        Ok(standing)
    }

    fn is_sound(&self, n: i64) -> rusqlite::Result<bool> {
        let problem = self
            .db
            .prepare_cached("SELECT 1 FROM problem WHERE n = ?1")?
            .query_row([n], |_| Ok(()))
            .optional()?;
        Ok(problem.is_none())
    }

    /// Numbers of this book's records with an id, of whatever kind.
    fn numbers(&self, id: &RecordId) -> rusqlite::Result<Vec<i64>> {
        self.db
            .prepare_cached("SELECT n FROM record WHERE id = ?1 AND book = ?2")?
            .query_map(params![id.as_bytes(), self.book], |row| row.get(0))?
            .collect()
    }

    /// Numbers of this book's records that link to an id.
    fn linked(&self, id: &RecordId, relation: Relation) -> rusqlite::Result<Vec<i64>> {
        let Some(target) = self.find_key(id)? else {
            return Ok(Vec::new());
        };
        self.db
            .prepare_cached(
                "SELECT link.n FROM link JOIN record USING (n)
                 WHERE target = ?1 AND relation = ?2 AND record.book = ?3",
            )?
            .query_map(params![target, relation.code(), self.book], |row| {
                row.get(0)
            })?
            .collect()
    }

    fn kind_of(&self, n: i64) -> rusqlite::Result<Option<Kind>> {
        let code: Option<i64> = self
            .db
            .prepare_cached("SELECT kind FROM record WHERE n = ?1")?
            .query_row([n], |row| row.get(0))
            .optional()?;
        Ok(Kind::ALL
            .iter()
            .copied()
            .find(|kind| Some(kind_code(*kind)) == code))
    }
}
