//! What must come out, worked out apart from the program: who may do what by what they know, and
//! what everything that was acknowledged comes to. Small on purpose: roles are given and ended
//! once, people are removed once.

use crate::Failed;
use commonhold_core::authority::{Role, Statement};
use commonhold_core::id::{BookId, Device, Hash, LogId};
use commonhold_core::object::{self, Object, ObjectKind};
use commonhold_core::store::{Error, Reader};
use commonhold_core::{Kind, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// Who may write a kind (`docs/ROLES.md`), written down once more.
pub fn writers(kind: Kind) -> &'static [Role] {
    use Role::{Contributor, Leadership, Member, Teller, Treasurer};
    match kind {
        Kind::Service | Kind::Person | Kind::Secret => &[Leadership],
        Kind::Page | Kind::Withdrawal => &[Contributor, Member, Leadership, Treasurer, Teller],
        Kind::Ballot => &[Contributor, Member, Leadership],
        _ => &[Leadership, Treasurer],
    }
}

/// What a profile knows of people, by the statements in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// Devices and whose they are.
    pub devices: BTreeMap<Device, RecordId>,
    /// Roles given.
    pub given: BTreeSet<(RecordId, Role)>,
    /// Roles ended.
    pub ended: BTreeSet<(RecordId, Role)>,
    /// People removed.
    pub removed: BTreeSet<RecordId>,
}

impl Knowledge {
    /// What the statements of the founder's devices in a profile say, and what people say of
    /// devices of their own. Nobody else has a say in these services.
    pub fn of(reader: &Reader, book: &BookId) -> Result<Self, Error> {
        let mut all: Vec<(Device, Statement)> = Vec::new();
        let mut known = Self::default();
        // What stands on a branch and nobody had seen is nobody's word until somebody decides.
        let held: BTreeSet<Hash> = reader.authority(book)?.frozen().map(|node| node.hash).collect();
        for log in reader.logs(book)? {
            for (_, bytes) in reader.objects(log.n, 0, u32::MAX)? {
                if Object::peek(&bytes)?.kind != ObjectKind::Statements
                    || held.contains(&object::hash(&bytes))
                {
                    continue;
                }
                for part in Object::reopen(&bytes)?.parts {
                    all.extend(Statement::read(&part).map(|statement| (log.device, statement)));
                }
            }
        }
        let Some(genesis) = reader.genesis(book)? else { return Ok(known) };
        known.devices.insert(genesis.device, genesis.person);
        known.given.insert((genesis.person, Role::Leadership));
        // A device may speak that another statement admits: until nothing more follows.
        loop {
            let before = known.clone();
            all.iter()
                .for_each(|(device, statement)| known.hear(device, statement, genesis.person));
            if known == before {
                return Ok(known);
            }
        }
    }

    fn hear(&mut self, by: &Device, statement: &Statement, founder: RecordId) {
        let Some(author) = self.devices.get(by).copied() else { return };
        let decides = author == founder;
        match statement {
            Statement::Device { person, device, .. } if decides || *person == author => {
                self.devices.entry(*device).or_insert(*person);
            }
            Statement::Grant { person, role, .. } if decides => {
                self.given.insert((*person, *role));
            }
            Statement::End { person, role, .. } if decides => {
                self.ended.insert((*person, *role));
            }
            Statement::Remove { person, device: None, .. } if decides => {
                self.removed.insert(*person);
            }
            _ => {}
        }
    }

    /// Whether a device belongs.
    pub fn belongs(&self, device: &Device) -> bool {
        self.devices.get(device).is_some_and(|person| !self.removed.contains(person))
    }

    /// The roles of a person.
    pub fn roles(&self, person: RecordId) -> BTreeSet<Role> {
        let held = self.given.difference(&self.ended);
        let held = held.filter(|(who, _)| *who == person && !self.removed.contains(who));
        held.map(|(_, role)| *role).collect()
    }

    /// Whether a device may write a kind; `own` is whether it is about its own person.
    pub fn may(&self, device: &Device, kind: Kind, own: bool) -> bool {
        let Some(person) = self.devices.get(device).filter(|_| self.belongs(device)) else {
            return false;
        };
        let roles = self.roles(*person);
        own && kind == Kind::Person || writers(kind).iter().any(|role| roles.contains(role))
    }
}

/// What somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A bill of so many cents in place of another, or of none.
    Bill(i64, Option<RecordId>),
    /// A withdrawal of a bill.
    Withdrawal(RecordId),
    /// An approval or a ballot.
    Voice(Kind),
    /// A word in a page's text.
    Word(String),
    /// A field of a living record: kind, field, value.
    Field(Kind, &'static str, String),
}

/// Something acknowledged: the call returned, or it was there after a crash.
#[derive(Clone, Debug)]
pub struct Written {
    /// What.
    pub what: What,
    /// The record.
    pub id: RecordId,
    /// Who wrote it.
    pub person: RecordId,
    /// On which device.
    pub by: usize,
    /// Where it stands in its log.
    pub place: (LogId, u64),
    /// Whether it must be there: what was lost with a disk need not be.
    pub sure: bool,
    /// Whether it was its author's to write, by the role they had where they wrote it.
    pub allowed: bool,
    /// Whether its profile was put back to a day before it: then nobody says it again, should it
    /// come to stand on a branch.
    pub orphaned: bool,
}

impl Written {
    /// What can be found again of it in the bytes of a change.
    pub fn said(&self) -> String {
        match &self.what {
            What::Word(word) | What::Field(_, _, word) => word.clone(),
            What::Bill(..) | What::Withdrawal(_) | What::Voice(_) => self.id.to_string(),
        }
    }
}

/// What a bill must come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It counts.
    Ok,
    /// Another stands in its place.
    Superseded,
    /// So does another correction.
    Rival,
    /// It was taken out.
    Withdrawn,
    /// It is not there, or does not count.
    Apart,
    /// It is there, and was not its author's to write.
    Rejected,
}

impl Fate {
    /// The program's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Superseded => "superseded",
            Self::Rival => "rival",
            Self::Withdrawn => "withdrawn",
            Self::Apart => "flagged",
            Self::Rejected => "rejected",
        }
    }
}

/// All that was acknowledged.
#[derive(Debug, Default)]
pub struct Model {
    /// In the order it was acknowledged.
    pub written: Vec<Written>,
    /// Up to where the logs of removed people stay.
    pub cuts: BTreeMap<RecordId, BTreeMap<LogId, u64>>,
    /// Records by hostile hands: they must not count.
    pub forbidden: Vec<(Kind, RecordId)>,
}

impl Model {
    /// Whether what was written counts although its author was removed.
    pub fn stands(&self, written: &Written) -> bool {
        let (log, seq) = written.place;
        let cuts = self.cuts.get(&written.person);
        cuts.is_none_or(|cuts| cuts.get(&log).is_some_and(|cut| seq <= *cut))
    }

    /// What every bill comes to.
    pub fn bills(&self) -> BTreeMap<RecordId, (i64, Fate)> {
        let standing = self.written.iter().filter(|w| w.allowed && self.stands(w));
        let mut withdrawn = BTreeSet::new();
        let mut corrections: BTreeMap<RecordId, BTreeSet<RecordId>> = BTreeMap::new();
        for written in standing {
            match &written.what {
                What::Withdrawal(target) => drop(withdrawn.insert(*target)),
                What::Bill(_, Some(of)) => {
                    corrections.entry(*of).or_default().insert(written.id);
                }
                _ => {}
            }
        }
        let first = |of: &RecordId| {
            let all = corrections.get(of);
            all.and_then(|all| all.iter().find(|id| !withdrawn.contains(*id))).copied()
        };
        let fate = |written: &Written, of: &Option<RecordId>| match of {
            _ if !self.stands(written) => Fate::Apart,
            _ if withdrawn.contains(&written.id) => Fate::Withdrawn,
            Some(of) if first(of) == Some(written.id) => Fate::Ok,
            Some(_) => Fate::Rival,
            None if first(&written.id).is_some() => Fate::Superseded,
            None => Fate::Ok,
        };
        let bills = self.written.iter().filter_map(|written| match &written.what {
            What::Bill(cents, of) => Some((written.id, (*cents, fate(written, of)))),
            _ => None,
        });
        bills.collect()
    }

    /// Whether what a profile let somebody do is what they might.
    pub fn agrees(
        knowledge: &Knowledge,
        (device, kind, own): (&Device, Kind, bool),
        said: &Result<bool, Error>,
    ) -> Result<(), Failed> {
        let may = knowledge.may(device, kind, own);
        match said {
            Ok(_) if may => Ok(()),
            Ok(_) => Err(Failed(format!("{} was written without the role for it", kind.name()))),
            Err(Error::NotMember { .. } | Error::NotAllowed { .. }) if !may => Ok(()),
            Err(Error::NotMember { .. } | Error::NotAllowed { .. }) => {
                Err(Failed(format!("{} was not let in from somebody who may", kind.name())))
            }
            Err(other) => Err(Failed(format!("{} could not be written: {other}", kind.name()))),
        }
    }
}
