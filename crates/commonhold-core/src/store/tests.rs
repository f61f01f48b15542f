#![allow(clippy::arithmetic_side_effects)]
mod again;
mod attachments;
mod conservation;
mod judge;
mod many;
mod unshown;

use super::*;
use crate::authority::Statement;
use crate::date::{Date, Time};
use crate::document::{Edit, Key};
use crate::id::{RecordId, mint};
use crate::json::Fields;
use crate::keys::DeviceKeys;
use crate::projection::{Query, State};
use crate::records::Kind;
use serde_json::{Value, json};

struct Laptop {
    store: Store,
    clock: i64,
    _folder: tempfile::TempDir,
}

impl Laptop {
    fn new(n: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::new(DeviceKeys::from_seed([n; 32]), [n; 16], [n; 32]);
        let store = Store::open(&folder.path().join("book.sqlite"), identity).unwrap();
        Self { store, clock: 1_780_000_000_000 + i64::from(n), _folder: folder }
    }

    fn add(&mut self, book: &BookId, kind: Kind, fields: Value) -> RecordId {
        self.clock += 1000;
        let fields: Fields = fields.as_object().cloned().unwrap();
        let info = kind.info();
        let judged = (info.judge)(&fields);
        assert_eq!(judged.problems, []);
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.clock.to_be_bytes());
        let id = info.id(book, &judged, mint(u64::try_from(self.clock).unwrap(), random));
        let home = judged.home.unwrap();
        let document = self.store.document_for(book, kind, &id, &home, &mut Default::default());
        let key = Key { kind: kind.name().into(), id };
        let edit = match info.form {
            crate::record::Form::Entry => Edit::Entry(key, fields),
            crate::record::Form::Living => Edit::Fields(key, fields),
        };
        let act = Act { document: document.unwrap(), edit };
        assert!(self.store.write(book, Time(self.clock), &[act], &mut |_| true).unwrap());
        id
    }

    fn all(&self, book: &BookId) -> Vec<Vec<u8>> {
        let logs = self.store.logs(book).unwrap();
        logs.iter()
            .flat_map(|log| self.store.objects(log.n, 0, 1000).unwrap())
            .map(|o| o.1)
            .collect()
    }

    fn dump(&self, book: &BookId) -> Vec<String> {
        let mut lines = Vec::new();
        self.store.dump(book, &mut |line| lines.push(line.to_owned())).unwrap();
        lines
    }
}

fn transaction(account: RecordId, other: RecordId, fund: RecordId, amount: &str) -> Value {
    let back = crate::Money::from_decimal(amount, crate::Currency::EUR).unwrap();
    json!({"date": "2026-05-04", "narration": "Hosting invoice", "postings": [
        {"account": account, "amount": back.negated(), "fund": fund},
        {"account": other, "amount": back, "fund": fund}]})
}

fn founded(laptop: &mut Laptop) -> (BookId, [RecordId; 3]) {
    let now = Time(laptop.clock);
    let genesis = laptop.store.genesis_of("Harbor", now, [1; 16], mint(1, [7; 10]), "Laptop");
    laptop.store.begin(&genesis, now, &[]).unwrap();
    let book = genesis.book();
    let bank = laptop.add(&book, Kind::Account, json!({"path": "Assets:Bank", "type": "asset"}));
    let host =
        laptop.add(&book, Kind::Account, json!({"path": "Expenses:Hosting", "type": "expense"}));
    let fund =
        laptop.add(&book, Kind::Fund, json!({"name": "general", "restriction": "unrestricted"}));
    (book, [bank, host, fund])
}

/// Makes a laptop one more device of the founder.
fn admit(by: &mut Laptop, other: &Laptop, book: &BookId) {
    let authority = by.store.authority(book).unwrap();
    let person = authority.state().active(&by.store.device()).unwrap().person;
    let identity = other.store.identity();
    let statement = Statement::Device {
        person,
        device: identity.device(),
        sealing: identity.keys().sealing(),
        log: identity.log(book),
        label: "Other laptop".into(),
        recovery: false,
    };
    by.clock += 1;
    by.store.say(book, Time(by.clock), &[statement]).unwrap();
}

fn exchange(from: &Laptop, to: &mut Laptop, book: &BookId) {
    let objects = from.all(book);
    assert!(objects.iter().any(|object| to.store.join(object).is_ok()));
    let received = to.store.receive(book, &objects).unwrap();
    assert!(!received.outcomes.iter().any(|o| matches!(o, Outcome::Refused(_))), "{received:?}");
    assert_eq!(received.waiting, 0);
}

#[test]
fn a_write_is_listed_found_summed_and_survives_reopening_and_rebuilding() {
    let mut a = Laptop::new(1);
    let (book, [bank, host, fund]) = founded(&mut a);
    a.add(&book, Kind::Transaction, transaction(bank, host, fund, "412.35"));
    let page =
        a.store.list(&book, Kind::Transaction, &Query { limit: 10, ..Query::default() }).unwrap();
    assert_eq!(page.total, 1);
    assert_eq!(page.rows[0].fields["postings"][0]["amount"], "-412.35 EUR");
    assert_eq!(a.store.search(&book, "hosting inv", 0, 10).unwrap().0, 1);
    let sums: i64 = a.store.sums(&book).unwrap().iter().map(|s| s.amount.minor.abs()).sum();
    assert_eq!(sums, 2 * 41235);
    let before = a.dump(&book);
    a.store.tidy().unwrap();
    a.store.rebuild().unwrap();
    assert_eq!(a.dump(&book), before);
    let ledger = crate::reports::finance::ledger::Ledger::load(
        &a.store,
        &book,
        None,
        Date::new(2026, 11, 21).unwrap(),
    )
    .unwrap();
    let overview = crate::reports::finance::overview::overview(&ledger);
    assert_eq!(
        (overview.at.to_string().as_str(), overview.total.as_str()),
        ("2026-05-31", "-412.35 EUR")
    );
}

#[test]
fn two_laptops_end_up_identical_in_any_order() {
    let mut a = Laptop::new(1);
    let (book, [bank, host, fund]) = founded(&mut a);
    let mut b = Laptop::new(2);
    admit(&mut a, &b, &book);
    exchange(&a, &mut b, &book);
    let first = a.add(&book, Kind::Transaction, transaction(bank, host, fund, "10.00"));
    exchange(&a, &mut b, &book);
    for (laptop, amount) in [(&mut a, "11.00"), (&mut b, "12.00")] {
        let mut correction = transaction(bank, host, fund, amount);
        correction["corrects"] = json!(first);
        laptop.add(&book, Kind::Transaction, correction);
        laptop.add(&book, Kind::Account, json!({"path": "Assets:Cash", "type": "asset"}));
    }
    let rows: Vec<_> = a
        .store
        .list(&book, Kind::Transaction, &Query { limit: 10, ..Query::default() })
        .unwrap()
        .rows;
    assert_eq!(rows.len(), 1);
    exchange(&a, &mut b, &book);
    exchange(&b, &mut a, &book);
    exchange(&b, &mut a, &book);
    assert_eq!(a.dump(&book), b.dump(&book));
    let state = |id| a.store.record(&book, Kind::Transaction, id).unwrap().unwrap().state;
    assert_eq!(state(&first), State::Superseded);
    let effective =
        a.store.list(&book, Kind::Transaction, &Query { limit: 10, ..Query::default() }).unwrap();
    assert_eq!(effective.total, 1, "one of two rival corrections counts");
    a.add(
        &book,
        Kind::Withdrawal,
        json!({"kind": "transaction", "target": effective.rows[0].id, "reason": "wrong"}),
    );
    let next =
        a.store.list(&book, Kind::Transaction, &Query { limit: 10, ..Query::default() }).unwrap();
    assert!(next.total == 1 && next.rows[0].id != effective.rows[0].id, "the rival counts now");
    let before = a.dump(&book);
    a.store.rebuild().unwrap();
    assert_eq!(a.dump(&book), before);
    exchange(&a, &mut b, &book);
    assert_eq!(a.dump(&book), b.dump(&book));
}

#[test]
fn of_a_chain_of_corrections_one_record_counts_whatever_is_withdrawn() {
    let mut a = Laptop::new(1);
    let (book, [bank, host, fund]) = founded(&mut a);
    let corrected = |id: RecordId, amount: &str| {
        let mut fields = transaction(bank, host, fund, amount);
        fields["corrects"] = json!(id);
        fields
    };
    let first = a.add(&book, Kind::Transaction, transaction(bank, host, fund, "10.00"));
    let second = a.add(&book, Kind::Transaction, corrected(first, "11.00"));
    let third = a.add(&book, Kind::Transaction, corrected(second, "12.00"));
    let counting = |a: &Laptop| -> Vec<RecordId> {
        let query = Query { limit: 10, ..Query::default() };
        let page = a.store.list(&book, Kind::Transaction, &query).unwrap();
        page.rows.iter().map(|row| row.id).collect()
    };
    assert_eq!(counting(&a), [third]);
    let withdraw = |id: RecordId| json!({"kind": "transaction", "target": id, "reason": "wrong"});
    a.add(&book, Kind::Withdrawal, withdraw(second));
    assert_eq!(counting(&a), [third]);
    a.add(&book, Kind::Withdrawal, withdraw(third));
    assert_eq!(counting(&a), [first]);
    let other_kind = json!({"kind": "page", "target": first, "reason": "wrong kind"});
    a.add(&book, Kind::Withdrawal, other_kind);
    assert_eq!(counting(&a), [first]);
    let before = a.dump(&book);
    a.store.rebuild().unwrap();
    assert_eq!(a.dump(&book), before);
}

#[test]
fn words_of_every_script_are_found() {
    let mut a = Laptop::new(1);
    let (book, _) = founded(&mut a);
    for name in ["हिन्दी", "Ärger über Öl", "会計", "a Ⓑc d", "Straße", "e\u{301}te"]
    {
        a.add(&book, Kind::Fund, json!({"name": name, "restriction": "unrestricted"}));
        assert!(a.store.search(&book, name, 0, 10).unwrap().0 >= 1, "{name}");
    }
    assert_eq!(a.store.search(&book, "arger", 0, 10).unwrap().0, 1);
    assert_eq!(a.store.search(&book, "\" OR * NEAR( -", 0, 10).unwrap().0, 0);
}

#[test]
fn forged_foreign_and_early_objects_change_nothing_and_a_fork_is_the_same_for_all() {
    let mut a = Laptop::new(1);
    let (book, [bank, host, fund]) = founded(&mut a);
    let mut b = Laptop::new(2);
    exchange(&a, &mut b, &book);
    for amount in ["1.00", "2.00"] {
        a.add(&book, Kind::Transaction, transaction(bank, host, fund, amount));
    }
    let objects = a.all(&book);
    let before = b.dump(&book);
    let last = objects.last().unwrap().clone();
    assert_eq!(b.store.receive(&book, &[last]).unwrap().outcomes, [Outcome::Early]);
    let mut bad = objects[4].clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    let outcomes = b.store.receive(&book, &[bad, vec![], objects[0].clone()]).unwrap().outcomes;
    assert!(matches!(outcomes[..], [Outcome::Refused(_), Outcome::Refused(_), Outcome::Duplicate]));
    assert_eq!(b.dump(&book), before);
    // The same device, a copied profile: another object at the same place.
    let mut copy = Laptop::new(1);
    assert_eq!(founded(&mut copy).0, book);
    copy.add(&book, Kind::Transaction, transaction(bank, host, fund, "9.00"));
    let forged = copy.all(&book).into_iter().find(|o| !objects.contains(o)).unwrap();
    exchange(&a, &mut b, &book);
    let mut c = Laptop::new(3);
    c.store.join(&objects[0]).unwrap();
    exchange(&copy, &mut c, &book);
    assert_eq!(b.store.receive(&book, &[forged]).unwrap().outcomes, [Outcome::Stored]);
    exchange(&a, &mut c, &book);
    assert_eq!(b.dump(&book), c.dump(&book));
    assert_eq!(b.store.log_heads(&book).unwrap(), c.store.log_heads(&book).unwrap());
    let forks = b.store.forks(&book).unwrap();
    assert_eq!((forks.len(), forks[0].branches.len()), (1, 2));
}

#[test]
fn an_object_waits_for_what_it_builds_on() {
    let mut a = Laptop::new(1);
    let (book, [bank, host, fund]) = founded(&mut a);
    let mut b = Laptop::new(2);
    admit(&mut a, &b, &book);
    exchange(&a, &mut b, &book);
    let first = a.add(&book, Kind::Transaction, transaction(bank, host, fund, "1.00"));
    exchange(&a, &mut b, &book);
    b.add(
        &book,
        Kind::Withdrawal,
        json!({"kind": "transaction", "target": first, "reason": "double"}),
    );
    let mut c = Laptop::new(3);
    let (of_a, of_b): (Vec<_>, Vec<_>) = b
        .all(&book)
        .into_iter()
        .partition(|o| crate::object::Object::open(o).unwrap().device == a.store.device());
    c.store.join(&of_a[0]).unwrap();
    let strangers = c.store.receive(&book, &of_b).unwrap();
    assert!(strangers.outcomes.iter().all(|outcome| *outcome == Outcome::Stranger));
    let (last, earlier) = of_a.split_last().unwrap();
    assert_eq!(c.store.receive(&book, earlier).unwrap().waiting, 0);
    assert_eq!(c.store.receive(&book, &of_b).unwrap().waiting, 1);
    assert_eq!(c.store.receive(&book, std::slice::from_ref(last)).unwrap().waiting, 0);
    assert_eq!(c.dump(&book), b.dump(&book));
}

#[test]
fn a_new_log_goes_on_from_the_last_object_of_the_one_before() {
    let mut a = Laptop::new(1);
    let (book, _) = founded(&mut a);
    // What it says last is stored before what it wrote is applied, where all comes at once.
    admit(&mut a, &Laptop::new(2), &book);
    let mut restored = Laptop::new(1);
    exchange(&a, &mut restored, &book);
    restored.store.renew([9; 16]).unwrap();
    restored.add(&book, Kind::Account, json!({"path": "Assets:Cash", "type": "asset"}));
    let (own, last) = (restored.store.identity().log(&book), a.store.log_heads(&book).unwrap());
    let first = restored.store.objects_of(&book, &own, 0, (1, 1000)).unwrap().remove(0).1;
    assert_eq!(crate::object::Object::reopen(&first).unwrap().previous, last[0].2);
}
