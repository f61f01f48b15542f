//! The thread that writes. What waits for it is committed together, so that many devices wait for
//! one write to the disk and not for one each.

use super::read::{Change, TopicRow, topic};
use super::{bodies, signed, tidy, unsigned};
use crate::answer::Refusal;
use crate::clock::{Clock, DAY};
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::names::Topic;
use crate::options::Limits;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Most changes in one commit, and most bytes after which no more are added.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 8 << 20;
/// Requests remembered, so that nobody repeats one; in each of two halves.
const MARKS: usize = 1 << 17;
/// How long a half is kept: longer than a signature holds.
const MARKS_FOR: u64 = 25 * 60 * 1000;

/// Bytes that each name is counted for beside its file's own, also for one that was taken away:
/// else names without files would fill the disk.
pub const ROW: u64 = 300;

type Reply<T> = oneshot::Sender<Result<T, Refusal>>;

/// What was laid down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// A file of a new name.
    New,
    /// A file in place of another.
    Replaced,
    /// Nothing: this very request was done before.
    Again,
}

/// What the thread is asked to do.
pub enum Command {
    /// Lay down a file. `mark` is the request's.
    Put { topic: Topic, name: String, body: Vec<u8>, mark: [u8; 16], reply: Reply<Put> },
    /// Take a file away.
    Delete { topic: Topic, name: String, mark: [u8; 16], reply: Reply<()> },
    /// Somebody uses this topic.
    Touch(Topic),
    /// Forget what is old, a part at a time; says whether there is more.
    Tidy(Reply<bool>),
    /// Say that the thread lives.
    Ping(Reply<()>),
}

enum Done {
    Put(Reply<Put>, Result<Put, Refusal>),
    Unit(Reply<()>, Result<(), Refusal>),
    Bool(Reply<bool>, Result<bool, Refusal>),
}

impl Done {
    fn say(self) {
        // Who asked may have gone; what was done is done.
        match self {
            Self::Put(reply, answer) => drop(reply.send(answer)),
            Self::Unit(reply, answer) => drop(reply.send(answer)),
            Self::Bool(reply, answer) => drop(reply.send(answer)),
        }
    }

    /// The same after a commit that failed.
    fn failed(self, why: &Refusal) -> Self {
        match self {
            Self::Put(reply, _) => Self::Put(reply, Err(why.clone())),
            Self::Unit(reply, _) => Self::Unit(reply, Err(why.clone())),
            Self::Bool(reply, _) => Self::Bool(reply, Err(why.clone())),
        }
    }
}

/// Everything stored, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Topics.
    pub topics: u64,
    /// Files.
    pub files: u64,
    /// Their bytes, and [`ROW`] for each name.
    pub bytes: u64,
}

/// The writer.
pub struct Writer {
    connection: Connection,
    limits: Limits,
    clock: Clock,
    hub: Arc<Hub>,
    metrics: Arc<Metrics>,
    totals: Totals,
    marks: [HashSet<[u8; 16]>; 2],
    marks_since: u64,
}

/// What a batch has brought about so far; nobody knows of it before the commit.
#[derive(Default)]
pub struct Batch {
    changes: Vec<(Topic, Change)>,
    marks: Vec<[u8; 16]>,
    pub(super) totals: Totals,
}

impl Writer {
    /// A writer for a store.
    pub fn new(
        connection: Connection,
        limits: Limits,
        clock: Clock,
        hub: Arc<Hub>,
        metrics: Arc<Metrics>,
    ) -> rusqlite::Result<Self> {
        let ask = "SELECT count(*), coalesce(sum(files), 0), coalesce(sum(bytes), 0) FROM topic";
        let totals = connection.query_row(ask, [], |row| {
            Ok(Totals {
                topics: row.get(0).map(unsigned)?,
                files: row.get(1).map(unsigned)?,
                bytes: row.get(2).map(unsigned)?,
            })
        })?;
        metrics.stored(totals.topics, totals.files, totals.bytes);
        let (marks, marks_since) = (Default::default(), clock());
        Ok(Self { connection, limits, clock, hub, metrics, totals, marks, marks_since })
    }

    /// Works until nobody can ask any more.
    pub fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        while let Some(first) = commands.blocking_recv() {
            let mut waiting = vec![first];
            let mut bytes = 0_usize;
            while waiting.len() < BATCH && bytes < BATCH_BYTES {
                let Ok(next) = commands.try_recv() else { break };
                if let Command::Put { body, .. } = &next {
                    bytes = bytes.saturating_add(body.len());
                }
                waiting.push(next);
            }
            self.commit(waiting);
        }
        let end = "PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);";
        let _ = self.connection.execute_batch(end);
    }

    /// Does all of these and answers them, or none.
    fn commit(&mut self, commands: Vec<Command>) {
        let now = (self.clock)();
        self.turn_marks(now);
        let mut batch = Batch { totals: self.totals, ..Batch::default() };
        let mut done = Vec::with_capacity(commands.len());
        let mut fault = self.connection.execute_batch("BEGIN IMMEDIATE").err();
        for command in commands {
            let trouble = self.apply(command, now, &mut batch, &mut done, fault.is_some());
            fault = fault.or(trouble);
        }
        if fault.is_none() {
            fault = self.connection.execute_batch("COMMIT").err();
        }
        let Some(error) = fault else {
            self.totals = batch.totals;
            self.metrics.stored(self.totals.topics, self.totals.files, self.totals.bytes);
            let [young, _] = &mut self.marks;
            young.extend(batch.marks);
            done.into_iter().for_each(Done::say);
            self.hub.tell(&batch.changes);
            return;
        };
        // Whatever else happens, none of it is half done.
        let _ = self.connection.execute_batch("ROLLBACK");
        crate::serve::log(&format!("the store did not take a change: {error}"));
        for answer in done {
            answer.failed(&Refusal::DISK).say();
        }
    }

    /// Does one thing inside the transaction; after an error of the store nothing more is tried.
    fn apply(
        &self,
        command: Command,
        now: u64,
        batch: &mut Batch,
        done: &mut Vec<Done>,
        broken: bool,
    ) -> Option<rusqlite::Error> {
        let mut fault = None;
        let mut note = |error: rusqlite::Error| {
            fault = Some(error);
            Refusal::DISK
        };
        match command {
            _ if broken => {
                done.extend(refuse(command));
                return None;
            }
            Command::Put { topic, name, body, mark, reply } => {
                let answer = self.put(&topic, &name, &body, mark, now, batch);
                done.push(Done::Put(reply, answer.map_err(&mut note).and_then(|answer| answer)));
            }
            Command::Delete { topic, name, mark, reply } => {
                let answer = self.delete(&topic, &name, mark, now, batch);
                done.push(Done::Unit(reply, answer.map_err(&mut note)));
            }
            Command::Touch(topic) => {
                let ask = "UPDATE topic SET used = ?2 WHERE key = ?1 AND used < ?3";
                let day = signed(now.saturating_sub(DAY));
                let values = params![topic.as_slice(), signed(now), day];
                let answer =
                    self.connection.prepare_cached(ask).and_then(|mut s| s.execute(values));
                let _ = answer.map_err(&mut note);
            }
            Command::Tidy(reply) => {
                let answer = tidy::part(&self.connection, &self.limits, now, batch);
                done.push(Done::Bool(reply, answer.map_err(&mut note)));
            }
            Command::Ping(reply) => done.push(Done::Unit(reply, Ok(()))),
        }
        fault
    }

    fn known(&self, mark: [u8; 16], batch: &Batch) -> bool {
        self.marks.iter().any(|half| half.contains(&mark)) || batch.marks.contains(&mark)
    }

    fn turn_marks(&mut self, now: u64) {
        let [young, old] = &mut self.marks;
        if young.len() >= MARKS || now.abs_diff(self.marks_since) > MARKS_FOR {
            *old = std::mem::take(young);
            self.marks_since = now;
        }
    }

    fn put(
        &self,
        key: &Topic,
        name: &str,
        body: &[u8],
        mark: [u8; 16],
        now: u64,
        batch: &mut Batch,
    ) -> rusqlite::Result<Result<Put, Refusal>> {
        if self.known(mark, batch) {
            return Ok(Ok(Put::Again));
        }
        let (limits, connection) = (&self.limits, &self.connection);
        let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
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
        let id = match row {
            Some(TopicRow { id, .. }) => id,
            None => open_topic(connection, key, now, batch)?,
        };
        if let Some((n, _)) = before {
            drop_row(connection, n)?;
        }
        let n = add_row(connection, id, name, Some(length), now)?;
        bodies::put(connection, n, body)?;
        count(connection, id, files, more(bytes), now)?;
        batch.totals.bytes = more(batch.totals.bytes);
        batch.totals.files = batch.totals.files.saturating_add(u64::from(old.is_none()));
        batch.marks.push(mark);
        let change = Change { n: unsigned(n), bytes: Some(length), name: name.to_owned() };
        batch.changes.push((*key, change));
        Ok(Ok(if old.is_some() { Put::Replaced } else { Put::New }))
    }

    fn delete(
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

fn refuse(command: Command) -> Option<Done> {
    let why = || Refusal::DISK;
    match command {
        Command::Put { reply, .. } => Some(Done::Put(reply, Err(why()))),
        Command::Delete { reply, .. } | Command::Ping(reply) => Some(Done::Unit(reply, Err(why()))),
        Command::Tidy(reply) => Some(Done::Bool(reply, Err(why()))),
        Command::Touch(_) => None,
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
fn open_topic(
    connection: &Connection,
    key: &Topic,
    now: u64,
    batch: &mut Batch,
) -> rusqlite::Result<i64> {
    let n = add_row(connection, 0, "", None, now)?;
    drop_row(connection, n)?;
    let ask = "INSERT INTO topic (key, used, forgotten, files, bytes) VALUES (?1, ?2, ?3, 0, 0)";
    let mut statement = connection.prepare_cached(ask)?;
    statement.execute(params![key.as_slice(), signed(now), n])?;
    batch.totals.topics = batch.totals.topics.saturating_add(1);
    Ok(connection.last_insert_rowid())
}

pub(super) fn add_row(
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

pub(super) fn drop_row(connection: &Connection, n: i64) -> rusqlite::Result<()> {
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
