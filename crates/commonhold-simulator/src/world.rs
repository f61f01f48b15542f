//! A service, its people and devices, the places between them, and what happens from step to step.

use crate::chance::Chance;
use crate::device::Device;
use crate::hostile::Mallory;
use crate::model::Model;
use crate::place::Place;
use crate::trace::Trace;
use crate::{Failed, Settings};
use commonhold_core::authority::{Basis, Role, Statement};
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::{BookId, LogId, mint};
use commonhold_core::json::Fields;
use commonhold_core::store::Act;
use commonhold_core::{Kind, RecordId, Time};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// The first of July 2026.
const BEGINNING: i64 = 1_782_864_000_000;
/// What the others are, in the order they come.
const ROLES: [Role; 3] = [Role::Treasurer, Role::Member, Role::Contributor];

/// Records everybody writes to.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// An account of the bank.
    pub bank: RecordId,
    /// An account of what hosting costs.
    pub hosting: RecordId,
    /// The fund.
    pub fund: RecordId,
    /// Pages everybody writes words to.
    pub pages: Vec<RecordId>,
    /// What is voted on.
    pub proposal: RecordId,
}

/// Everything there is in a run.
pub struct World {
    /// How it is run.
    pub settings: Settings,
    /// Where everything comes from.
    pub chance: Chance,
    /// What happened.
    pub trace: Trace,
    /// The book.
    pub book: BookId,
    /// The log it begins in.
    pub first_log: LogId,
    /// Devices, of people and of those who copied them.
    pub devices: Vec<Device>,
    /// Places.
    pub places: Vec<Place>,
    /// What must come out.
    pub model: Model,
    /// Records.
    pub records: Records,
    /// People, the founder first, with what they are to be.
    pub people: Vec<(RecordId, Role)>,
    /// Somebody hostile who was let in.
    pub mallory: Option<Mallory>,
    /// The step it is.
    pub step: u64,
    pub(crate) now: i64,
    pub(crate) folder: TempDir,
}

/// Fields of a record.
pub fn fields(value: Value) -> Fields {
    value.as_object().cloned().unwrap_or_default()
}

/// A record's key.
pub fn key(kind: Kind, id: RecordId) -> Key {
    Key { kind: kind.name().to_owned(), id }
}

/// An edit of fields of a living record, and where it goes.
pub fn living(document: &str, kind: Kind, id: RecordId, value: Value) -> Act {
    Act { document: document.to_owned(), edit: Edit::Fields(key(kind, id), fields(value)) }
}

/// A role from now on.
pub fn grant(person: RecordId, role: Role) -> Statement {
    let (from, to, basis, decision) = (None, None, Basis::Decision, None);
    Statement::Grant { person, role, from, to, basis, decision }
}

impl World {
    /// A new service with everything that follows from the seed.
    pub fn new(seed: u64, settings: Settings) -> Result<Self, Failed> {
        let memory = Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => tempfile::tempdir_in(memory)?,
            false => tempfile::tempdir()?,
        };
        let mut chance = Chance(seed);
        let places =
            (0..1 + chance.below(3)).map(|number| Place::new(number, &mut chance)).collect();
        let mut world = Self {
            settings,
            chance,
            trace: Trace::new(settings.loud),
            book: BookId([0; 32]),
            first_log: LogId([0; 16]),
            devices: Vec::new(),
            places,
            model: Model::default(),
            records: Records::default(),
            people: Vec::new(),
            mallory: None,
            step: 0,
            now: BEGINNING,
            folder,
        };
        world.gather()?;
        world.found()?;
        Ok(world)
    }

    /// A new record id.
    pub fn fresh(&mut self) -> RecordId {
        let now = Time(self.now).milliseconds();
        mint(now, self.chance.bytes())
    }

    /// What a device's clock says.
    pub fn clock(&self, who: usize) -> Time {
        Time(self.now + self.devices.get(who).map_or(0, |device| device.clock))
    }

    /// One of the devices.
    pub fn device(&mut self, who: usize) -> Result<&mut Device, Failed> {
        self.devices.get_mut(who).ok_or_else(|| Failed(format!("there is no device {who}")))
    }

    /// Two to five devices, and who is behind them.
    fn gather(&mut self) -> Result<(), Failed> {
        let count = 2 + self.chance.below(4);
        let clones = self.chance.one_in(2);
        for number in 0..count {
            let founders = number == 0 || number == 4 && self.chance.one_in(2);
            let owner = if founders { 0 } else { number.min(1 + (number - 1) % ROLES.len()) };
            if owner == self.people.len() {
                let role = if owner == 0 { Role::Leadership } else { self.role_of(owner) };
                let person = self.fresh();
                self.people.push((person, role));
            }
            let person = self.people.get(owner).map(|(person, _)| *person).unwrap_or_default();
            let folder = self.folder.path().to_owned();
            let mut device = Device::new((number, person), &folder, &mut self.chance)?;
            if self.chance.one_in(3) {
                let years = i64::try_from(self.chance.below(21)).unwrap_or(0) - 10;
                device.clock = years * 31_557_600_000;
            }
            device.clonable = clones && self.chance.one_in(2);
            self.devices.push(device);
        }
        // Where nobody can be copied, the first place may break promises for a while, too.
        if let Some(place) = self.places.first_mut().filter(|_| !clones) {
            place.temper.lies = self.chance.one_in(2);
        }
        Ok(())
    }

    fn role_of(&self, owner: usize) -> Role {
        ROLES.get(owner - 1).copied().unwrap_or(Role::Contributor)
    }

    /// The founder begins the service and lets some in.
    fn found(&mut self) -> Result<(), Failed> {
        let nonce = self.chance.bytes();
        let founder = self.people.first().map(|(person, _)| *person).unwrap_or_default();
        self.records = Records {
            bank: self.fresh(),
            hosting: self.fresh(),
            fund: self.fresh(),
            pages: vec![self.fresh(), self.fresh()],
            proposal: self.fresh(),
        };
        let acts = self.first_acts(founder);
        let now = self.clock(0);
        let device = self.device(0)?;
        device.admitted = true;
        let genesis = device.store()?.genesis_of("Harbor", now, nonce, founder, "device 0");
        device.store()?.begin(&genesis, now, &acts)?;
        self.book = genesis.book();
        let book = self.book;
        self.first_log = self.device(0)?.log(&book);
        for who in 1..self.devices.len() {
            self.device(who)?.store()?.expect(&book)?;
            if self.chance.below(3) > 0 {
                self.let_in(0, who)?;
            }
        }
        if self.chance.one_in(2) {
            self.admit_mallory()?;
        }
        Ok(())
    }

    fn first_acts(&mut self, founder: RecordId) -> Vec<Act> {
        let records = self.records.clone();
        let service = self.fresh();
        let account = |path: &str, kind: &str| json!({"path": path, "type": kind});
        let mut acts = vec![
            living(
                "charter",
                Kind::Service,
                service,
                json!({"name": "Harbor", "purpose": "A mirror", "category": "package registry",
                       "phase": "operating", "framework": "v1", "reporting_currency": "EUR"}),
            ),
            living("charter", Kind::Person, founder, json!({"public_name": "Founder"})),
            living("charter", Kind::Account, records.bank, account("Assets:Bank", "asset")),
            living(
                "charter",
                Kind::Account,
                records.hosting,
                account("Expenses:Hosting", "expense"),
            ),
            living(
                "charter",
                Kind::Fund,
                records.fund,
                json!({"name": "general", "restriction": "unrestricted"}),
            ),
        ];
        for page in records.pages {
            let document = format!("page/{page}");
            acts.push(living(
                &document,
                Kind::Page,
                page,
                json!({"title": "Minutes", "kind": "minutes"}),
            ));
            let (field, text) = ("body".to_owned(), "begin\nend\n".to_owned());
            let edit = Edit::Text { key: key(Kind::Page, page), field, base: None, text };
            acts.push(Act { document, edit });
        }
        acts
    }

    /// All steps until everything calms down.
    pub fn go_on(&mut self) -> Result<(), Failed> {
        let steps = 50 + self.chance.below(60);
        for _ in 0..steps {
            self.step += 1;
            self.trace.steps += 1;
            self.now += 1000 + i64::try_from(self.chance.below(3_600_000)).unwrap_or(0);
            self.one_step()?;
        }
        Ok(())
    }

    fn one_step(&mut self) -> Result<(), Failed> {
        let who = self.somebody();
        match self.chance.below(100) {
            0..=39 => self.write_something(who),
            40..=74 => self.visit_somewhere(who),
            75..=78 => self.say_something(who),
            79..=81 => self.jump(who),
            82..=84 => self.lose_power(who),
            85..=88 => self.steal_or_copy(),
            89..=93 => self.be_hostile(),
            94..=96 => {
                self.scheme();
                Ok(())
            }
            _ => {
                self.cut_off(who);
                Ok(())
            }
        }
    }

    /// A device; seldom one that nobody let in yet.
    fn somebody(&mut self) -> usize {
        let mut who = 0;
        for _ in 0..3 {
            who = self.chance.below(self.devices.len());
            if self.devices.get(who).is_some_and(|device| device.admitted) {
                break;
            }
        }
        who
    }

    fn scheme(&mut self) {
        for place in &mut self.places {
            if let Some(what) = place.scheme(&mut self.chance) {
                self.trace.count(what);
                self.trace.say(format!("{} place {}: {what}", self.step, place.number));
            }
        }
    }

    fn cut_off(&mut self, who: usize) {
        let until = self.step + 5 + u64::try_from(self.chance.below(20)).unwrap_or(0);
        let at = self.chance.below(self.places.len());
        if let Some(place) = self.places.get_mut(at) {
            place.cut_off.insert(who, until);
            self.trace.say(format!("{} device {who} is cut off from place {at}", self.step));
        }
    }

    fn jump(&mut self, who: usize) -> Result<(), Failed> {
        let days = i64::try_from(self.chance.below(4000)).unwrap_or(0) - 2000;
        self.device(who)?.clock = days * 86_400_000;
        self.trace.count("clock jumps");
        self.trace.say(format!("{} device {who}: its clock is {days} days off", self.step));
        Ok(())
    }

    fn lose_power(&mut self, who: usize) -> Result<(), Failed> {
        let mut chance = self.chance.fork();
        self.device(who)?.crash(None, &mut chance)?;
        self.trace.count("crashes");
        self.trace.say(format!("{} device {who} loses power", self.step));
        Ok(())
    }
}
