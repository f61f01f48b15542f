//! Reading, beside the thread that writes: a few connections, used by turns.

use super::bodies::{self, Body};
use super::{connect, signed, unsigned};
use crate::answer::Refusal;
use crate::names::{Question, Topic};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Connections that read at the same time.
const PLACES: usize = 4;
/// Changes in one answer.
pub const PAGE: usize = 5000;
/// Files up to this size are read without asking for memory first.
const SMALL: i64 = 64 << 10;

/// The connections that read.
pub struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    places: Semaphore,
    /// Whether the bytes of files lie in the store itself.
    here: bool,
}

/// What is known of a topic.
#[derive(Clone, Debug)]
pub struct TopicRow {
    /// Its number here.
    pub id: i64,
    /// When it was last used, to the day.
    pub used: u64,
    /// Changes up to this may be forgotten.
    pub forgotten: u64,
    /// Files in it.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// A change of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number; later ones have higher.
    pub n: u64,
    /// The file's length; nothing if it was taken away.
    pub bytes: Option<u64>,
    /// The file's name.
    pub name: String,
}

impl Change {
    /// The line that says it, without an end.
    pub fn line(&self) -> String {
        match self.bytes {
            Some(bytes) => format!("{} {bytes} {}", self.n, self.name),
            None => format!("{} - {}", self.n, self.name),
        }
    }
}

/// Changes since some number.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// In rising order.
    pub lines: Vec<Change>,
    /// Whether there is more.
    pub more: bool,
    /// Where to ask on.
    pub cursor: u64,
}

/// A file that was asked for.
pub enum Found {
    /// It is not there.
    No,
    /// Here it is.
    Small(Vec<u8>),
    /// It is so long that memory must be asked for first.
    Large(u64),
    /// It lies in the bucket, under this name, and has this length.
    Away(String, u64),
}

impl Readers {
    /// Reads this store, whose files lie in it or in a bucket.
    pub fn new(path: PathBuf, here: bool) -> Self {
        Self { path, idle: Arc::default(), places: Semaphore::new(PLACES), here }
    }

    async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _place = self.places.acquire().await.map_err(|_| Refusal::BUSY)?;
        let (idle, path) = (Arc::clone(&self.idle), self.path.clone());
        let work = tokio::task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => connect(&path, false)?,
            };
            // One moment of the store for all that is asked.
            let all = connection.transaction()?;
            let answer = ask(&all)?;
            drop(all);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            Ok::<T, rusqlite::Error>(answer)
        });
        match work.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) | Err(_) => Err(Refusal::FAULT),
        }
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<(), Refusal> {
        self.read(|connection| {
            let ask = "SELECT count(*) FROM setting WHERE name = 'store'";
            connection.query_row(ask, [], |row| row.get::<_, i64>(0)).map(drop)
        })
        .await
    }

    /// What is known of a topic.
    pub async fn topic(&self, topic: Topic) -> Result<Option<TopicRow>, Refusal> {
        self.read(move |connection| self::topic(connection, &topic)).await
    }

    /// A file; a long one only if `large`.
    pub async fn file(&self, topic: i64, name: String, large: bool) -> Result<Found, Refusal> {
        let here = self.here;
        self.read(move |connection| {
            let ask = "SELECT n, bytes FROM object WHERE topic = ?1 AND name = ?2";
            let mut statement = connection.prepare_cached(ask)?;
            let row = statement
                .query_row(params![topic, name], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?))
                })
                .optional()?;
            match row {
                None | Some((_, None)) => Ok(Found::No),
                Some((_, Some(bytes))) if bytes > SMALL && !large && here => {
                    Ok(Found::Large(unsigned(bytes)))
                }
                Some((n, Some(bytes))) => Ok(match bodies::get(connection, n)? {
                    None => Found::No,
                    Some(Body::Here(bytes)) => Found::Small(bytes),
                    Some(Body::Away(key)) => Found::Away(key, unsigned(bytes)),
                }),
            }
        })
        .await
    }

    /// Some of what is to be taken away in the bucket, by number and name, the oldest first.
    pub async fn waste(&self, most: usize) -> Result<Vec<(i64, String)>, Refusal> {
        self.read(move |connection| bodies::waste(connection, most)).await
    }

    /// What has changed; `Refusal::TOO_OLD` if that is not remembered so far back.
    pub async fn changes(&self, topic: Topic, question: Question) -> Result<Changes, Refusal> {
        let found = self.read(move |connection| changes(connection, &topic, &question)).await?;
        found.ok_or(Refusal::TOO_OLD)
    }
}

/// What is known of a topic.
pub fn topic(connection: &Connection, topic: &Topic) -> rusqlite::Result<Option<TopicRow>> {
    let ask = "SELECT id, used, forgotten, files, bytes FROM topic WHERE key = ?1";
    let mut statement = connection.prepare_cached(ask)?;
    statement
        .query_row([topic.as_slice()], |row| {
            Ok(TopicRow {
                id: row.get(0)?,
                used: row.get(1).map(unsigned)?,
                forgotten: row.get(2).map(unsigned)?,
                files: row.get(3).map(unsigned)?,
                bytes: row.get(4).map(unsigned)?,
            })
        })
        .optional()
}

fn changes(
    connection: &Connection,
    key: &Topic,
    question: &Question,
) -> rusqlite::Result<Option<Changes>> {
    let after = question.after;
    let Some(row) = topic(connection, key)? else {
        // One who has a cursor has seen files here that are gone with their topic.
        return Ok((after == 0).then(Changes::default));
    };
    let last = "SELECT seq FROM sqlite_sequence WHERE name = 'object'";
    let last: Option<i64> = connection.query_row(last, [], |row| row.get(0)).optional()?;
    if after > 0 && (after < row.forgotten || after > unsigned(last.unwrap_or(0))) {
        return Ok(None);
    }
    let ask = "SELECT n, bytes, name FROM object INDEXED BY object_change
        WHERE topic = ?1 AND n > ?2 AND name >= ?3 AND name < ?4 AND (?2 > 0 OR bytes IS NOT NULL)
        ORDER BY n LIMIT ?5";
    let mut statement = connection.prepare_cached(ask)?;
    // Every character of a name comes before the tilde.
    let end = format!("{}~", question.prefix);
    let most = i64::try_from(PAGE.saturating_add(1)).unwrap_or(i64::MAX);
    let values = params![row.id, signed(after), question.prefix, end, most];
    let found = statement.query_map(values, |row| {
        Ok(Change {
            n: row.get(0).map(unsigned)?,
            bytes: row.get::<_, Option<i64>>(1)?.map(unsigned),
            name: row.get(2)?,
        })
    })?;
    let mut lines = found.collect::<rusqlite::Result<Vec<Change>>>()?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let cursor = match lines.last() {
        Some(line) if more => line.n,
        _ => {
            let ask = "SELECT max(n) FROM object INDEXED BY object_change WHERE topic = ?1";
            let newest: Option<i64> = connection.query_row(ask, [row.id], |row| row.get(0))?;
            unsigned(newest.unwrap_or(0)).max(row.forgotten).max(after)
        }
    };
    Ok(Some(Changes { lines, more, cursor }))
}
