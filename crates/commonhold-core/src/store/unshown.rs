//! What this device wrote and nobody was shown yet. Before it is shown, objects that follow each other
//! are joined: one signature and one header for what was entered in a row, instead of one for each
//! entry. What others may have seen is never written anew: up to where that is, stands in the
//! database before anything is shown (decision 0049).

use super::{Error, Reader, Store};
use crate::document::{Document, change_hash};
use crate::id::{BookId, Hash};
use crate::object::{self, Object};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, params};
use std::collections::HashMap;
use std::time::Duration;

/// From how many objects on they are joined. Fewer cost little as they are; and should a copy of the
/// profile show them, too, at another place, the two contradict each other only where one joined more.
pub(super) const WORTH: usize = 32;
/// Most changes joined into one object.
const MOST_PARTS: usize = 1000;
/// Most bytes of changes joined into one object.
const MOST_BYTES: usize = 1 << 20;
/// Largest object that is joined with others, in bytes: an import is large enough by itself.
const LARGEST: usize = 64 << 10;
/// How long it is waited for whoever is writing, to note what is shown.
const PATIENCE: Duration = Duration::from_secs(30);

/// An object of the end of a log, by its number in the database.
struct Piece {
    n: i64,
    stance: i64,
    object: Object,
}

/// Objects that become one.
struct Group {
    /// The last of them, with the changes of all.
    last: Piece,
    /// Those before it, by their numbers.
    ended: Vec<i64>,
    /// The changes they brought, each with which of them.
    moved: Vec<(i64, Hash)>,
    /// How many changes they brought.
    before: usize,
    bytes: usize,
}

fn bytes_of(parts: &[Vec<u8>]) -> usize {
    parts.iter().fold(0, |sum, part| sum.saturating_add(part.len()))
}

impl Group {
    fn new(last: Piece) -> Self {
        let bytes = bytes_of(&last.object.parts);
        Self { last, ended: Vec::new(), moved: Vec::new(), before: 0, bytes }
    }

    /// Whether an object of the same document may be joined to it: whatever a writer is judged by
    /// is the same, and it builds on nothing else. Objects are taken in whole or not at all: between
    /// two changes of one there may be none that needs the first and is needed by the second.
    fn takes(&self, piece: &Piece) -> bool {
        let (before, next) = (&self.last.object, &piece.object);
        let parts = before.parts.len().saturating_add(next.parts.len());
        let last = before.parts.last().map(|part| change_hash(part));
        let on = next.parts.first().and_then(|part| Document::builds_on(part));
        last.is_some_and(|last| on.is_some_and(|on| on == [last]))
            && self.last.stance == piece.stance
            && before.authority == next.authority
            && before.time.date() == next.time.date()
            && before.time <= next.time
            && parts <= MOST_PARTS
            && self.bytes.saturating_add(bytes_of(&next.parts)) <= MOST_BYTES
    }

    fn add(&mut self, mut piece: Piece) {
        self.bytes = self.bytes.saturating_add(bytes_of(&piece.object.parts));
        std::mem::swap(&mut self.last, &mut piece);
        let (n, mut parts) = (piece.n, piece.object.parts);
        let own = parts.get(self.before..).unwrap_or_default();
        self.moved.extend(own.iter().map(|part| (n, change_hash(part))));
        self.before = parts.len();
        self.ended.push(n);
        parts.append(&mut self.last.object.parts);
        self.last.object.parts = parts;
    }
}

/// What becomes one object, in the order of what comes first in each.
fn grouped(pieces: Vec<Piece>) -> Vec<Group> {
    let (mut groups, mut latest) = (Vec::<Group>::new(), HashMap::<String, usize>::new());
    for piece in pieces {
        let open = latest.get(&piece.object.document).and_then(|at| groups.get_mut(*at));
        match open.filter(|group| group.takes(&piece)) {
            Some(group) => group.add(piece),
            None => {
                latest.insert(piece.object.document.clone(), groups.len());
                groups.push(Group::new(piece));
            }
        }
    }
    groups
}

impl Reader {
    /// Whether this device wrote something in a book that nobody was shown yet.
    pub fn has_unshown(&self, book: &BookId) -> Result<bool, Error> {
        let number = self.book_number(book)?;
        Ok(self
            .db()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM log WHERE book = ?1 AND own
                   AND (SELECT max(seq) FROM object WHERE log = log.n) > shown)",
            )?
            .query_row([number], |row| row.get(0))?)
    }

    /// Notes that others may have seen all this device wrote in a book so far, for those who show it as
    /// it is and cannot sign: the program that writes may be another one. Answers false where this
    /// program may not write to the profile.
    pub fn note_shown(&self, book: &BookId) -> Result<bool, Error> {
        let number = self.book_number(book)?;
        let path = self.db().path().unwrap_or_default();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let noted = Connection::open_with_flags(path, flags).and_then(|db| {
            db.busy_timeout(PATIENCE)?;
            db.pragma_update(None, "synchronous", "FULL")?;
            mark_shown(&db, number)
        });
        match noted {
            Ok(()) => Ok(true),
            Err(error) => match error.sqlite_error_code() {
                Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => Ok(false),
                _ => Err(error.into()),
            },
        }
    }

    /// Notes that others have seen a log of this installation up to a number.
    pub(super) fn note_seen(&self, log: i64, upto: u64) -> Result<(), Error> {
        let upto = i64::try_from(upto).unwrap_or(i64::MAX);
        self.db()
            .prepare_cached("UPDATE log SET shown = ?2 WHERE n = ?1 AND own AND shown < ?2")?
            .execute([log, upto])?;
        Ok(())
    }

    /// The objects at the end of a log after a number that can be joined: none before one that cannot
    /// be, since all after what is joined is signed anew.
    fn joinable(&self, log: i64, shown: i64) -> Result<Vec<Piece>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT n, stance, bytes FROM object WHERE log = ?1 AND seq > ?2 AND seq >
               (SELECT coalesce(max(seq), 0) FROM object WHERE log = ?1 AND seq > ?2
                AND NOT (kind = 1 AND state = 0 AND own AND length(bytes) <= ?3))
             ORDER BY seq",
        )?;
        let largest = i64::try_from(LARGEST).unwrap_or(i64::MAX);
        let mut rows = statement.query([log, shown, largest])?;
        let mut pieces = Vec::new();
        while let Some(row) = rows.next()? {
            let (n, stance, bytes): (_, _, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let object = Object::reopen(&bytes)?;
            match object.sealed {
                None => pieces.push(Piece { n, stance, object }),
                Some(_) => pieces.clear(),
            }
        }
        Ok(pieces)
    }
}

impl Store {
    /// To be called before others are shown anything of a book: joins what they were not shown yet,
    /// and notes that they may have seen all of it from now on. Costs one question to the database
    /// where nothing is new.
    ///
    /// What is joined keeps its changes, and with them all documents and records stay the same.
    pub fn show(&mut self, book: &BookId) -> Result<(), Error> {
        if !self.reader.has_unshown(book)? {
            return Ok(());
        }
        let number = self.reader.book_number(book)?;
        let tx = self.reader.writing()?;
        let log: Option<(i64, i64)> = tx
            .prepare_cached(
                "SELECT n, shown FROM log WHERE book = ?1 AND id = ?2 AND own AND trunk IS NULL",
            )?
            .query_row(params![number, self.identity.log(book).0.as_slice()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        if let Some((log, shown)) = log {
            self.combine(self.reader.joinable(log, shown)?)?;
        }
        mark_shown(&tx, number)?;
        Ok(tx.commit()?)
    }

    /// Joins from another number of objects on; tests and the simulator join what they have.
    pub fn join_from(&mut self, objects: usize) {
        self.joins_from = objects;
    }

    /// Notes that others have seen a log of this installation up to a number, as was found where they
    /// lay things down: a copy of the profile, or this one before a backup was put back, showed it.
    pub fn was_shown(&mut self, log: i64, upto: u64) -> Result<(), Error> {
        self.reader.note_seen(log, upto)
    }

    fn combine(&self, pieces: Vec<Piece>) -> Result<(), Error> {
        let Some(first) = pieces.first() else { return Ok(()) };
        let (mut seq, mut previous) = (first.object.seq, first.object.previous);
        let before = pieces.len();
        if before < self.joins_from {
            return Ok(());
        }
        let groups = grouped(pieces);
        if groups.len() == before {
            return Ok(());
        }
        // First all that ends: its numbers in the log are taken by what stays.
        let mut end = self.reader.db().prepare_cached("DELETE FROM object WHERE n = ?1")?;
        for n in groups.iter().flat_map(|group| &group.ended) {
            end.execute([n])?;
        }
        for group in groups {
            previous = self.write_joined(group, (seq, previous))?;
            seq = seq.saturating_add(1);
        }
        Ok(())
    }

    /// Signs what was joined, for its new place in the log; answers its hash.
    fn write_joined(&self, group: Group, (seq, previous): (u64, Hash)) -> Result<Hash, Error> {
        let n = group.last.n;
        let object = Object { seq, previous, ..group.last.object };
        let bytes = object.seal(self.identity.keys.signing(), None)?;
        let hash = object::hash(&bytes);
        let db = self.reader.db();
        db.prepare_cached("UPDATE object SET seq = ?2, hash = ?3, bytes = ?4 WHERE n = ?1")?
            .execute(params![
                n,
                i64::try_from(seq).unwrap_or(i64::MAX),
                hash.0.as_slice(),
                bytes
            ])?;
        let mut moved =
            db.prepare_cached("UPDATE change SET object = ?3 WHERE hash = ?1 AND object = ?2")?;
        for (from, change) in &group.moved {
            moved.execute(params![change.0.as_slice(), from, n])?;
        }
        Ok(hash)
    }
}

fn mark_shown(db: &Connection, book: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE log SET shown = coalesce((SELECT max(seq) FROM object WHERE log = log.n), 0)
         WHERE book = ?1 AND own",
    )?
    .execute([book])?;
    Ok(())
}
