//! Destroying a private document: its objects keep their headers, so that the logs stay whole,
//! and lose what they said; its keys, its snapshot and its rows go.

use super::receive::Received;
use super::{Error, Reader, Store};
use crate::document::Key;
use crate::id::{BookId, RecordId};
use crate::keyring::PRIVATE;
use crate::object;
use crate::projection::Projector;
use crate::records::Kind;
use rusqlite::params;
use std::collections::BTreeSet;

impl Reader {
    /// Destroys the documents the authority set says are to be destroyed, as far as anything of
    /// them is here. Answers their numbers.
    pub(super) fn erase(
        &self,
        number: i64,
        book: &BookId,
        received: &mut Received,
    ) -> Result<BTreeSet<i64>, Error> {
        let authority = self.authority_of(number, book)?;
        let mut gone = BTreeSet::new();
        for name in authority.state().erased() {
            let n = self.document_number(number, name)?;
            if self.erase_document(n)? {
                gone.insert(n);
                self.take_out_all(number, n, name, received)?;
            }
        }
        if !gone.is_empty() {
            self.forget_trust(number);
        }
        Ok(gone)
    }

    /// Cuts the payloads off a document's objects; false when there were none.
    fn erase_document(&self, n: i64) -> Result<bool, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT n, bytes FROM object WHERE document = ?1 AND reason <> 'erased'",
        )?;
        let rows = statement.query_map([n], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let objects: Vec<(i64, Vec<u8>)> = rows.collect::<rusqlite::Result<_>>()?;
        for (object, bytes) in &objects {
            self.db()
                .prepare_cached(
                    "UPDATE object SET bytes = ?2, state = 2, applied = 0, reason = 'erased'
                     WHERE n = ?1",
                )?
                .execute(params![object, object::erase(bytes)])?;
        }
        self.db().execute("DELETE FROM snapshot WHERE document = ?1", [n])?;
        Ok(!objects.is_empty())
    }

    /// Takes everything that lay in a document out of the read model.
    fn take_out_all(
        &self,
        number: i64,
        n: i64,
        name: &str,
        received: &mut Received,
    ) -> Result<(), Error> {
        let mut statement =
            self.db().prepare_cached("SELECT kind, id FROM record WHERE document = ?1")?;
        let rows = statement
            .query_map([n], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let mut projector = Projector::new(self.db(), number);
        for (code, id) in rows {
            let kind = Kind::ALL.iter().zip(0_i64..).find(|(_, other)| *other == code);
            let id = RecordId::from_slice(&id);
            if let (Some((kind, _)), Ok(id)) = (kind, id) {
                let key = Key { kind: kind.name().to_owned(), id };
                projector.take_out(n, &key)?;
                received.touched.insert(key);
            }
        }
        projector.finish()?;
        debug_assert!(name.starts_with(PRIVATE));
        Ok(())
    }
}

impl Store {
    /// After the transaction that destroyed documents: nothing of them stays in memory, in the
    /// search index or in the write-ahead log.
    pub(super) fn after_erasing(&mut self, gone: &BTreeSet<i64>) -> Result<(), Error> {
        if gone.is_empty() {
            return Ok(());
        }
        for n in gone {
            self.cache.forget(*n);
        }
        self.reader.db().execute_batch(
            "INSERT INTO search (search) VALUES ('optimize');
             PRAGMA wal_checkpoint(TRUNCATE);",
        )?;
        Ok(())
    }
}
