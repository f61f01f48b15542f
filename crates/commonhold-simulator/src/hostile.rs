//! Those who mean harm: a member with a program of their own, and strangers who can write to a
//! place.

use crate::Failed;
use crate::chance::Chance;
use crate::world::{World, fields, grant, key};
use commonhold_core::authority::{Role, Statement};
use commonhold_core::document::{Document, Edit, actor, change_hash};
use commonhold_core::id::{Device, Hash, LogId, hex};
use commonhold_core::keys::{DeviceKeys, Secret};
use commonhold_core::object::{Object, ObjectKind, hash};
use commonhold_core::{BookId, Kind, RecordId, Time};
use commonhold_sync::bundle::Name;
use commonhold_sync::sealing;
use ed25519_dalek::SigningKey;
use serde_json::json;
use sha2::{Digest, Sha256};

/// A word that must never be shown in a living record.
pub const USURPED: &str = "usurped";

/// A device in hostile hands: a member's, or a stranger's.
pub struct Mallory {
    /// Its person.
    pub person: RecordId,
    seed: [u8; 32],
    /// The log it was admitted with: statements count there.
    main: Line,
    /// What it could cite when it still belonged.
    early: Vec<Hash>,
}

/// The end of a log.
#[derive(Clone)]
struct Line {
    nonce: [u8; 16],
    seq: u64,
    previous: Hash,
}

/// What a hostile object is made with.
struct Tools {
    book: BookId,
    cites: Vec<Hash>,
    time: Time,
    secret: Secret,
}

impl Line {
    fn fresh(chance: &mut Chance) -> Self {
        Self { nonce: chance.bytes(), seq: 0, previous: Hash([0; 32]) }
    }
}

impl Mallory {
    fn new(person: RecordId, chance: &mut Chance) -> Self {
        let seed = chance.bytes();
        Self { person, seed, main: Line::fresh(chance), early: Vec::new() }
    }

    fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(&self.seed)
    }

    fn device(&self) -> Device {
        Device(self.signing().verifying_key().to_bytes())
    }

    fn log(&self, book: &BookId, line: &Line) -> LogId {
        LogId::of(&self.device(), book, &line.nonce)
    }

    fn admission(&self, book: &BookId) -> Statement {
        let keys = DeviceKeys::from_seed(self.seed);
        let (device, sealing, label) = (keys.device(), keys.sealing(), "Mallory".to_owned());
        let (person, log) = (self.person, self.log(book, &self.main));
        Statement::Device { person, device, sealing, log, label, recovery: false }
    }

    /// Signs the next object of a log.
    fn sign(
        &self,
        tools: &Tools,
        line: &mut Line,
        (kind, document): (ObjectKind, &str),
        parts: Vec<Vec<u8>>,
    ) -> Result<Vec<u8>, Failed> {
        let changes = kind == ObjectKind::Changes;
        let heads = parts.last().filter(|_| changes).map(|part| change_hash(part));
        let object = Object {
            kind,
            book: tools.book,
            nonce: line.nonce,
            seq: line.seq + 1,
            device: self.device(),
            previous: line.previous,
            time: tools.time,
            document: document.to_owned(),
            authority: tools.cites.clone(),
            heads: heads.into_iter().collect(),
            parts,
            sealed: None,
        };
        let bytes = object.seal(&self.signing(), None)?;
        (line.seq, line.previous) = (object.seq, hash(&bytes));
        Ok(bytes)
    }

    /// A change of a document, as its library makes it.
    fn change(
        &self,
        tools: &Tools,
        line: &Line,
        (document, edit): (&mut Document, &Edit),
    ) -> Result<Vec<u8>, Failed> {
        let actor = actor(&self.log(&tools.book, line), document.name());
        let made = document.write(actor, &self.device(), Time(0), &[edit]);
        made.ok().flatten().ok_or_else(|| Failed("a hostile change could not be made".to_owned()))
    }
}

/// A change with damaged bytes and a right check sum.
fn damaged(change: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = change.to_vec();
    for _ in 0..=chance.below(3) {
        let at = 14 + chance.below(bytes.len().saturating_sub(14));
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << chance.below(8);
        }
    }
    let sum = Sha256::digest(bytes.get(8..).unwrap_or_default());
    let sum = sum.get(..4).unwrap_or_default().to_vec();
    bytes.splice(4..8, sum);
    bytes
}

impl World {
    /// Somebody hostile is let in as a contributor.
    pub fn admit_mallory(&mut self) -> Result<(), Failed> {
        let person = self.fresh();
        let mallory = Mallory::new(person, &mut self.chance);
        let (book, now) = (self.book, self.clock(0));
        let statements = [mallory.admission(&book), grant(person, Role::Contributor)];
        self.device(0)?.store()?.say(&book, now, &statements)?;
        self.mallory = Some(mallory);
        Ok(())
    }

    /// A hostile member or a stranger does something.
    pub fn be_hostile(&mut self) -> Result<(), Failed> {
        let who = self.chance.below(self.devices.len());
        match self.mallory.take() {
            Some(mut mallory) if self.chance.below(3) > 0 => {
                let device = mallory.device();
                let done = match self.knowledge(who)?.devices.contains_key(&device) {
                    true => self.burst(who, &mut mallory, "hostile member"),
                    false => Ok(()),
                };
                self.mallory = Some(mallory);
                done
            }
            mallory => {
                self.mallory = mallory;
                self.be_a_stranger(who)
            }
        }
    }

    /// What a hostile device needs, as an honest one has it; nothing where that has no key.
    fn tools(&mut self, who: usize, early: &mut Vec<Hash>) -> Result<Option<Tools>, Failed> {
        let (book, time) = (self.book, self.clock(who));
        let Some(secret) = self.leaked_key(who)? else { return Ok(None) };
        let heads = self.device(who)?.store()?.authority(&book)?.heads().to_vec();
        if early.is_empty() {
            early.clone_from(&heads);
        }
        let cites = match self.chance.below(6) {
            0 => early.clone(),
            1 => early.iter().take(1).copied().collect(),
            _ => heads,
        };
        Ok(Some(Tools { book, cites, time, secret }))
    }

    /// A few hostile objects in a log of their own, laid down at a place.
    fn burst(
        &mut self,
        who: usize,
        mallory: &mut Mallory,
        what: &'static str,
    ) -> Result<(), Failed> {
        let mut early = std::mem::take(&mut mallory.early);
        let tools = self.tools(who, &mut early)?;
        mallory.early = early;
        let Some(tools) = tools else { return Ok(()) };
        let roll = self.chance.below(11);
        let (line, objects) = match roll {
            0 | 1 => {
                let mut line = mallory.main.clone();
                let parts = self.usurping(mallory);
                let kind = (ObjectKind::Statements, "");
                let bytes = mallory.sign(&tools, &mut line, kind, parts)?;
                mallory.main = line.clone();
                (line, vec![bytes])
            }
            _ => self.forge(who, mallory, &tools, roll)?,
        };
        self.lay_down(mallory, &tools, &line, &objects)?;
        if line.seq == 1 && objects.len() == 1 {
            // Another object for the same place of the same log.
            let mut same = Line { seq: 0, previous: Hash([0; 32]), ..line };
            let parts = vec![self.chance.bytes::<60>().to_vec()];
            let kind = (ObjectKind::Statements, "");
            let other = mallory.sign(&tools, &mut same, kind, parts)?;
            self.lay_down(mallory, &tools, &same, &[other])?;
        }
        let count = u64::try_from(objects.len()).unwrap_or(1);
        self.trace.add(if roll < 2 { "hostile statements" } else { "hostile objects" }, count);
        self.trace.say(format!("{} {what}: attack {roll}", self.step));
        Ok(())
    }

    /// Seals objects of one log and lays them down somewhere.
    fn lay_down(
        &mut self,
        mallory: &Mallory,
        tools: &Tools,
        line: &Line,
        objects: &[Vec<u8>],
    ) -> Result<(), Failed> {
        let log = mallory.log(&tools.book, line);
        let count = u64::try_from(objects.len()).unwrap_or(1);
        let first = line.seq.saturating_sub(count - 1).max(1);
        let range = (first, first + count - 1);
        let Some(bytes) = sealing::seal(&tools.secret, &tools.book, &log, range, objects) else {
            return Ok(());
        };
        let length = u64::try_from(bytes.len()).unwrap_or(0);
        let name = Name { first: range.0, last: range.1, bytes: length };
        let at = self.chance.below(self.places.len());
        if let Some(place) = self.places.get_mut(at) {
            place.litter(format!("{log}/{name}"), bytes);
        }
        Ok(())
    }

    /// Statements somebody without a say makes.
    fn usurping(&mut self, mallory: &Mallory) -> Vec<Vec<u8>> {
        let founder = self.people.first().map(|(person, _)| *person).unwrap_or_default();
        let victim = self.chance.pick(&self.people).map(|(person, _)| person).unwrap_or_default();
        let (reason, cuts) = (USURPED.to_owned(), Vec::new());
        let other = Mallory::new(victim, &mut self.chance);
        let all = [
            grant(mallory.person, Role::Leadership),
            grant(mallory.person, Role::Treasurer),
            Statement::Remove { person: founder, device: None, reason, cuts, decision: None },
            Statement::End { person: victim, role: Role::Member, reason: USURPED.to_owned() },
            Statement::Policy { removal: Some(1), leadership: Some(1) },
            other.admission(&self.book),
        ];
        let mut parts: Vec<Vec<u8>> =
            (0..3).filter_map(|_| self.chance.pick(&all)).map(|said| said.bytes()).collect();
        parts.push(self.chance.bytes::<60>().to_vec());
        parts
    }

    /// Objects of changes that must have no effect.
    fn forge(
        &mut self,
        who: usize,
        mallory: &Mallory,
        tools: &Tools,
        roll: usize,
    ) -> Result<(Line, Vec<Vec<u8>>), Failed> {
        let mut line = Line::fresh(&mut self.chance);
        let (name, edit) = self.evil_edit(mallory, roll);
        let store = self.device(who)?.store()?;
        let info = store.documents(&tools.book)?.into_iter().find(|info| info.name == name);
        let mut document = match info {
            Some(info) => store.load(&tools.book, info.n, &name)?,
            None => Document::new(&tools.book, &name).map_err(|e| Failed(e.to_string()))?,
        };
        let change = mallory.change(tools, &line, (&mut document, &edit))?;
        let kind = (ObjectKind::Changes, name.as_str());
        let mut objects = Vec::new();
        match roll {
            7 => {
                let bytes = damaged(&change, &mut self.chance);
                objects.push(mallory.sign(tools, &mut line, kind, vec![bytes])?);
            }
            8 => {
                line.seq += 1 + u64::try_from(self.chance.below(5)).unwrap_or(0);
                line.previous = Hash(self.chance.bytes());
                objects.push(mallory.sign(tools, &mut line, kind, vec![change])?);
            }
            9 => {
                line.previous = Hash(self.chance.bytes());
                objects.push(mallory.sign(tools, &mut line, kind, vec![change])?);
            }
            _ => objects.push(mallory.sign(tools, &mut line, kind, vec![change])?),
        }
        Ok((line, objects))
    }

    /// What somebody writes who may not, or in the name of another.
    fn evil_edit(&mut self, mallory: &Mallory, roll: usize) -> (String, Edit) {
        let id = self.fresh();
        let victim = self.chance.pick(&self.people).map(|(person, _)| person).unwrap_or_default();
        let target = self.chance.pick(&self.model.written).map(|w| w.id).unwrap_or_default();
        let proposal = self.records.proposal;
        let mut entry = |document: &str, kind: Kind, value: serde_json::Value| {
            self.model.forbidden.push((kind, id));
            (document.to_owned(), Edit::Entry(key(kind, id), fields(value)))
        };
        match roll {
            2 => {
                let value =
                    json!({"proposal": proposal, "voter": victim, "seq": 9, "choice": "no"});
                entry(&format!("proposal/{proposal}"), Kind::Ballot, value)
            }
            3 => {
                let value = json!({"kind": "transaction", "target": target, "person": victim,
                                   "verdict": "reject"});
                entry("ledger/2026", Kind::Approval, value)
            }
            4 => {
                let value = json!({"kind": "transaction", "target": target, "reason": USURPED});
                entry("ledger/2026", Kind::Withdrawal, value)
            }
            5 => {
                let path = json!({"path": format!("Assets:{USURPED}")});
                let bank = self.records.bank;
                ("charter".to_owned(), Edit::Fields(key(Kind::Account, bank), fields(path)))
            }
            6 => {
                let whom = if victim == mallory.person { self.records.bank } else { victim };
                let name = json!({"public_name": USURPED});
                ("charter".to_owned(), Edit::Fields(key(Kind::Person, whom), fields(name)))
            }
            10 => {
                let bill = json!({"date": "2026-05-04", "narration": "x".repeat(200_000)});
                entry("ledger/2026", Kind::Transaction, bill)
            }
            _ => {
                let bill = self.bill(666, None);
                self.model.forbidden.push((Kind::Transaction, id));
                ("ledger/2026".to_owned(), Edit::Entry(key(Kind::Transaction, id), fields(bill)))
            }
        }
    }

    /// Somebody nobody let in writes to a place.
    fn be_a_stranger(&mut self, who: usize) -> Result<(), Failed> {
        let mut chance = self.chance.fork();
        self.trace.count("files of strangers");
        if chance.one_in(3) {
            let person = self.fresh();
            let mut stranger = Mallory::new(person, &mut chance);
            return self.burst(who, &mut stranger, "stranger");
        }
        let at = self.chance.below(self.places.len());
        let book = self.book;
        let own = self.device(who)?.log(&book);
        let (mut bytes, log) = (chance.bytes::<300>().to_vec(), LogId(chance.bytes()));
        let log = if chance.one_in(2) { own } else { log };
        let name = match chance.below(4) {
            0 => format!("keys/{}.chk", Hash::of(&bytes)),
            1 => format!("seen/{log}-{}.chr", hex(&chance.bytes::<8>())),
            kind => {
                let first = 1 + u64::try_from(chance.below(12)).unwrap_or(0);
                let last = first + u64::try_from(chance.below(3)).unwrap_or(0);
                if kind == 3 {
                    let secret = Secret::new(chance.bytes());
                    let objects =
                        vec![bytes.clone(); usize::try_from(last - first + 1).unwrap_or(1)];
                    bytes = sealing::seal(&secret, &book, &log, (first, last), &objects)
                        .unwrap_or(bytes);
                }
                let length = u64::try_from(bytes.len()).unwrap_or(0);
                format!("{log}/{}", Name { first, last, bytes: length })
            }
        };
        self.trace.say(format!("{} a stranger lays down {name}", self.step));
        if let Some(place) = self.places.get_mut(at) {
            place.litter(name, bytes);
        }
        Ok(())
    }
}
