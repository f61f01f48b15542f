//! Judging what devices wrote by the authority set, and judging it anew when the set has changed.

use super::trust::{cites_blob, cites_from};
use super::{Error, Reader};
use crate::authority::{Authority, Stance, Writer};
use crate::date::Time;
use crate::document::{Named, Refusal};
use crate::id::{Device, Hash, LogId};
use crate::object::Object;
use crate::record::{Form, KindInfo};
use crate::records::Kind;
use rusqlite::{OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

const HELD_APART: &str = "it was written while its device was being removed";
const HELD_LATE: &str = "its device had been removed when it was written";
pub(super) const FORKED: &str = "its device said two different things at this place of its log, so neither \
                      counts until somebody decides";
const STRANGER: &str = "its device did not belong to the service when it was written";

/// Why something may be taken in although its device was being removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vouched {
    /// It may not.
    No,
    /// Somebody who belongs built on it: it is taken in as far as its writer's roles go.
    BuiltOn,
    /// Somebody who decides who belongs let it in.
    Released,
}

impl Vouched {
    pub(super) fn of(authority: &Authority, object: &Hash, built_on: bool) -> Self {
        match authority.state().released(object) {
            true => Self::Released,
            false if built_on => Self::BuiltOn,
            false => Self::No,
        }
    }
}

/// What the writer of an object may do to documents.
#[derive(Clone, Debug)]
pub(super) enum Permit {
    /// It was let in: it is taken as it is.
    Released,
    /// By its writer's roles.
    As(Writer),
}

impl Permit {
    /// By how the writer stood.
    pub(super) fn of(stance: Stance, vouched: Vouched) -> Result<Self, Refusal> {
        match stance {
            Stance::Unknown => Err(Refusal::Waiting),
            Stance::Stranger => Err(Refusal::NotAllowed(STRANGER.into())),
            Stance::Late | Stance::Forked(_) | Stance::Member(Writer { apart: true, .. })
                if vouched == Vouched::Released =>
            {
                Ok(Self::Released)
            }
            Stance::Late => Err(Refusal::Held(HELD_LATE.into())),
            Stance::Forked(writer) if vouched == Vouched::BuiltOn => Ok(Self::As(writer)),
            Stance::Forked(_) => Err(Refusal::Held(FORKED.into())),
            Stance::Member(writer) if vouched == Vouched::BuiltOn => {
                Ok(Self::As(Writer { apart: false, ..writer }))
            }
            Stance::Member(writer) => Ok(Self::As(writer)),
        }
    }

    /// Whether it may write one thing into a document. Entries always lie where they were
    /// written; whether they count is judged when they are read.
    pub(super) fn allows(&self, document: &str, named: &Named) -> Result<(), Refusal> {
        if let Named::Entry(key) | Named::Field(key) = named
            && info(&key.kind).is_some_and(|info| (info.form == Form::Entry) != is_entry(named))
        {
            // It would stand in front of the right one.
            return Err(Refusal::NotAllowed("it is not written in the form its kind has".into()));
        }
        let Self::As(writer) = self else { return Ok(()) };
        if is_entry(named) {
            return Ok(());
        }
        if writer.apart {
            return Err(Refusal::Held(HELD_APART.into()));
        }
        let (info, own) = match named {
            Named::Field(key) => (info(&key.kind), key.id == writer.person),
            Named::Inside => (owner_of_texts(document)?, false),
            Named::Entry(_) | Named::Other => return Ok(()),
        };
        let Some(info) = info else { return Ok(()) };
        if writer.may(info.writers, info.own && own) {
            return Ok(());
        }
        let roles = crate::authority::Role::in_words(info.writers);
        Err(Refusal::NotAllowed(format!(
            "to write this kind of record ({}) its author must be {roles}, and was not",
            info.kind.name()
        )))
    }

    /// Whether it is of somebody who belongs, so that what it builds on is vouched for.
    pub(super) fn vouches(&self) -> bool {
        match self {
            Self::Released => true,
            Self::As(writer) => !writer.apart,
        }
    }
}

fn is_entry(named: &Named) -> bool {
    matches!(named, Named::Entry(_))
}

fn info(kind: &str) -> Option<&'static KindInfo> {
    kind.parse::<Kind>().ok().map(Kind::info)
}

/// Long texts lie in documents named after their kind; nowhere else may anything be written
/// inside something, except in documents a later version knows.
fn owner_of_texts(document: &str) -> Result<Option<&'static KindInfo>, Refusal> {
    let first = document.split('/').next().unwrap_or_default();
    let without = ["charter", "ledger", "operations", "payments", "vault", "private", "proposal"];
    if without.contains(&first) {
        return Err(Refusal::NotAllowed("it writes where no record has a text".into()));
    }
    Ok(info(first))
}

/// What tells how an object's writer stood.
pub(super) struct Written {
    pub log: LogId,
    pub device: Device,
    pub seq: u64,
    pub time: Time,
    pub cites: Vec<Hash>,
}

impl Written {
    pub(super) fn stance(&self, authority: &Authority) -> Stance {
        authority.judge(&self.device, (self.log, self.seq), &self.cites, self.time)
    }
}

/// An object that was taken in and may have to be judged anew.
struct TakenIn {
    document: i64,
    name: String,
    written: Written,
    released: bool,
    hash: Hash,
    bytes: Vec<u8>,
    /// Whether it lies on a branch: then [`super::branches`] says whether it may stay.
    branch: bool,
}

/// What objects of a log cite, and what was last found of their writer.
struct Cited {
    n: i64,
    log: LogId,
    device: Device,
    cites: Vec<Hash>,
    verdict: Option<Vec<u8>>,
    /// The first and the last of these objects.
    places: (u64, u64),
}

/// What must be done since some devices are judged otherwise now.
#[derive(Default)]
pub(super) struct Anew {
    /// Documents that hold what may not be there.
    pub reset: BTreeSet<i64>,
    /// Entries to be judged anew, by document.
    pub entries: BTreeMap<i64, BTreeSet<crate::document::Key>>,
}

impl Reader {
    /// The number under which the statements an object cites are kept: together with all that
    /// earlier objects of its log cite, so that nobody forgets what he has acknowledged.
    pub(super) fn stance_number(
        &self,
        (log, seq): (i64, u64),
        cites: &[Hash],
        authority: &Authority,
    ) -> Result<i64, Error> {
        let mut earlier: Option<(Option<i64>, Vec<u8>)> = self
            .db()
            .prepare_cached(
                "SELECT stance.n, cites FROM object JOIN stance ON stance.n = object.stance
                 WHERE object.log = ?1 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row([log], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if earlier.is_none() {
            // The first of a branch: what comes before it lies in what it branched off from.
            earlier = self
                .db()
                .prepare_cached(
                    "SELECT NULL, cites FROM log branch
                     JOIN log ON log.book = branch.book AND log.id = branch.before_log
                     JOIN object ON object.log = log.n AND seq = branch.before_seq
                     JOIN stance ON stance.n = object.stance
                     WHERE branch.n = ?1 AND branch.trunk IS NOT NULL AND branch.first > 1",
                )?
                .query_row([log], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
        }
        let mut cites: BTreeSet<Hash> = cites.iter().copied().collect();
        if let Some((n, earlier)) = earlier {
            let earlier = cites_from(&earlier);
            if let Some(n) = n.filter(|_| cites.iter().eq(&earlier)) {
                return Ok(n);
            }
            let list: Vec<Hash> = cites.iter().copied().collect();
            if !authority.covers(&list, &earlier) {
                cites.extend(earlier);
            }
        }
        let cites = cites.into_iter().collect::<Vec<_>>();
        let blob = cites_blob(&cites);
        let known = self
            .db()
            .prepare_cached("SELECT n FROM stance WHERE log = ?1 AND cites = ?2")?
            .query_row(params![log, blob], |row| row.get(0))
            .optional()?;
        if let Some(n) = known {
            return Ok(n);
        }
        // What is found of its writer now is what its first object is judged by.
        let verdict = self.place_of(log)?.map(|(id, device)| {
            Hash::of(authority.verdict(&device, id, &cites, (seq, seq)).as_bytes())
        });
        self.db()
            .prepare_cached("INSERT INTO stance (log, cites, verdict) VALUES (?1, ?2, ?3)")?
            .execute(params![log, blob, verdict.as_ref().map(|hash| hash.0.as_slice())])?;
        Ok(self.db().last_insert_rowid())
    }

    /// The id of a log, and its device.
    fn place_of(&self, log: i64) -> Result<Option<(LogId, Device)>, Error> {
        let (id, device): (Vec<u8>, Vec<u8>) = self
            .db()
            .prepare_cached("SELECT id, device FROM log WHERE n = ?1")?
            .query_row([log], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(LogId::from_slice(&id).zip(Device::from_slice(&device)))
    }

    /// Finds which objects are judged otherwise than before, and what that changes.
    pub(super) fn judge_anew(&self, book: i64, authority: &Authority) -> Result<Anew, Error> {
        // What was held back or not allowed is tried again in any case.
        self.db().execute(
            "UPDATE object SET state = 1 WHERE state IN (3, 4)
             AND log IN (SELECT n FROM log WHERE book = ?1)",
            [book],
        )?;
        let mut changed = Vec::new();
        for stance in self.stances(book)? {
            let verdict =
                authority.verdict(&stance.device, stance.log, &stance.cites, stance.places);
            let verdict = Hash::of(verdict.as_bytes());
            if stance.verdict.as_deref() != Some(&verdict.0) {
                changed.push((stance.n, verdict));
            }
        }
        let mut anew = Anew::default();
        for (stance, verdict) in changed {
            self.db()
                .prepare_cached("UPDATE stance SET verdict = ?2 WHERE n = ?1")?
                .execute(params![stance, verdict.0.as_slice()])?;
            self.judge_stance(stance, authority, &mut anew)?;
        }
        Ok(anew)
    }

    /// All that objects of a book cite, log by log.
    fn stances(&self, book: i64) -> Result<Vec<Cited>, Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT stance.n, log.id, device, cites, verdict,
                    (SELECT min(seq) FROM object WHERE stance = stance.n),
                    (SELECT max(seq) FROM object WHERE stance = stance.n)
             FROM log JOIN stance ON stance.log = log.n WHERE book = ?1",
        )?;
        let mut rows = statement.query([book])?;
        let mut stances = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, device): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
            let place = |index| {
                let seq: rusqlite::Result<Option<i64>> = row.get(index);
                seq.map(|seq| seq.and_then(|seq| u64::try_from(seq).ok()))
            };
            let (Some(log), Some(device), Some(places)) =
                (LogId::from_slice(&id), Device::from_slice(&device), place(5)?.zip(place(6)?))
            else {
                continue;
            };
            let (n, cites, verdict) = (row.get(0)?, row.get::<_, Vec<u8>>(3)?, row.get(4)?);
            stances.push(Cited { n, log, device, cites: cites_from(&cites), verdict, places });
        }
        Ok(stances)
    }

    /// Judges what was taken in of the objects that cite the same in one log.
    fn judge_stance(
        &self,
        stance: i64,
        authority: &Authority,
        anew: &mut Anew,
    ) -> Result<(), Error> {
        let mut statement = self.db().prepare_cached(
            "SELECT document.n, document.name, log.id, device, seq, time, cites, released, bytes, hash,
                    trunk IS NOT NULL
             FROM object JOIN log ON log.n = object.log JOIN document ON document.n = object.document
             JOIN stance ON stance.n = object.stance
             WHERE object.stance = ?1 AND object.kind = 1 AND state = 0",
        )?;
        let mut rows = statement.query([stance])?;
        while let Some(row) = rows.next()? {
            let taken = taken_in(row)?;
            let vouched = Vouched::of(authority, &taken.hash, taken.released);
            let permit = Permit::of(taken.written.stance(authority), vouched);
            let mut object = Object::reopen(&taken.bytes)?;
            if object.sealed.is_some() {
                match self.trust_unseal(taken.document, object)? {
                    Some(open) => object = open,
                    None => continue,
                }
            }
            let named = crate::document::Document::named(&object.parts);
            let allowed = |permit: &Permit| {
                named.iter().all(|named| permit.allows(&taken.name, named).is_ok())
            };
            if !taken.branch && !permit.as_ref().is_ok_and(allowed) {
                anew.reset.insert(taken.document);
            }
            let keys = named.into_iter().filter_map(|named| match named {
                Named::Entry(key) => Some(key),
                _ => None,
            });
            anew.entries.entry(taken.document).or_default().extend(keys);
        }
        Ok(())
    }

    fn trust_unseal(&self, document: i64, object: Object) -> Result<Option<Object>, Error> {
        let id: Vec<u8> = self
            .db()
            .prepare_cached(
                "SELECT book.id FROM document JOIN book ON book.n = book WHERE document.n = ?1",
            )?
            .query_row([document], |row| row.get(0))?;
        let Some(book) = crate::id::BookId::from_slice(&id) else { return Ok(None) };
        match self.unsealed(&book, object) {
            Ok(object) => Ok(Some(object)),
            Err(Error::Locked(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

fn taken_in(row: &rusqlite::Row<'_>) -> rusqlite::Result<TakenIn> {
    let blob = |index| row.get::<_, Vec<u8>>(index);
    let seq: i64 = row.get(4)?;
    let written = Written {
        log: LogId::from_slice(&blob(2)?).unwrap_or(LogId([0; 16])),
        device: Device::from_slice(&blob(3)?).unwrap_or(Device([0; 32])),
        seq: u64::try_from(seq).unwrap_or(0),
        time: Time(row.get(5)?),
        cites: cites_from(&blob(6)?),
    };
    Ok(TakenIn {
        document: row.get(0)?,
        name: row.get(1)?,
        written,
        released: row.get(7)?,
        bytes: blob(8)?,
        hash: Hash::from_slice(&blob(9)?).unwrap_or(Hash([0; 32])),
        branch: row.get(10)?,
    })
}
