//! Devices with a clock and chance of their own, and a folder they exchange through.

use commonhold_app::App;
use commonhold_app::clock::World;
use commonhold_app::commands::decisions::{self, Choice, NewProposal, ProposalView};
use commonhold_app::commands::service::{self, NewService};
use commonhold_app::commands::{records, sync};
use commonhold_app::events::unheard;
use commonhold_core::authority::{Basis, Role, Statement};
use commonhold_core::id::mint;
use commonhold_core::json::Fields;
use commonhold_core::projection::Query;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId, Time};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

/// Chance from a seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = self.below(last + 1);
            things.swap(last, other);
        }
    }
}

/// A clock that stands where it was put, and moves a second with each look.
struct Wall {
    now: Arc<AtomicI64>,
    chance: Chance,
}

impl World for Wall {
    fn now(&mut self) -> Time {
        Time(self.now.fetch_add(1000, Ordering::Relaxed) + 1000)
    }

    fn random(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        for byte in bytes {
            *byte = self.chance.number() as u8;
        }
        Ok(())
    }
}

/// One person's device.
pub struct Desk {
    pub app: App,
    pub person: RecordId,
    now: Arc<AtomicI64>,
    _home: TempDir,
}

impl Desk {
    pub fn new(seed: u64, now: Time) -> Self {
        let home = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(now.0));
        let world = Wall { now: now.clone(), chance: Chance(seed) };
        let app = App::open_in(home.path(), Box::new(world)).unwrap();
        Self { app, person: RecordId::nil(), now, _home: home }
    }

    /// Puts its clock to a moment, whatever it showed before.
    pub fn set(&self, moment: &str) {
        self.now.store(moment.parse::<Time>().unwrap().0, Ordering::Relaxed);
    }
}

/// Several people who run one service, the founder first.
pub struct Team {
    pub book: BookId,
    pub desks: Vec<Desk>,
    pub folder: TempDir,
}

pub fn fields(value: Value) -> Fields {
    value.as_object().cloned().unwrap()
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// The record with this title.
pub fn named(reader: &Reader, book: &BookId, kind: Kind, title: &str) -> RecordId {
    let query = Query { limit: 500, ..Query::default() };
    let rows = records::list(reader, book, kind, &query).unwrap().rows;
    rows.iter().find(|row| row.title == title).unwrap_or_else(|| panic!("no {kind} {title}")).id
}

/// Everything a profile shows of a book, as one text.
pub fn dump(reader: &Reader, book: &BookId) -> String {
    let mut lines = Vec::new();
    reader.dump(book, &mut |line| lines.push(line.to_owned())).unwrap();
    lines.join("\n")
}

/// How many objects a profile has of a book.
pub fn logs(reader: &Reader, book: &BookId) -> usize {
    let logs = reader.logs(book).unwrap();
    logs.iter().map(|log| reader.objects(log.n, 0, u32::MAX).unwrap().len()).sum()
}

pub fn one(option: &str) -> Choice {
    Choice { choice: option.to_owned(), ..Choice::default() }
}

impl Team {
    /// The founder alone, in leadership, at a moment; further people come with [`Team::join`].
    pub fn new(moment: &str) -> Self {
        let mut desk = Desk::new(7_001, moment.parse().unwrap());
        let new = NewService {
            name: "Harbor".into(),
            purpose: "A package mirror".into(),
            category: "package registry".into(),
            phase: "operating".into(),
            reporting_currency: "EUR".into(),
            ..NewService::default()
        };
        let book = service::create(&mut desk.app, &new).unwrap();
        let now = desk.app.now();
        desk.person = desk.app.store().unwrap().writer(&book, now).unwrap().person;
        Self { book, desks: vec![desk], folder: tempfile::tempdir().unwrap() }
    }

    /// The sample service in the hands of who looks at it.
    pub fn sample(moment: &str) -> Self {
        let mut desk = Desk::new(7_001, moment.parse().unwrap());
        let book = commonhold_app::commands::sample::create(&mut desk.app).unwrap();
        let now = desk.app.now();
        desk.person = desk.app.store().unwrap().writer(&book, now).unwrap().person;
        Self { book, desks: vec![desk], folder: tempfile::tempdir().unwrap() }
    }

    pub fn app(&mut self, who: usize) -> &mut App {
        &mut self.desks[who].app
    }

    pub fn reader(&self, who: usize) -> &Reader {
        self.desks[who].app.reader()
    }

    pub fn say(&mut self, who: usize, statements: &[Statement]) {
        let book = self.book;
        let app = self.app(who);
        let now = app.now();
        app.store().unwrap().say(&book, now, statements).unwrap();
    }

    /// One more person with a device of their own; the founder lets them in.
    pub fn join(&mut self, role: Role) -> usize {
        let (book, n) = (self.book, self.desks.len());
        let now = self.app(0).now();
        let mut desk = Desk::new(7_001 + n as u64, now);
        let id = mint(now.milliseconds(), [n as u8; 10]);
        desk.person = id;
        let identity = desk.app.store().unwrap().identity();
        let admission = Statement::Device {
            person: id,
            device: identity.device(),
            sealing: identity.keys().sealing(),
            log: identity.log(&book),
            label: format!("Device {n}"),
            recovery: false,
        };
        self.say(0, &[admission]);
        self.write_name(id, n);
        desk.app.store().unwrap().expect(&book).unwrap();
        self.desks.push(desk);
        self.say(0, &[grant(id, role)]);
        n
    }

    fn write_name(&mut self, id: RecordId, n: usize) {
        use commonhold_core::document::{Edit, Key};
        use commonhold_core::store::Act;
        let key = Key { kind: Kind::Person.name().to_owned(), id };
        let name = fields(json!({"public_name": format!("Person {n}")}));
        let act = Act { document: "charter".into(), edit: Edit::Fields(key, name) };
        let (book, now) = (self.book, self.app(0).now());
        assert!(self.app(0).store().unwrap().write(&book, now, &[act], &mut |_| true).unwrap());
    }

    /// One device exchanges with the folder.
    pub fn sync(&mut self, who: usize) {
        let (book, folder) = (self.book, self.folder.path().to_owned());
        sync::sync_folder(self.app(who), Some(book), &folder, &mut unheard).unwrap();
    }

    /// The same with another folder; who was removed may find nothing they can use.
    pub fn try_sync(&mut self, who: usize, folder: &std::path::Path) {
        let book = self.book;
        let _ = sync::sync_folder(self.app(who), Some(book), folder, &mut unheard);
    }

    /// Everybody hands over, then everybody takes in.
    pub fn share(&mut self) {
        for who in 0..self.desks.len() {
            self.sync(who);
        }
        for who in 0..self.desks.len() {
            self.sync(who);
        }
    }

    /// Every object a device has.
    pub fn objects(&self, who: usize) -> Vec<Vec<u8>> {
        let reader = self.reader(who);
        let logs = reader.logs(&self.book).unwrap();
        let of = |n| reader.objects(n, 0, u32::MAX).unwrap().into_iter().map(|(_, bytes)| bytes);
        logs.iter().flat_map(|log| of(log.n)).collect()
    }

    /// Puts everybody's clock to a moment.
    pub fn set(&self, moment: &str) {
        self.desks.iter().for_each(|desk| desk.set(moment));
    }

    pub fn add(&mut self, who: usize, kind: Kind, value: Value) -> RecordId {
        let book = self.book;
        records::add(self.app(who), &book, kind, fields(value)).unwrap()
    }

    pub fn edit(&mut self, who: usize, kind: Kind, id: &RecordId, change: Value) {
        let book = self.book;
        let none = BTreeMap::new();
        records::edit(self.app(who), &book, kind, id, fields(change), &none).unwrap();
    }

    pub fn open(&mut self, who: usize, rule: &str, title: &str) -> RecordId {
        let new = NewProposal { title: title.into(), rule: rule.into(), ..NewProposal::default() };
        let book = self.book;
        decisions::proposal_open(self.app(who), &book, &new).unwrap()
    }

    pub fn cast(&mut self, who: usize, vote: &RecordId, choice: &str) -> RecordId {
        let book = self.book;
        decisions::vote(self.app(who), &book, vote, &one(choice)).unwrap()
    }

    pub fn see(&mut self, who: usize, vote: &RecordId) -> ProposalView {
        let book = self.book;
        decisions::proposal_view(self.app(who), &book, vote).unwrap()
    }

    pub fn sign(&mut self, who: usize, vote: &RecordId, recount: bool) -> String {
        let book = self.book;
        decisions::tally_sign(self.app(who), &book, vote, recount).unwrap().sentence
    }
}

/// A role from now on.
pub fn grant(person: RecordId, role: Role) -> Statement {
    let (from, to, basis, decision) = (None, None, Basis::Decision, None);
    Statement::Grant { person, role, from, to, basis, decision }
}
