//! What the relay keeps: one SQLite file, with the bytes of files or beside a bucket that has them. One thread writes, many changes to a commit; a change is
//! acknowledged when it would survive the power going off (WAL, `synchronous=FULL`).

mod bodies;
mod claim;
mod read;
#[cfg(test)]
mod tests;
mod tidy;
mod write;

pub use claim::claim;
pub use read::{Change, Changes, Found, Readers, TopicRow};
pub use write::{Came, Command, Intent, Put, Writer};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

const SCHEMA: &str = include_str!("store/schema.sql");
/// What a store has besides since version 2.
const BUCKET: &str = include_str!("store/bucket.sql");
const VERSION: i64 = 2;

/// What opening a store gives.
pub struct Opened {
    /// The connection that writes.
    pub connection: Connection,
    /// The store's own name, new for each file: 16 hexadecimal digits.
    pub name: String,
    /// Held as long as the store is used.
    pub lock: File,
}

/// Opens a store, or makes one. Errors are sentences for the operator.
pub fn open(path: &Path) -> Result<Opened, String> {
    let fail = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| fail(&error))?;
    }
    let lock = private(&beside(path, ".lock")).map_err(|error| fail(&error))?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => fail(&"another relay is using this store"),
        TryLockError::Error(error) => fail(&error),
    })?;
    drop(private(path).map_err(|error| fail(&error))?);
    let mut connection = connect(path, true).map_err(|error| fail(&error))?;
    let name = prepare(&mut connection).map_err(|error| fail(&error))?;
    let name = name.ok_or_else(|| fail(&"this store was made by a newer relay"))?;
    Ok(Opened { connection, name, lock })
}

/// A file that only this user reads.
fn private(path: &Path) -> std::io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
    how.open(path)
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// A connection, for writing or for reading alone.
fn connect(path: &Path, write: bool) -> rusqlite::Result<Connection> {
    let how =
        if write { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    let connection = Connection::open_with_flags(path, how | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(32);
    // The log of changes goes back to 64 MiB when it has been larger. 2 MiB of memory for a
    // connection are enough: what is written is not read again soon, and the system caches too.
    connection.execute_batch("PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -2048;")?;
    if write {
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    }
    Ok(connection)
}

/// Makes the tables if there are none, and says the store's name; nothing if it is too new.
fn prepare(connection: &mut Connection) -> rusqlite::Result<Option<String>> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > VERSION {
        return Ok(None);
    }
    let all = connection.transaction()?;
    if version == 0 {
        all.execute_batch(SCHEMA)?;
    }
    if version < VERSION {
        all.execute_batch(BUCKET)?;
        all.pragma_update(None, "user_version", VERSION)?;
    }
    let name = match setting(&all, "store")? {
        Some(name) => name,
        None => new_name(&all)?,
    };
    // What was under way when the relay ended did not come to be.
    all.execute("UPDATE waste SET ready = 1 WHERE ready = 0", [])?;
    all.commit()?;
    Ok(Some(name))
}

fn setting(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let ask = "SELECT value FROM setting WHERE name = ?1";
    connection.query_row(ask, [name], |row| row.get(0)).optional()
}

/// Gives the store a name it never had.
fn new_name(connection: &Connection) -> rusqlite::Result<String> {
    let mut bytes = [0; 8];
    // Names of files in a bucket rest on it: a store without chance is none.
    getrandom::fill(&mut bytes).map_err(|error| {
        rusqlite::Error::ToSqlConversionFailure(format!("no randomness: {error}").into())
    })?;
    let name = format!("{:016x}", u64::from_be_bytes(bytes));
    connection.execute("INSERT OR REPLACE INTO setting VALUES ('store', ?1)", [&name])?;
    Ok(name)
}

/// SQLite's numbers are signed; ours never come near the difference.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// And back.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
