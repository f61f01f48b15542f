//! Where records lie: which document holds one, and what happens when it moves, is misplaced or
//! is gone.

use super::prepare::Known;
use super::write::Projector;
use crate::document::Key;
use crate::id::RecordId;
use crate::records::Kind;
use rusqlite::params;

impl Projector<'_> {
    /// Keeps in mind a record that is not shown: its kind is not known here, or it lies in a
    /// document where its kind does not belong.
    pub(super) fn set_aside(&self, document: i64, key: &Key) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("INSERT OR IGNORE INTO unknown VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![self.book, document, key.kind, key.id.as_bytes()])?;
        Ok(())
    }

    /// Whether a record lies where its kind's home says. What cannot be read is shown wherever it
    /// lies, with its problems.
    pub(super) fn belongs(
        &mut self,
        document: i64,
        known: &Known,
        id: &RecordId,
    ) -> rusqlite::Result<bool> {
        let Some(home) = known.judged.home.as_ref().filter(|_| known.judged.problems.is_empty())
        else {
            return Ok(true);
        };
        if let Some((other, name)) = &self.last_name
            && *other == document
        {
            return Ok(home.holds(name, known.kind, id));
        }
        let name: String = self
            .db
            .prepare_cached("SELECT name FROM document WHERE n = ?1")?
            .query_row([document], |row| row.get(0))?;
        let belongs = home.holds(&name, known.kind, id);
        self.last_name = Some((document, name));
        Ok(belongs)
    }

    /// Takes out a record that its document no longer holds.
    pub fn take_out(&mut self, document: i64, key: &Key) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("DELETE FROM unknown WHERE document = ?1 AND kind = ?2 AND id = ?3")?
            .execute(params![document, key.kind, key.id.as_bytes()])?;
        let Ok(kind) = key.kind.parse::<Kind>() else { return Ok(()) };
        if let Some((n, holder)) = self.find(kind, &key.id)?
            && holder == document
        {
            self.remove(n, kind)?;
            self.db.prepare_cached("DELETE FROM record WHERE n = ?1")?.execute([n])?;
            let size = self.sizes.entry(document).or_default();
            *size = size.saturating_sub(1);
        }
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

    pub(super) fn goes_before(&self, one: i64, other: i64) -> rusqlite::Result<bool> {
        let name = |n: i64| -> rusqlite::Result<String> {
            self.db
                .prepare_cached("SELECT name FROM document WHERE n = ?1")?
                .query_row([n], |row| row.get(0))
        };
        Ok(name(one)? < name(other)?)
    }
}
