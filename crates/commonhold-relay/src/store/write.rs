//! The thread that writes. What waits for it is committed together, so that many devices wait for
//! one write to the disk and not for one each.

mod change;

pub(super) use change::{add_row, drop_row, open_topic};

use super::read::Change;
use super::{bodies, signed, tidy, unsigned};
use crate::answer::Refusal;
use crate::clock::{Clock, DAY};
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::names::Topic;
use crate::options::Limits;
use rusqlite::{Connection, params};
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

/// A file that came.
#[derive(Debug)]
pub enum Came {
    /// Its bytes.
    Here(Vec<u8>),
    /// It lies in the bucket: the number of its upload, and its length.
    Away(i64, u64),
}

/// What is to be done for a file that goes to the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Lay it down there: the number of that, and its name there.
    Lay(i64, String),
    /// Nothing: this very request was done before.
    Again,
}

/// What the thread is asked to do.
pub enum Command {
    /// Lay down a file. `mark` is the request's.
    Put { topic: Topic, name: String, body: Came, mark: [u8; 16], reply: Reply<Put> },
    /// Somebody is about to lay down a file of this length in the bucket.
    Intend { topic: Topic, name: String, length: u64, mark: [u8; 16], reply: Reply<Intent> },
    /// What was to be laid down there under this number is not needed.
    Spoil(i64),
    /// These are no longer there.
    Swept(Vec<i64>, Reply<()>),
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
    Intent(Reply<Intent>, Result<Intent, Refusal>),
    Unit(Reply<()>, Result<(), Refusal>),
    Bool(Reply<bool>, Result<bool, Refusal>),
}

impl Done {
    fn say(self) {
        // Who asked may have gone; what was done is done.
        match self {
            Self::Put(reply, answer) => drop(reply.send(answer)),
            Self::Intent(reply, answer) => drop(reply.send(answer)),
            Self::Unit(reply, answer) => drop(reply.send(answer)),
            Self::Bool(reply, answer) => drop(reply.send(answer)),
        }
    }

    /// The same after a commit that failed.
    fn failed(self, why: &Refusal) -> Self {
        match self {
            Self::Put(reply, _) => Self::Put(reply, Err(why.clone())),
            Self::Intent(reply, _) => Self::Intent(reply, Err(why.clone())),
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
    /// The store's own name, in the names of files in a bucket.
    store: String,
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
        store: String,
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
        Ok(Self { connection, store, limits, clock, hub, metrics, totals, marks, marks_since })
    }

    /// Works until nobody can ask any more.
    pub fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        while let Some(first) = commands.blocking_recv() {
            let mut waiting = vec![first];
            let mut bytes = 0_usize;
            while waiting.len() < BATCH && bytes < BATCH_BYTES {
                let Ok(next) = commands.try_recv() else { break };
                if let Command::Put { body: Came::Here(body), .. } = &next {
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
            Command::Intend { topic, name, length, mark, reply } => {
                let answer = self.intend(&topic, &name, length, mark, batch);
                done.push(Done::Intent(reply, answer.map_err(&mut note).and_then(|a| a)));
            }
            Command::Spoil(id) => {
                let _ = bodies::spoil(&self.connection, id).map_err(&mut note);
            }
            Command::Swept(ids, reply) => {
                let answer = bodies::swept(&self.connection, &ids);
                done.push(Done::Unit(reply, answer.map_err(&mut note)));
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
}

fn refuse(command: Command) -> Option<Done> {
    let why = || Refusal::DISK;
    match command {
        Command::Intend { reply, .. } => Some(Done::Intent(reply, Err(why()))),
        Command::Put { reply, .. } => Some(Done::Put(reply, Err(why()))),
        Command::Delete { reply, .. } | Command::Ping(reply) | Command::Swept(_, reply) => {
            Some(Done::Unit(reply, Err(why())))
        }
        Command::Tidy(reply) => Some(Done::Bool(reply, Err(why()))),
        Command::Touch(_) | Command::Spoil(_) => None,
    }
}
