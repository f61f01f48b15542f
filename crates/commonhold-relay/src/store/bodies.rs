//! Where the bytes of files lie: in the same SQLite file, so that a file and its place in the
//! listing are committed together. Whoever wants them elsewhere begins here.

use rusqlite::{Connection, OptionalExtension, params};

/// Lays down the bytes of change `n`.
pub fn put(connection: &Connection, n: i64, bytes: &[u8]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("INSERT INTO body (n, data) VALUES (?1, ?2)")?;
    statement.execute(params![n, bytes]).map(drop)
}

/// Reads them.
pub fn get(connection: &Connection, n: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached("SELECT data FROM body WHERE n = ?1")?;
    statement.query_row([n], |row| row.get(0)).optional()
}

/// Takes them away.
pub fn remove(connection: &Connection, n: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM body WHERE n = ?1")?.execute([n]).map(drop)
}
