//! A small service to write to.

use super::{Laptop, Still, device, fields, person, say};
use commonhold_app::App;
use commonhold_app::clock::World;
use commonhold_app::commands::records::{self, Query};
use commonhold_app::commands::service::{self, NewService};
use commonhold_core::authority::Statement;
use commonhold_core::keys::DeviceKeys;
use commonhold_core::projection::State;
use commonhold_core::store::{Identity, Reader};
use commonhold_core::{BookId, Currency, Kind, Money, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A service and the records tests name most.
#[derive(Clone, Copy, Debug)]
pub struct Harbor {
    pub book: BookId,
    pub bank: RecordId,
    pub hosting: RecordId,
    pub gifts: RecordId,
    pub fund: RecordId,
    pub page: RecordId,
}

/// Begins a service with two pages' worth of words in one page.
pub fn found(laptop: &mut Laptop) -> Harbor {
    let new = NewService {
        name: "Harbor".into(),
        purpose: "A package mirror".into(),
        category: "package registry".into(),
        phase: "operating".into(),
        reporting_currency: "EUR".into(),
        ..NewService::default()
    };
    let book = service::create(laptop, &new).unwrap();
    admit_laptops(laptop, &book);
    let page = json!({"title": "Minutes", "kind": "minutes",
        "body": "# Minutes\n\nPresent: Ada, Ben.\n\n- The mirror answers.\n"});
    let page = records::add(laptop, &book, Kind::Page, fields(page)).unwrap();
    Harbor {
        book,
        bank: named(laptop.reader(), &book, Kind::Account, "Assets:Bank"),
        hosting: named(laptop.reader(), &book, Kind::Account, "Expenses:Program:Hosting"),
        gifts: named(laptop.reader(), &book, Kind::Account, "Income:Donations:OneTime"),
        fund: named(laptop.reader(), &book, Kind::Fund, "general"),
        page,
    }
}

/// Makes the laptops of the other tests devices of the founder: what they are made of comes from
/// their seeds.
fn admit_laptops(laptop: &mut Laptop, book: &BookId) {
    let own = laptop.store().unwrap().device();
    let founder = person(laptop, book);
    let devices: Vec<Statement> = (1..=5)
        .map(|seed| {
            let mut world = Still::new(seed);
            let (mut key, mut install) = ([0; 32], [0; 16]);
            world.random(&mut key).unwrap();
            world.random(&mut install).unwrap();
            Identity::new(DeviceKeys::from_seed(key), install, [0; 32])
        })
        .filter(|identity| identity.device() != own)
        .map(|identity| device(book, founder, &identity, "Another laptop"))
        .collect();
    say(laptop, book, &devices);
}

/// The id of the record with this title.
pub fn named(reader: &Reader, book: &BookId, kind: Kind, title: &str) -> RecordId {
    let query = Query { limit: 500, ..Query::default() };
    let rows = records::list(reader, book, kind, &query).unwrap().rows;
    rows.iter().find(|row| row.title == title).unwrap_or_else(|| panic!("no {kind} {title}")).id
}

impl Harbor {
    /// Fields of a transaction that pays so many cents for hosting.
    pub fn bill(&self, cents: i64, what: &str) -> Value {
        let amount = |minor| Money::new(minor, Currency::EUR).to_string();
        json!({"date": "2026-05-04", "narration": what, "postings": [
            {"account": self.bank, "amount": amount(-cents), "fund": self.fund},
            {"account": self.hosting, "amount": amount(cents), "fund": self.fund}]})
    }

    /// Pays so many cents for hosting.
    pub fn pay(&self, app: &mut App, cents: i64, what: &str) -> RecordId {
        let bill = fields(self.bill(cents, what));
        records::add(app, &self.book, Kind::Transaction, bill).unwrap()
    }

    /// Changes one field of a living record.
    pub fn set(&self, app: &mut App, kind: Kind, id: &RecordId, field: &str, to: Value) {
        let change = fields(json!({field: to}));
        records::edit(app, &self.book, kind, id, change, &BTreeMap::new()).unwrap();
    }

    /// The page's text.
    pub fn text(&self, app: &App) -> String {
        let page = app.reader().record(&self.book, Kind::Page, &self.page).unwrap().unwrap();
        page.fields["body"].as_str().unwrap().to_owned()
    }

    /// Changes the page's text as a person does who sees it.
    pub fn write(&self, app: &mut App, text: &str) {
        let base = BTreeMap::from([("body".to_owned(), self.text(app))]);
        let change = fields(json!({"body": text}));
        records::edit(app, &self.book, Kind::Page, &self.page, change, &base).unwrap();
    }

    /// What became of a transaction.
    pub fn state(&self, app: &App, id: &RecordId) -> Option<State> {
        app.reader().state(&self.book, Kind::Transaction, id).unwrap()
    }
}
