//! An exchange that finds nothing new, counted: what it asks the place for, and what it loads.

use crate::Failed;
use crate::measure::timed;
use commonhold_app::App;
use commonhold_app::places::Address;
use commonhold_core::BookId;
use commonhold_core::keys::Topic;
use commonhold_sync::exchange::{Options, Visit, exchange};
use commonhold_sync::shelf::{Error, Item, Room, Shelf};
use serde_json::{Map, Value, json};

/// A shelf, and what it was asked for.
struct Counted {
    shelf: Box<dyn Shelf>,
    asked: u64,
    bytes: u64,
}

impl Counted {
    fn count(&mut self, bytes: usize) {
        self.asked = self.asked.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }
}

impl Shelf for Counted {
    fn place(&self) -> String {
        self.shelf.place()
    }

    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, Error> {
        let items = self.shelf.list(prefix)?;
        self.count(items.iter().map(|item| item.name.len()).sum());
        Ok(items)
    }

    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        let bytes = self.shelf.get(name, most)?;
        self.count(bytes.as_ref().map_or(0, Vec::len));
        Ok(bytes)
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.count(bytes.len());
        self.shelf.put(name, bytes)
    }

    fn remove(&mut self, name: &str) -> Result<(), Error> {
        self.count(0);
        self.shelf.remove(name)
    }

    fn is_near(&self) -> bool {
        self.shelf.is_near()
    }

    fn takes(&self) -> bool {
        self.shelf.takes()
    }
}

/// Exchanges once with a place to know it, then again with nothing new: the time of that, how many
/// documents it loaded, how often it asked and how many bytes of files and names it was told. On a
/// relay each question is a round trip; what it lists again it remembers, so the names are an upper
/// bound.
pub fn at_rest(
    app: &mut App,
    book: &BookId,
    rest: &[String],
) -> Result<Map<String, Value>, Failed> {
    let [place, ..] = rest else {
        return Err("with which place?".into());
    };
    let place = app.place(&Address::parse(place)?)?;
    let topic = app.reader().keyring(book)?.of_book().first().map(|(key, _)| Topic::of_key(key));
    let shelf = place.shelf(&Room::Book(*book, topic))?;
    let mut shelf = Counted { shelf, asked: 0, bytes: 0 };
    let (mut visit, options) = (Visit::default(), Options::full(app.now()));
    let store = app.store()?;
    let on: &mut dyn FnMut(u64, u64) -> bool = &mut |_, _| true;
    exchange(store, &mut shelf, &mut visit, book, options, on)?;
    (shelf.asked, shelf.bytes) = (0, 0);
    let before = store.documents_loaded();
    let (report, time) = timed(|| Ok(exchange(store, &mut shelf, &mut visit, book, options, on)?))?;
    if (report.sent, report.received) != (0, 0) {
        return Err("there was something new".into());
    }
    let mut out = super::one("rest", time);
    out.insert("loaded".into(), json!(store.documents_loaded().saturating_sub(before)));
    out.insert("asked".into(), json!(shelf.asked));
    out.insert("bytes".into(), json!(shelf.bytes));
    Ok(out)
}
