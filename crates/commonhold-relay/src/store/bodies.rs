//! Where the bytes of files lie: in the same SQLite file, so that a file and its place in the
//! listing are committed together, or in a bucket. Of those in a bucket this file knows the names,
//! also of what is being laid down there at this moment and of what is to be taken away, so that
//! nothing lies there unknown, whenever the relay is killed.

use crate::names::{Topic, is_name, unhex};
use rusqlite::{Connection, OptionalExtension, params};

/// The folder in a bucket under which all files lie: `{folder}{topic}/{name}.{id}-{store}`.
pub const FOLDER: &str = "commonhold-relay/";

/// The bytes of a file, or where they are.
pub enum Body {
    /// Here they are.
    Here(Vec<u8>),
    /// In the bucket, under this name.
    Away(String),
}

/// Lays down the bytes of change `n`.
pub fn put(connection: &Connection, n: i64, bytes: &[u8]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("INSERT INTO body (n, data) VALUES (?1, ?2)")?;
    statement.execute(params![n, bytes]).map(drop)
}

/// Notes where in the bucket the bytes of change `n` lie.
pub fn place(connection: &Connection, n: i64, key: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("INSERT INTO away (n, key) VALUES (?1, ?2)")?;
    statement.execute(params![n, key]).map(drop)
}

/// Reads them, or where they lie.
pub fn get(connection: &Connection, n: i64) -> rusqlite::Result<Option<Body>> {
    let mut statement = connection.prepare_cached("SELECT data FROM body WHERE n = ?1")?;
    let here = statement.query_row([n], |row| row.get(0)).optional()?;
    if here.is_some() {
        return Ok(here.map(Body::Here));
    }
    let mut statement = connection.prepare_cached("SELECT key FROM away WHERE n = ?1")?;
    Ok(statement.query_row([n], |row| row.get(0)).optional()?.map(Body::Away))
}

/// Takes them away: at once those that lie here, later those in the bucket.
pub fn remove(connection: &Connection, n: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM body WHERE n = ?1")?.execute([n])?;
    let ask = "INSERT INTO waste (key, ready) SELECT key, 1 FROM away WHERE n = ?1";
    if connection.prepare_cached(ask)?.execute([n])? > 0 {
        connection.prepare_cached("DELETE FROM away WHERE n = ?1")?.execute([n])?;
    }
    Ok(())
}

/// Notes that a file is about to be laid down in the bucket: the number of that, and the name it
/// gets there, which no other ever has.
pub fn intend(
    connection: &Connection,
    topic: &Topic,
    name: &str,
    store: &str,
) -> rusqlite::Result<(i64, String)> {
    connection.prepare_cached("INSERT INTO waste (key, ready) VALUES ('', 0)")?.execute([])?;
    let id = connection.last_insert_rowid();
    let key = key(topic, name, id, store);
    let ask = "UPDATE waste SET key = ?2 WHERE id = ?1";
    connection.prepare_cached(ask)?.execute(params![id, key])?;
    Ok((id, key))
}

/// Takes the name of what was laid down from those that may be waste; nothing if it is not among
/// them.
pub fn arrived(connection: &Connection, id: i64) -> rusqlite::Result<Option<String>> {
    let ask = "DELETE FROM waste WHERE id = ?1 AND ready = 0 RETURNING key";
    connection.prepare_cached(ask)?.query_row([id], |row| row.get(0)).optional()
}

/// Notes that what was to be laid down is not needed.
pub fn spoil(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    let ask = "UPDATE waste SET ready = 1 WHERE id = ?1";
    connection.prepare_cached(ask)?.execute([id]).map(drop)
}

/// Some of what is to be taken away, the oldest first.
pub fn waste(connection: &Connection, most: usize) -> rusqlite::Result<Vec<(i64, String)>> {
    let ask = "SELECT id, key FROM waste INDEXED BY waste_ready WHERE ready = 1
        ORDER BY id LIMIT ?1";
    let mut statement = connection.prepare_cached(ask)?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = statement.query_map([most], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// Forgets what was taken away.
pub fn swept(connection: &Connection, ids: &[i64]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM waste WHERE id = ?1")?;
    ids.iter().try_for_each(|id| statement.execute([id]).map(drop))
}

/// A file's name in the bucket.
fn key(topic: &Topic, name: &str, id: i64, store: &str) -> String {
    let topic: String = topic.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{FOLDER}{topic}/{name}.{id:016x}-{store}")
}

/// A name below a topic's folder in the bucket, read back: the file's name and the number of its
/// upload; nothing if no relay laid it down.
pub fn parts(key: &str) -> Option<(&str, i64)> {
    let (name, end) = key.rsplit_once('.')?;
    let (id, store) = end.split_once('-')?;
    let (mut number, mut rest) = ([0; 8], [0; 8]);
    let sound = is_name(name) && unhex(id, &mut number) && unhex(store, &mut rest);
    let id = i64::from_be_bytes(number);
    (sound && id > 0).then_some((name, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_bucket_are_read_back() {
        let name = key(&[7; 32], "a1/x.cho", 300, "0123456789abcdef");
        let rest = name.strip_prefix(&format!("{FOLDER}{}/", "07".repeat(32))).unwrap();
        assert_eq!(parts(rest), Some(("a1/x.cho", 300)));
        assert!(commonhold_bucket::is_name(&name));
        let longest = format!("{}/{}", "a".repeat(128), "b".repeat(71));
        assert!(commonhold_bucket::is_name(&key(&[7; 32], &longest, i64::MAX, "0123456789abcdef")));
        for wrong in [
            "a",
            "a.1-2",
            ".0000000000000001-0123456789abcdef",
            "a.0000000000000000-0123456789abcdef",
            "a.ffffffffffffffff-0123456789abcdef",
            "a/0000000000000001-0123456789abcdef",
            "a.0000000000000001-0123456789ABCDEF",
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
