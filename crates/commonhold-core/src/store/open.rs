//! Opening a profile's file, and bringing it to this version.

use super::{Error, Reader};
use crate::projection;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Version of the tables of truth this program writes.
const VERSION: i64 = 6;
/// The tables of attachments, new in version 4.
const ATTACHMENTS: &str = include_str!("attachments.sql");

pub(super) fn configure(db: &Connection) -> Result<(), Error> {
    db.busy_timeout(Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "WAL").map_err(foreign)?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    tune(db)
}

/// What holds for every connection. A plan stays the same whatever values are bound (QPSG): else
/// SQLite prepares a statement anew at each use once it has statistics.
fn tune(db: &Connection) -> Result<(), Error> {
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cache_size", -16_000)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Not-a-database and corruption, in words; everything else stays what it is.
fn foreign(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(Code::NotADatabase | Code::DatabaseCorrupt) => Error::Foreign(error.to_string()),
        _ => Error::Sqlite(error),
    }
}

pub(super) fn migrate(db: &Connection) -> Result<(), Error> {
    let version: i64 =
        db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(foreign)?;
    match version {
        0 => {
            let tables: i64 =
                db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            if tables != 0 {
                return Err(Error::Foreign("it holds other tables".into()));
            }
            let tx = db.unchecked_transaction()?;
            tx.execute_batch(include_str!("schema.sql"))?;
            tx.execute_batch(ATTACHMENTS)?;
            tx.pragma_update(None, "user_version", VERSION)?;
            tx.commit()?;
            Ok(())
        }
        VERSION => Ok(()),
        2..=5 => {
            let tx = db.unchecked_transaction()?;
            steps_from(&tx, version)?;
            tx.pragma_update(None, "user_version", VERSION)?;
            tx.commit()?;
            Ok(())
        }
        older if older < VERSION => {
            Err(Error::Foreign("it is from before the first release of this program".into()))
        }
        newer => Err(Error::Newer(newer)),
    }
}

/// The steps from an earlier version on.
fn steps_from(tx: &Connection, version: i64) -> Result<(), Error> {
    if version == 2 {
        tx.execute_batch(
            "ALTER TABLE log ADD COLUMN first INTEGER NOT NULL DEFAULT 1;
             ALTER TABLE log ADD COLUMN trunk INTEGER REFERENCES log(n);
             CREATE INDEX log_trunk ON log(trunk) WHERE trunk IS NOT NULL;
             ALTER TABLE object ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
             UPDATE object SET own = 1 WHERE log IN (SELECT n FROM log WHERE own);",
        )?;
    }
    if version < 4 {
        tx.execute_batch(ATTACHMENTS)?;
    } else if version == 4 {
        tx.execute_batch(
            "ALTER TABLE attachment_part ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;",
        )?;
    }
    if version < 5 {
        tx.execute_batch(
            "ALTER TABLE stance ADD COLUMN verdict BLOB;
             ALTER TABLE log DROP COLUMN verdict;
             CREATE INDEX object_stance ON object(stance, seq);",
        )?;
    }
    // Earlier versions did not note what they showed: it may have been all of it.
    tx.execute_batch(
        "ALTER TABLE log ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;
         UPDATE log SET shown = coalesce((SELECT max(seq) FROM object WHERE log = log.n), 0)
         WHERE own;",
    )?;
    Ok(())
}

impl Reader {
    /// Opens the file for reading only; the writer may go on meanwhile.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let (db, version) = open_to_read(path).map_err(foreign)?;
        db.busy_timeout(Duration::from_secs(5))?;
        tune(&db)?;
        if version > VERSION {
            return Err(Error::Newer(version));
        }
        if version < VERSION || !projection::is_current(&db)? {
            return Err(Error::Stale);
        }
        Ok(Self::over(db))
    }
}

/// Opens a file for reading only, and reads its version. Reading needs small files beside the
/// book; on a disk that is read-only there can be none, but nobody writes to the book either, and
/// unless a writer left something unfinished it is read just as it lies there.
fn open_to_read(path: &Path) -> rusqlite::Result<(Connection, i64)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = |path: &str, flags| -> rusqlite::Result<(Connection, i64)> {
        let db = Connection::open_with_flags(path, flags)?;
        let version = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        Ok((db, version))
    };
    let unfinished = std::fs::metadata(path.with_extension("sqlite-wal"));
    let finished = unfinished.map_or(true, |meta| meta.len() == 0);
    let Some(name) = path.to_str() else {
        return Err(rusqlite::Error::InvalidPath(path.to_owned()));
    };
    match open(name, flags) {
        Err(error)
            if finished
                && error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen)
                && path.is_file() =>
        {
            let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            open(&format!("file:{name}?immutable=1"), flags).map_err(|_| error)
        }
        other => other,
    }
}
