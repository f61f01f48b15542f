//! Several people with a laptop each who run the small service together.

use super::mallory::Mallory;
use super::{Chance, Harbor, Laptop, assert_same, device, dump, fields, found, logs, person, say};
use commonhold_core::authority::{Basis, Role, Statement};
use commonhold_core::document::{Document, Edit, Key};
use commonhold_core::id::{Device, mint};
use commonhold_core::projection::State;
use commonhold_core::store::{Act, Outcome, RefusedObject, RefusedState};
use commonhold_core::{Kind, RecordId};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

pub const ANN: usize = 0;
pub const BEN: usize = 1;
pub const CLEO: usize = 2;
pub const DORA: usize = 3;
const NAMES: [&str; 5] = ["Ann", "Ben", "Cleo", "Dora", "Emil"];

/// Ann, who founded the service, and the others in the order they came.
pub struct Crew {
    pub harbor: Harbor,
    pub laptops: Vec<Laptop>,
    /// Their person records.
    pub people: Vec<RecordId>,
}

/// A new record's id.
pub fn fresh(n: u64) -> RecordId {
    mint(1_782_864_000_000 + n, [n as u8; 10])
}

/// A role from now on.
pub fn grant(person: RecordId, role: Role) -> Statement {
    let (from, to, basis, decision) = (None, None, Basis::Decision, None);
    Statement::Grant { person, role, from, to, basis, decision }
}

/// Ann, Ben and Cleo in leadership, Dora as she is wanted; everybody has everything.
pub fn crew(dora: Role) -> Crew {
    let mut ann = Laptop::new(101);
    let harbor = found(&mut ann);
    let founder = person(&mut ann, &harbor.book);
    let mut crew = Crew { harbor, laptops: vec![ann], people: vec![founder] };
    for role in [Role::Leadership, Role::Leadership, dora] {
        crew.join(role);
    }
    crew.share();
    crew
}

impl Crew {
    pub fn ann(&mut self) -> &mut Laptop {
        &mut self.laptops[ANN]
    }

    /// One more person with a laptop of their own.
    pub fn join(&mut self, role: Role) -> usize {
        let (book, n) = (self.harbor.book, self.laptops.len());
        let mut laptop = Laptop::new(101 + n as u64);
        let id = fresh(900 + n as u64);
        let admission = device(&book, id, laptop.store().unwrap().identity(), NAMES[n]);
        say(self.ann(), &book, &[admission]);
        let name = fields(json!({"public_name": NAMES[n]}));
        self.edit(ANN, "charter", Edit::Fields(key(Kind::Person, id), name));
        laptop.store().unwrap().expect(&book).unwrap();
        self.laptops.push(laptop);
        self.people.push(id);
        self.promote(id, role);
        n
    }

    /// Gives somebody a role: as many sign as it takes.
    pub fn promote(&mut self, who: RecordId, role: Role) {
        for signer in 0..self.laptops.len() {
            self.share();
            let day = self.laptops[signer].today();
            let authority = self.laptops[signer].reader().authority(&self.harbor.book).unwrap();
            let state = authority.state();
            if state.roles(who, day).contains(&role) {
                return;
            }
            if state.deciders(day).contains(&self.people[signer]) {
                self.say(signer, &[grant(who, role)]);
            }
        }
    }

    pub fn say(&mut self, who: usize, statements: &[Statement]) {
        say(&mut self.laptops[who], &self.harbor.book, statements);
    }

    /// Signs that somebody is removed, with the cuts of what the signer has.
    pub fn remove(&mut self, signer: usize, who: usize) {
        let person = self.people[who];
        let book = self.harbor.book;
        let laptop = &mut self.laptops[signer];
        commonhold_app::commands::people::remove(laptop, &book, person, None, "Trouble").unwrap();
    }

    /// Writes an edit as somebody's laptop does.
    pub fn edit(&mut self, who: usize, document: &str, edit: Edit) {
        let book = self.harbor.book;
        let act = Act { document: document.to_owned(), edit };
        let now = self.laptops[who].now();
        let store = self.laptops[who].store().unwrap();
        assert!(store.write(&book, now, &[act], &mut |_| true).unwrap());
    }

    /// Somebody hands all they have to somebody else.
    pub fn give(&mut self, from: usize, to: usize) {
        let objects = self.objects(from);
        let refused = self.receive(to, &objects).into_iter().find(|outcome| {
            !matches!(outcome, Outcome::Stored | Outcome::Duplicate | Outcome::Stranger)
        });
        assert_eq!(refused, None, "{from} gives to {to}");
    }

    /// Everybody gets what everybody has.
    pub fn share(&mut self) {
        for one in 1..self.laptops.len() {
            self.give(one, ANN);
        }
        for one in 1..self.laptops.len() {
            self.give(ANN, one);
        }
    }

    pub fn objects(&self, of: usize) -> Vec<Vec<u8>> {
        logs(self.laptops[of].reader(), &self.harbor.book).into_iter().flatten().collect()
    }

    /// What somebody's laptop wrote last.
    pub fn last(&mut self, of: usize) -> Vec<u8> {
        let own = self.laptops[of].store().unwrap().identity().log(&self.harbor.book);
        let reader = self.laptops[of].reader();
        let log = reader.logs(&self.harbor.book).unwrap().into_iter().find(|log| log.id == own);
        reader.objects(log.unwrap().n, 0, u32::MAX).unwrap().pop().unwrap().1
    }

    pub fn receive(&mut self, who: usize, objects: &[Vec<u8>]) -> Vec<Outcome> {
        let book = self.harbor.book;
        self.laptops[who].store().unwrap().receive(&book, objects).unwrap().outcomes
    }

    /// A further device of somebody, in hostile hands; everybody knows it.
    pub fn mallory(&mut self, seed: u64, of: usize) -> Mallory {
        let (book, person) = (self.harbor.book, self.people[of]);
        let mut mallory = Mallory::of_person(&mut self.laptops[of], &book, seed, person);
        self.share();
        mallory.catch_up(&self.laptops[of]);
        mallory
    }

    /// The same, known only where it was let in.
    pub fn mallory_unshared(&mut self, seed: u64, of: usize) -> Mallory {
        let (book, person) = (self.harbor.book, self.people[of]);
        Mallory::of_person(&mut self.laptops[of], &book, seed, person)
    }

    /// Whether each of them belongs, as somebody sees it.
    pub fn belong(&self, who: usize) -> Vec<bool> {
        let authority = self.laptops[who].reader().authority(&self.harbor.book).unwrap();
        self.people.iter().map(|person| authority.state().is_active(*person)).collect()
    }

    /// A hostile person of their own with a role; everybody knows them.
    pub fn newcomer(&mut self, seed: u64, role: Role) -> (Mallory, RecordId) {
        let (book, id) = (self.harbor.book, fresh(5000 + seed));
        let mut mallory = Mallory::of_person(self.ann(), &book, seed, id);
        self.promote(id, role);
        self.share();
        mallory.catch_up(&self.laptops[ANN]);
        (mallory, id)
    }

    /// A document as somebody has it.
    pub fn document(&self, of: usize, name: &str) -> Document {
        let (reader, book) = (self.laptops[of].reader(), &self.harbor.book);
        let infos = reader.documents(book).unwrap();
        match infos.iter().find(|info| info.name == name) {
            Some(info) => reader.load(book, info.n, name).unwrap(),
            None => Document::new(book, name).unwrap(),
        }
    }

    /// What Mallory writes to a document as Ann has it, signed.
    pub fn forge(&self, mallory: &mut Mallory, document: &str, edit: Edit) -> Vec<u8> {
        let change = mallory.change(&mut self.document(ANN, document), &[edit]);
        mallory.says(document, vec![change])
    }

    /// What of those objects was not taken in, as somebody sees it.
    pub fn refused(&self, who: usize) -> Vec<RefusedObject> {
        self.laptops[who].reader().refused(&self.harbor.book).unwrap()
    }

    /// The only thing somebody did not take in of a device.
    pub fn why(&self, who: usize, device: Device) -> (RefusedState, String) {
        let mut refused = self.refused(who);
        refused.retain(|object| object.device == device);
        assert_eq!(refused.len(), 1, "{refused:?}");
        (refused[0].state, refused[0].reason.clone())
    }

    pub fn dump(&self, who: usize) -> String {
        dump(self.laptops[who].reader(), &self.harbor.book)
    }

    /// Hands objects to Ann one by one, to Ben backwards until nothing more gets in, to Cleo
    /// mixed up and by handfuls: all end the same, also when all is worked out anew. Answers what
    /// Ann said at first.
    pub fn spread(&mut self, objects: &[Vec<u8>]) -> Vec<Outcome> {
        let one = |bytes: &Vec<u8>| std::slice::from_ref(bytes).to_vec();
        let said: Vec<Outcome> =
            objects.iter().map(|object| self.receive(ANN, &one(object)).remove(0)).collect();
        let rounds = objects.len().min(6);
        for _ in 0..rounds {
            for object in objects.iter().rev() {
                self.receive(BEN, &one(object));
            }
        }
        let (mut chance, mut mixed) = (Chance(99), objects.to_vec());
        for _ in 0..rounds {
            chance.shuffle(&mut mixed);
            for handful in mixed.chunks(3) {
                self.receive(CLEO, handful);
            }
        }
        for who in [ANN, BEN, CLEO] {
            self.receive(who, objects);
        }
        self.assert_alike();
        said
    }

    /// Ann, Ben and Cleo show the same, and the same again when it is worked out anew.
    pub fn assert_alike(&mut self) {
        let (dumped, wrong) = (self.dump(ANN), self.sorted_refused(ANN));
        for who in [ANN, BEN, CLEO] {
            assert_same(&self.dump(who), &dumped, NAMES[who]);
            assert_eq!(self.sorted_refused(who), wrong, "{}", NAMES[who]);
            self.laptops[who].store().unwrap().rebuild().unwrap();
            assert_same(&self.dump(who), &dumped, "worked out anew");
        }
    }

    fn sorted_refused(&self, who: usize) -> Vec<RefusedObject> {
        let mut refused = self.refused(who);
        refused.sort_by_key(|object| object.hash);
        refused
    }

    /// Somebody pays a bill, and it counts for everybody else.
    pub fn goes_on(&mut self, who: usize) {
        let bill = self.harbor.pay(&mut self.laptops[who], 777, "It goes on");
        for other in [ANN, BEN, CLEO].into_iter().filter(|other| *other != who) {
            self.give(who, other);
            assert_eq!(self.harbor.state(&self.laptops[other], &bill), Some(State::Ok));
        }
    }

    /// Money as somebody sees it.
    pub fn sums(&self, who: usize) -> String {
        format!("{:?}", self.laptops[who].reader().sums(&self.harbor.book).unwrap())
    }
}

/// Every file below a folder, by its path.
pub fn files(under: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![under.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => found.push(entry.path()),
            }
        }
    }
    found.sort();
    found
}

/// Files below a folder that hold a word, whatever its case, or have it in their names.
pub fn holding(under: &Path, word: &str) -> Vec<PathBuf> {
    let word = word.to_lowercase();
    let mut found = files(under);
    found.retain(|path| {
        let bytes = fs::read(path).unwrap().to_ascii_lowercase();
        let inside = bytes.windows(word.len()).any(|part| part == word.as_bytes());
        inside || path.to_string_lossy().to_lowercase().contains(&word)
    });
    found
}

pub fn key(kind: Kind, id: RecordId) -> Key {
    Key { kind: kind.name().to_owned(), id }
}
