//! A person who writes while nobody else can be reached.

use crate::support::{Chance, Harbor, Laptop, fields, harbor};
use commonhold_app::Code;
use commonhold_app::commands::records::{self, Query};
use commonhold_core::projection::State;
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};

/// Records both people had when they parted: what they quarrel about.
pub struct Common {
    pub bills: Vec<RecordId>,
    pub people: Vec<RecordId>,
}

impl Common {
    /// Writes them.
    pub fn begin(laptop: &mut Laptop, harbor: &Harbor) -> Self {
        let bills =
            (0..60).map(|n| harbor.pay(laptop, 1000 + n, &format!("Old bill {n}"))).collect();
        let mut people = Vec::new();
        for name in ["Ada", "Ben", "night-owl"] {
            let person = fields(json!({"public_name": name}));
            people.push(records::add(laptop, &harbor.book, Kind::Person, person).unwrap());
        }
        Self { bills, people }
    }
}

/// One person at work.
pub struct Writer<'a> {
    pub laptop: &'a mut Laptop,
    pub harbor: &'a Harbor,
    pub common: &'a Common,
    pub chance: Chance,
    own: Vec<RecordId>,
    done: usize,
}

impl<'a> Writer<'a> {
    pub fn new(laptop: &'a mut Laptop, harbor: &'a Harbor, common: &'a Common, seed: u64) -> Self {
        Self { laptop, harbor, common, chance: Chance(seed), own: Vec::new(), done: 0 }
    }

    /// Makes so many edits, a mix of all there is.
    pub fn edit(&mut self, edits: usize) {
        let wanted = self.written() + edits as u64;
        while self.written() < wanted {
            self.done += 1;
            match self.chance.below(100) {
                0..55 => self.pay(),
                55..70 => self.change_field(),
                70..80 => self.change_text(),
                80..88 => self.correct(),
                88..96 => self.withdraw(),
                _ => self.name_an_account(),
            }
        }
    }

    /// How many objects this laptop wrote: an edit that changes nothing is none.
    fn written(&self) -> u64 {
        let logs = self.laptop.reader().logs(&self.harbor.book).unwrap();
        logs.iter().filter(|log| log.own).map(|log| log.last).sum()
    }

    fn pay(&mut self) {
        let cents = 1 + self.chance.below(100_000) as i64;
        let what = format!("Bill {} of {}", self.done, self.chance.below(7));
        let mut bill = self.harbor.bill(cents, &what);
        let (month, day) = (1 + self.chance.below(12), 1 + self.chance.below(28));
        let year = 2025 + self.chance.below(2);
        bill["date"] = json!(format!("{year}-{month:02}-{day:02}"));
        if self.chance.below(4) == 0 {
            bill["postings"][1]["account"] = json!(self.harbor.gifts);
            bill["payee"] = json!("Ödön & Søn");
        }
        let book = self.harbor.book;
        self.own.push(records::add(self.laptop, &book, Kind::Transaction, fields(bill)).unwrap());
    }

    /// Fields both people change, so that many end up with rival values.
    fn change_field(&mut self) {
        let word = format!("words {}", self.chance.below(1000));
        let yes = self.chance.below(2) == 0;
        let person = *self.chance.pick(&self.common.people);
        let service =
            harbor::named(self.laptop.reader(), &self.harbor.book, Kind::Service, "Harbor");
        let day = format!("2026-12-{:02}", 1 + self.chance.below(28));
        let (kind, id, field, to) = match self.chance.below(6) {
            0 => (Kind::Person, person, "note", json!(word)),
            1 => (Kind::Person, person, "show_name", json!(yes)),
            2 => (Kind::Fund, self.harbor.fund, "purpose", json!(word)),
            3 => {
                (Kind::Fund, self.harbor.fund, "until", if yes { Value::Null } else { json!(day) })
            }
            4 => (Kind::Service, service, "purpose", json!(word)),
            _ => (Kind::Service, service, "languages", json!(["en", word])),
        };
        self.harbor.set(self.laptop, kind, &id, field, to);
    }

    fn change_text(&mut self) {
        let mut lines: Vec<String> =
            self.harbor.text(self.laptop).lines().map(str::to_owned).collect();
        let place = self.chance.below(lines.len());
        match self.chance.below(3) {
            0 if lines.len() > 8 => drop(lines.remove(place)),
            1 => lines[place].push_str(" — noch etwas…"),
            _ => lines.insert(place, format!("- Point {} 🌱", self.chance.below(500))),
        }
        self.harbor.write(self.laptop, &lines.join("\n"));
    }

    /// Something that both may correct or withdraw, or only this person knows.
    fn some_bill(&mut self) -> RecordId {
        let shared = self.chance.below(3) > 0 || self.own.is_empty();
        *self.chance.pick(if shared { &self.common.bills } else { &self.own })
    }

    fn correct(&mut self) {
        let id = self.some_bill();
        if self.harbor.state(self.laptop, &id) != Some(State::Ok) {
            return;
        }
        let cents = 1 + self.chance.below(5000) as i64;
        let bill = fields(self.harbor.bill(cents, "Corrected"));
        let book = self.harbor.book;
        self.own.push(records::correct(self.laptop, &book, &id, bill).unwrap());
    }

    fn withdraw(&mut self) {
        let id = self.some_bill();
        let book = self.harbor.book;
        let counts = self.harbor.state(self.laptop, &id) == Some(State::Ok);
        let done = records::withdraw(self.laptop, &book, Kind::Transaction, &id, "entered twice");
        assert_eq!(done.is_ok(), counts, "{done:?}");
    }

    /// A record with the same id on both laptops.
    fn name_an_account(&mut self) {
        let path = format!("Expenses:Program:New{}", self.chance.below(60));
        let book = self.harbor.book;
        let function = *self.chance.pick(&["program", "admin", "fundraising"]);
        let account = fields(json!({"path": path, "type": "expense", "function": function}));
        if let Err(failure) = records::add(self.laptop, &book, Kind::Account, account) {
            assert_eq!(failure.code, Code::Exists, "{failure}");
        }
    }
}

/// How many records stand in each state, and how many hold rival values: a merge test in which
/// nothing was at odds would prove little.
pub fn quarrels(laptop: &Laptop, harbor: &Harbor) -> (usize, usize, usize, usize) {
    let all = Query { limit: 500, include_ineffective: true, ..Query::default() };
    let (mut withdrawn, mut superseded, mut rival, mut conflicts) = (0, 0, 0, 0);
    for kind in Kind::ALL {
        let mut offset = 0;
        loop {
            let query = Query { offset, ..all.clone() };
            let page = records::list(laptop.reader(), &harbor.book, *kind, &query).unwrap();
            for row in &page.rows {
                withdrawn += usize::from(row.state == State::Withdrawn);
                superseded += usize::from(row.state == State::Superseded);
                rival += usize::from(row.state == State::Rival);
                conflicts += row.conflicts as usize;
            }
            offset += 500;
            if offset >= page.total {
                break;
            }
        }
    }
    (withdrawn, superseded, rival, conflicts)
}
