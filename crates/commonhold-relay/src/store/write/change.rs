//! One change inside the transaction: a file laid down or taken away, and what it is counted for.

use super::super::read::{Change, topic};
use super::super::{bodies, signed, unsigned};
use super::{Batch, Came, Intent, Put, ROW, Writer};
use crate::answer::Refusal;
use crate::names::Topic;
use rusqlite::{Connection, OptionalExtension, params};

/// The place a file finds, and what is counted with it.
struct Fit {
    /// Its topic's number, if that exists.
    id: Option<i64>,
    /// The number of its name's row, if there is one.
    before: Option<i64>,
    /// Whether a file lies there already.
    replaces: bool,
    /// Files of the topic with it.
    files: u64,
    /// Bytes of the topic with it.
    bytes: u64,
    /// Bytes of all topics with it.
    all: u64,
}

impl Writer {
    /// Whether a file of this length still finds place.
    fn fit(
        &self,
        key: &Topic,
        name: &str,
        length: u64,
        batch: &Batch,
    ) -> rusqlite::Result<Result<Fit, Refusal>> {
        let (limits, connection) = (&self.limits, &self.connection);
        let row = topic(connection, key)?;
        if row.is_none() && batch.totals.topics >= limits.max_topics {
            return Ok(Err(Refusal::STORE_FULL));
        }
        let before = match &row {
            Some(row) => find(connection, row.id, name)?,
            None => None,
        };
        let old = before.and_then(|(_, bytes)| bytes);
        let (files, bytes) = row.as_ref().map_or((0, 0), |row| (row.files, row.bytes));
        let row_too = if before.is_none() { ROW } else { 0 };
        let more = |all: u64| {
            all.saturating_sub(old.unwrap_or(0)).saturating_add(length).saturating_add(row_too)
        };
        let files = files.saturating_add(u64::from(old.is_none()));
        if files > limits.max_topic_files || more(bytes) > limits.max_topic {
            return Ok(Err(Refusal::TOPIC_FULL));
        }
        if more(batch.totals.bytes) > limits.max_store {
            return Ok(Err(Refusal::STORE_FULL));
        }
        let (bytes, all) = (more(bytes), more(batch.totals.bytes));
        let (id, before) = (row.map(|row| row.id), before.map(|(n, _)| n));
        Ok(Ok(Fit { id, before, replaces: old.is_some(), files, bytes, all }))
    }

    /// Notes that a file is about to be laid down in the bucket, if it will find place.
    pub(super) fn intend(
        &self,
        key: &Topic,
        name: &str,
        length: u64,
        mark: [u8; 16],
        batch: &Batch,
    ) -> rusqlite::Result<Result<Intent, Refusal>> {
        if self.known(mark, batch) {
            return Ok(Ok(Intent::Again));
        }
        if let Err(refusal) = self.fit(key, name, length, batch)? {
            return Ok(Err(refusal));
        }
        let (id, key) = bodies::intend(&self.connection, key, name, &self.store)?;
        Ok(Ok(Intent::Lay(id, key)))
    }

    pub(super) fn put(
        &self,
        key: &Topic,
        name: &str,
        body: &Came,
        mark: [u8; 16],
        now: u64,
        batch: &mut Batch,
    ) -> rusqlite::Result<Result<Put, Refusal>> {
        if self.known(mark, batch) {
            return Ok(Ok(Put::Again));
        }
        let connection = &self.connection;
        let length = match body {
            Came::Here(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Came::Away(_, length) => *length,
        };
        let fit = match self.fit(key, name, length, batch)? {
            Ok(fit) => fit,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let laid = match body {
            Came::Here(_) => None,
            Came::Away(id, _) => match bodies::arrived(connection, *id)? {
                Some(key) => Some(key),
                None => return Ok(Err(Refusal::FAULT)),
            },
        };
        let id = match fit.id {
            Some(id) => id,
            None => {
                batch.totals.topics = batch.totals.topics.saturating_add(1);
                open_topic(connection, key, now)?
            }
        };
        if let Some(n) = fit.before {
            drop_row(connection, n)?;
        }
        let n = add_row(connection, id, name, Some(length), now)?;
        match (body, laid) {
            (Came::Here(bytes), _) => bodies::put(connection, n, bytes)?,
            (Came::Away(..), laid) => {
                bodies::place(connection, n, laid.as_deref().unwrap_or_default())?;
            }
        }
        count(connection, id, fit.files, fit.bytes, now)?;
        batch.totals.bytes = fit.all;
        batch.totals.files = batch.totals.files.saturating_add(u64::from(!fit.replaces));
        batch.marks.push(mark);
        let change = Change { n: unsigned(n), bytes: Some(length), name: name.to_owned() };
        batch.changes.push((*key, change));
        Ok(Ok(if fit.replaces { Put::Replaced } else { Put::New }))
    }

    pub(super) fn delete(
        &self,
        key: &Topic,
        name: &str,
        mark: [u8; 16],
        now: u64,
        batch: &mut Batch,
    ) -> rusqlite::Result<()> {
        if self.known(mark, batch) {
            return Ok(());
        }
        let connection = &self.connection;
        let Some(row) = topic(connection, key)? else { return Ok(()) };
        let Some((n, Some(bytes))) = find(connection, row.id, name)? else { return Ok(()) };
        drop_row(connection, n)?;
        let n = add_row(connection, row.id, name, None, now)?;
        let (files, left) = (row.files.saturating_sub(1), row.bytes.saturating_sub(bytes));
        count(connection, row.id, files, left, now)?;
        batch.totals.files = batch.totals.files.saturating_sub(1);
        batch.totals.bytes = batch.totals.bytes.saturating_sub(bytes);
        batch.marks.push(mark);
        batch.changes.push((*key, Change { n: unsigned(n), bytes: None, name: name.to_owned() }));
        Ok(())
    }
}

/// A name's row: its number, and its length unless it was taken away.
fn find(
    connection: &Connection,
    topic: i64,
    name: &str,
) -> rusqlite::Result<Option<(i64, Option<u64>)>> {
    let ask = "SELECT n, bytes FROM object WHERE topic = ?1 AND name = ?2";
    let mut statement = connection.prepare_cached(ask)?;
    statement
        .query_row(params![topic, name], |row| {
            Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(unsigned)))
        })
        .optional()
}

/// Opens a topic. It takes a number of its own, so that a cursor of an earlier life of the topic
/// is known to be old.
pub(crate) fn open_topic(connection: &Connection, key: &Topic, now: u64) -> rusqlite::Result<i64> {
    let n = add_row(connection, 0, "", None, now)?;
    drop_row(connection, n)?;
    let ask = "INSERT INTO topic (key, used, forgotten, files, bytes) VALUES (?1, ?2, ?3, 0, 0)";
    let mut statement = connection.prepare_cached(ask)?;
    statement.execute(params![key.as_slice(), signed(now), n])?;
    Ok(connection.last_insert_rowid())
}

pub(crate) fn add_row(
    connection: &Connection,
    topic: i64,
    name: &str,
    bytes: Option<u64>,
    now: u64,
) -> rusqlite::Result<i64> {
    let ask = "INSERT INTO object (topic, name, bytes, at) VALUES (?1, ?2, ?3, ?4)";
    let mut statement = connection.prepare_cached(ask)?;
    statement.execute(params![topic, name, bytes.map(signed), signed(now)])?;
    Ok(connection.last_insert_rowid())
}

pub(crate) fn drop_row(connection: &Connection, n: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM object WHERE n = ?1")?.execute([n])?;
    bodies::remove(connection, n)
}

fn count(
    connection: &Connection,
    topic: i64,
    files: u64,
    bytes: u64,
    now: u64,
) -> rusqlite::Result<()> {
    let ask = "UPDATE topic SET files = ?2, bytes = ?3, used = ?4 WHERE id = ?1";
    let values = params![topic, signed(files), signed(bytes), signed(now)];
    connection.prepare_cached(ask)?.execute(values).map(drop)
}
