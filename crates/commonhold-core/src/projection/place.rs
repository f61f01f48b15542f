//! Where records lie: which document holds one, and what happens when it moves, is misplaced or
//! is gone.

use super::prepare::Known;
use super::write::Projector;
use crate::document::Key;
use crate::id::RecordId;
use crate::keyring;
use crate::records::Kind;
use rusqlite::params;

impl Projector<'_> {
    /// Keeps in mind a record that is not shown: its kind is not known here, it lies in a document
    /// where its kind does not belong, or another document holds it.
    pub(super) fn set_aside(&self, document: i64, key: &Key) -> rusqlite::Result<()> {
        self.aside.set(Some(true));
        self.db
            .prepare_cached("INSERT OR IGNORE INTO unknown VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![self.book, document, key.kind, key.id.as_bytes()])?;
        Ok(())
    }

    /// Forgets that a record was not shown from a document.
    pub(super) fn take_up(&self, document: i64, key: &Key) -> rusqlite::Result<()> {
        if self.aside.get().is_none() {
            let any = self
                .db
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM unknown WHERE book = ?1)")?
                .query_row([self.book], |row| row.get(0))?;
            self.aside.set(Some(any));
        }
        if self.aside.get() == Some(true) {
            self.db
                .prepare_cached(
                    "DELETE FROM unknown
                     WHERE book = ?1 AND document = ?2 AND kind = ?3 AND id = ?4",
                )?
                .execute(params![self.book, document, key.kind, key.id.as_bytes()])?;
        }
        Ok(())
    }

    /// Records to be put once more, each with the document it lies in: another document held
    /// them, and does so no more or no longer rightly.
    pub fn bereaved(&mut self) -> rusqlite::Result<Vec<(i64, Key)>> {
        let mut found = Vec::new();
        for (kind, id) in std::mem::take(&mut self.bereaved) {
            let mut statement = self.db.prepare_cached(
                "SELECT document FROM unknown WHERE book = ?1 AND kind = ?2 AND id = ?3",
            )?;
            let rows = statement
                .query_map(params![self.book, kind.name(), id.as_bytes()], |row| row.get(0))?;
            for document in rows {
                found.push((document?, Key { kind: kind.name().to_owned(), id }));
            }
        }
        Ok(found)
    }

    /// Whether a record lies where its kind's home says. What cannot be read is shown wherever it
    /// lies, with its problems.
    pub(super) fn belongs(
        &mut self,
        document: i64,
        known: &Known,
        id: &RecordId,
    ) -> rusqlite::Result<bool> {
        let Some(home) = known.judged.home.as_ref() else {
            return Ok(true);
        };
        let name = match &self.last_name {
            Some((other, name)) if *other == document => name.clone(),
            _ => self
                .db
                .prepare_cached("SELECT name FROM document WHERE n = ?1")?
                .query_row([document], |row| row.get(0))?,
        };
        // What not everybody reads must change nothing that everybody reads.
        let sealed = |kind: Kind| kind.info().sealed;
        let hidden = keyring::readers(&name).is_some()
            && !sealed(known.kind)
            && !known.judged.acts_on.is_some_and(sealed);
        let belongs = !hidden && home.holds(&name, known.kind, id);
        self.last_name = Some((document, name));
        Ok(belongs)
    }

    /// Takes out a record that its document no longer holds.
    pub fn take_out(&mut self, document: i64, key: &Key) -> rusqlite::Result<()> {
        self.take_up(document, key)?;
        let Ok(kind) = key.kind.parse::<Kind>() else { return Ok(()) };
        if let Some((n, holder)) = self.find(kind, &key.id)?
            && holder == document
        {
            self.delete(n, kind, document)?;
            self.bereaved.insert((kind, key.id));
        }
        Ok(())
    }

    /// Takes a record out altogether.
    pub(super) fn delete(&mut self, n: i64, kind: Kind, document: i64) -> rusqlite::Result<()> {
        self.remove(n, kind)?;
        self.db.prepare_cached("DELETE FROM record WHERE n = ?1")?.execute([n])?;
        let size = self.sizes.entry(document).or_default();
        *size = size.saturating_sub(1);
        Ok(())
    }

    /// Notes which document holds a record.
    pub(super) fn move_to(&mut self, n: i64, document: i64) -> rusqlite::Result<()> {
        let holder: i64 = self
            .db
            .prepare_cached("SELECT document FROM record WHERE n = ?1")?
            .query_row([n], |row| row.get(0))?;
        for (document, change) in [(holder, -1), (document, 1)] {
            let size = self.sizes.entry(document).or_default();
            *size = size.saturating_add(change);
        }
        self.db
            .prepare_cached("UPDATE record SET document = ?2 WHERE n = ?1")?
            .execute(params![n, document])?;
        Ok(())
    }

    /// Whether something is wrong with a record that is here.
    pub(super) fn is_unsound(&self, n: i64) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM problem WHERE n = ?1)")?
            .query_row([n], |row| row.get(0))
    }

    /// Whether of the same record in two documents the first holds it: what is sound before what
    /// is not, so that nobody takes a record's place with one that has no effect, then by name.
    pub(super) fn goes_before(
        &self,
        (document, known): (i64, &Known),
        (n, holder): (i64, i64),
    ) -> rusqlite::Result<bool> {
        let name = |n: i64| -> rusqlite::Result<String> {
            self.db
                .prepare_cached("SELECT name FROM document WHERE n = ?1")?
                .query_row([n], |row| row.get(0))
        };
        let unsound = (!known.judged.problems.is_empty(), self.is_unsound(n)?);
        match unsound {
            (false, true) => Ok(true),
            (true, false) => Ok(false),
            _ => Ok(name(document)? < name(holder)?),
        }
    }
}
