//! A small book whose numbers were worked out by hand.
#![allow(clippy::arithmetic_side_effects)]

mod audit;
mod closes;
mod plans;

use super::ledger::Ledger;
use crate::date::{Date, Time};
use crate::document::{Edit, Key};
use crate::id::{BookId, RecordId, mint};
use crate::json::Fields;
use crate::keys::DeviceKeys;
use crate::records::Kind;
use crate::store::{Act, Identity, Store};
use serde_json::{Value, json};

const END: &str = "2026-06-30";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

struct Book {
    store: Store,
    clock: i64,
    id: BookId,
    me: RecordId,
    bank: RecordId,
    equity: RecordId,
    monthly: RecordId,
    once: RecordId,
    hosting: RecordId,
    fees: RecordId,
    fund: RecordId,
    grant: RecordId,
    _folder: tempfile::TempDir,
}

impl Book {
    /// A service with accounts and funds and no entries.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::new(DeviceKeys::from_seed([7; 32]), [7; 16], [7; 32]);
        let mut store = Store::open(&folder.path().join("book.sqlite"), identity).unwrap();
        let (now, me) = (Time(1_780_000_000_000), mint(1, [7; 10]));
        let genesis = store.genesis_of("Harbor", now, [1; 16], me, "Laptop");
        store.begin(&genesis, now, &[]).unwrap();
        let none = RecordId::nil();
        let mut book = Self {
            store,
            clock: now.0,
            id: genesis.book(),
            me,
            bank: none,
            equity: none,
            monthly: none,
            once: none,
            hosting: none,
            fees: none,
            fund: none,
            grant: none,
            _folder: folder,
        };
        let account = |path: &str, kind: &str| json!({"path": path, "type": kind});
        book.bank = book.add(Kind::Account, account("Assets:Bank", "asset"));
        book.equity = book.add(Kind::Account, account("Equity:Opening", "equity"));
        book.once = book.add(Kind::Account, account("Income:Gifts:Once", "income"));
        book.hosting = book.add(Kind::Account, account("Expenses:Program:Hosting", "expense"));
        book.fees = book.add(Kind::Account, account("Expenses:Admin:Bank", "expense"));
        let mut monthly = account("Income:Gifts:Monthly", "income");
        monthly["recurrence"] = json!("monthly");
        book.monthly = book.add(Kind::Account, monthly);
        let fund = |name: &str, restriction: &str| json!({"name": name, "restriction": restriction, "purpose": "As agreed"});
        book.fund = book.add(Kind::Fund, fund("general", "unrestricted"));
        book.grant = book.add(Kind::Fund, fund("grant-mirrors", "donor-restricted"));
        book
    }

    /// April to June: 1000.00 to begin with; 100.00 a month for hosting; 60.00 a month from otter;
    /// in April 120.00 from the city for a year; in May 30.00 from nobody known.
    fn quarter() -> (Self, [RecordId; 2]) {
        let mut book = Self::new();
        let otter = book.add(Kind::Donor, json!({"name": "otter", "type": "individual"}));
        let city = book.add(Kind::Donor, json!({"name": "The city", "type": "public-entity"}));
        let (bank, equity, once) = (book.bank, book.equity, book.once);
        book.pay("2026-04-01", equity, bank, "1000.00", json!({}));
        for month in ["2026-04", "2026-05", "2026-06"] {
            let (hosting, monthly) = (book.hosting, book.monthly);
            book.pay(&format!("{month}-05"), bank, hosting, "100.00", json!({"payee": "Host"}));
            book.pay(&format!("{month}-10"), monthly, bank, "60.00", json!({"donor": otter}));
        }
        let year = json!({"donor": city, "interval": "yearly", "period_from": "2026-04-01",
            "period_to": "2027-03-31"});
        book.pay("2026-04-20", once, bank, "120.00", year);
        book.pay("2026-05-15", once, bank, "30.00", json!({}));
        (book, [otter, city])
    }

    fn add(&mut self, kind: Kind, fields: Value) -> RecordId {
        self.clock += 1000;
        let fields: Fields = fields.as_object().cloned().unwrap();
        let info = kind.info();
        let judged = (info.judge)(&fields);
        assert_eq!(judged.problems, [], "{kind}");
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.clock.to_be_bytes());
        let id = info.id(&self.id, &judged, mint(u64::try_from(self.clock).unwrap(), random));
        self.write(kind, id, fields);
        id
    }

    fn write(&mut self, kind: Kind, id: RecordId, fields: Fields) {
        let home = (kind.info().judge)(&fields).home.unwrap();
        let document =
            self.store.document_for(&self.id, kind, &id, &home, &mut Default::default()).unwrap();
        let key = Key { kind: kind.name().into(), id };
        let edit = match kind.info().form {
            crate::record::Form::Entry => Edit::Entry(key, fields),
            crate::record::Form::Living => Edit::Fields(key, fields),
        };
        let act = Act { document, edit };
        assert!(self.store.write(&self.id, Time(self.clock), &[act], &mut |_| true).unwrap());
    }

    /// The fields of an entry that moves an amount from one account to another.
    fn entry(&self, date: &str, from: RecordId, to: RecordId, amount: &str, more: Value) -> Value {
        let mut fields = json!({"date": date, "narration": "An entry", "postings": [
            {"account": from, "amount": format!("-{amount} EUR"), "fund": self.fund},
            {"account": to, "amount": format!("{amount} EUR"), "fund": self.fund}]});
        for (name, value) in more.as_object().unwrap() {
            fields[name] = value.clone();
        }
        fields
    }

    fn pay(
        &mut self,
        date: &str,
        from: RecordId,
        to: RecordId,
        amount: &str,
        more: Value,
    ) -> RecordId {
        let fields = self.entry(date, from, to, amount, more);
        self.add(Kind::Transaction, fields)
    }

    fn withdraw(&mut self, kind: Kind, target: RecordId) -> RecordId {
        self.add(Kind::Withdrawal, json!({"kind": kind, "target": target, "reason": "Wrong"}))
    }

    fn ledger(&self, at: &str) -> Ledger {
        Ledger::load(&self.store, &self.id, Some(day(at)), day("2026-11-21")).unwrap()
    }
}
