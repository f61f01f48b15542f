//! Payments on laptops that are apart: one bill is one expense, an approval means what it saw, and
//! a bill that two paid is seen.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew};
use crate::support::{Laptop, alice, assert_same, bob, dump, fields, found, give, sync};
use commonhold_app::commands::payments::{self, BatchOrder, ExpenseView, Payments};
use commonhold_app::commands::records;
use commonhold_app::{App, Code, Failure};
use commonhold_core::authority::Role;
use commonhold_core::reports::finance::payments::ExpenseState;
use commonhold_core::{BookId, Kind, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Records that can be paid with.
pub struct Money {
    pub book: BookId,
    pub bank: RecordId,
    pub hosting: RecordId,
    pub fund: RecordId,
    pub unsorted: RecordId,
    pub payee: RecordId,
}

pub fn add(app: &mut App, book: &BookId, kind: Kind, value: Value) -> RecordId {
    records::add(app, book, kind, fields(value)).unwrap()
}

/// 5,000 EUR in the bank, an account with bank details, a payee with an IBAN.
pub fn money(app: &mut App, harbor: &crate::support::Harbor) -> Money {
    let book = harbor.book;
    let own = json!({"name": "Harbor e.V.", "iban": "DE89 3704 0044 0532 0130 00"});
    let own = add(app, &book, Kind::Contact, own);
    harbor.set(app, Kind::Account, &harbor.bank, "contact", json!(own));
    let details = json!({"name": "Škoda & Søn – Hosting", "iban": "NL91ABNA0417164300"});
    let contact = add(app, &book, Kind::Contact, details);
    let payee = json!({"name": "Škoda & Søn – Hosting", "contact": contact});
    let payee = add(app, &book, Kind::Payee, payee);
    let unsorted = json!({"path": "Expenses:Uncategorised", "type": "expense"});
    let unsorted = add(app, &book, Kind::Account, unsorted);
    let gift = json!({"date": "2026-06-01", "narration": "Gifts", "postings": [
        {"account": harbor.bank, "amount": "5000.00 EUR", "fund": harbor.fund},
        {"account": harbor.gifts, "amount": "-5000.00 EUR", "fund": harbor.fund}]});
    add(app, &book, Kind::Transaction, gift);
    let (bank, hosting, fund) = (harbor.bank, harbor.hosting, harbor.fund);
    Money { book, bank, hosting, fund, unsorted, payee }
}

impl Money {
    pub fn schedule(&self) -> Value {
        json!({"payee": self.payee, "narration": "Hosting", "amount": "412.35 EUR",
            "amount_is": "fixed", "account": self.hosting, "fund": self.fund, "rule": "monthly",
            "from": "2026-07-05", "limit_per_occurrence": "450.00 EUR"})
    }

    pub fn bill(&self, what: &str, amount: &str) -> Value {
        json!({"payee": self.payee, "narration": what, "type": "bill", "amount": amount,
            "account": self.hosting, "fund": self.fund, "due": "2026-07-05"})
    }

    pub fn order(&self, expenses: &[RecordId]) -> BatchOrder {
        let (expenses, execute_on, version) = (expenses.to_vec(), None, None);
        BatchOrder { account: self.bank, expenses, execute_on, version }
    }

    /// A line of the bank's statement, as an import leaves it.
    pub fn line(&self, end_to_end_id: &str, amount: &str, n: u32) -> Value {
        json!({"date": "2026-07-06", "payee": "Hosting", "narration": format!("SEPA {n}"),
            "end_to_end_id": end_to_end_id, "source": format!("camt:{n}"), "postings": [
            {"account": self.bank, "amount": format!("-{amount}"), "fund": self.fund},
            {"account": self.unsorted, "amount": amount, "fund": self.fund}]})
    }
}

/// Two laptops of one founder that exchange through a folder.
pub struct Pair {
    pub laptops: [Laptop; 2],
    pub money: Money,
    pub folder: tempfile::TempDir,
}

pub fn pair() -> Pair {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    give(&a, &mut b, &harbor.book);
    let money = money(&mut a, &harbor);
    let mut pair = Pair { laptops: [a, b], money, folder: tempfile::tempdir().unwrap() };
    pair.meet();
    pair
}

impl Pair {
    /// Both exchange until they hold the same.
    pub fn meet(&mut self) {
        for _ in 0..3 {
            for laptop in &mut self.laptops {
                sync(laptop, &self.money.book, self.folder.path());
            }
        }
        let [a, b] = &self.laptops;
        assert_same(
            &dump(a.reader(), &self.money.book),
            &dump(b.reader(), &self.money.book),
            "the two",
        );
    }

    pub fn show(&mut self, who: usize) -> Payments {
        payments::my_payments(&mut self.laptops[who], &self.money.book).unwrap()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn only(all: &Payments) -> &ExpenseView {
    assert_eq!(all.expenses.len(), 1, "{:#?}", all.expenses);
    &all.expenses[0]
}

pub fn refused<T: std::fmt::Debug>(done: Result<T, Failure>, code: Code) -> String {
    let failure = done.unwrap_err();
    assert_eq!(failure.code, code, "{failure}");
    failure.to_string()
}

/// The hosting of July, approved for half a year, prepared by both while apart.
fn prepared_apart() -> (Pair, RecordId) {
    let mut pair = pair();
    let (book, plan) = (pair.money.book, pair.money.schedule());
    let a = &mut pair.laptops[0];
    let schedule = add(a, &book, Kind::Schedule, plan);
    payments::expense_approve(a, &book, Kind::Schedule, &schedule, "approve", "").unwrap();
    pair.meet();
    let until = "2026-07-14".parse().unwrap();
    let mut made = Vec::new();
    for laptop in &mut pair.laptops {
        made.push(payments::payments_prepare(laptop, &book, until).unwrap().added);
        assert!(payments::payments_prepare(laptop, &book, until).unwrap().added.is_empty());
    }
    assert_eq!((made[0].len(), &made[0]), (1, &made[1]));
    let id = made[0][0];
    (pair, id)
}

#[test]
fn one_bill_prepared_on_two_laptops_is_one_expense_with_one_id() {
    let (mut pair, id) = prepared_apart();
    let before: Vec<String> =
        (0..2).map(|who| only(&pair.show(who)).end_to_end_id.clone()).collect();
    pair.meet();
    let (book, order) = (pair.money.book, pair.money.order(&[id]));
    for who in 0..2 {
        let all = pair.show(who);
        let bill = only(&all);
        assert_eq!((bill.id, &bill.end_to_end_id), (id, &before[0]));
        assert_eq!(before[0], before[1]);
        assert_eq!(
            (bill.state, bill.may_pay, bill.preapproved),
            (ExpenseState::Approved, true, true)
        );
        assert!(bill.one_person_only, "the founder alone approved the schedule");
    }
    let path = pair.file("a.xml");
    let [a, b] = &mut pair.laptops;
    let why = refused(payments::batch_write(a, &book, &order, &path), Code::NotAllowed);
    assert!(why.contains("take the lease"), "{why}");
    payments::lease_take(a, &book, 30, "").unwrap();
    let done = payments::batch_write(a, &book, &order, &path).unwrap();
    assert!(done.sentence.contains("not sent until a statement"), "{}", done.sentence);
    let file = std::fs::read_to_string(&path).unwrap();
    for part in [
        "pain.001.001.09",
        "<NbOfTxs>1</NbOfTxs>",
        "<CtrlSum>412.35</CtrlSum>",
        "Skoda . Son . Hosting",
        "NL91ABNA0417164300",
        before[0].as_str(),
    ] {
        assert!(file.contains(part), "{part} in {file}");
    }
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    // It is in a file now, here and, once they have met, there.
    refused(
        payments::batch_write(a, &book, &order, &pair.folder.path().join("b.xml")),
        Code::Invalid,
    );
    sync(a, &book, pair.folder.path());
    sync(b, &book, pair.folder.path());
    let why = refused(payments::lease_take(b, &book, 30, ""), Code::NotAllowed);
    assert!(why.contains("until"), "{why}");
    assert_eq!(only(&pair.show(1)).state, ExpenseState::InBatch);
}

#[test]
fn two_who_export_one_bill_while_apart_see_both_files_and_the_statement_pays_it_once() {
    let (mut pair, id) = prepared_apart();
    let (book, order) = (pair.money.book, pair.money.order(&[id]));
    let mut hashes = Vec::new();
    for who in 0..2 {
        let path = pair.file(&format!("{who}.xml"));
        let laptop = &mut pair.laptops[who];
        payments::lease_take(laptop, &book, 30, "").unwrap();
        hashes.push(payments::batch_write(laptop, &book, &order, &path).unwrap());
    }
    pair.meet();
    for who in 0..2 {
        let all = pair.show(who);
        assert!(only(&all).double);
        let alarm = all.alarms.iter().find(|alarm| alarm.contains("paid twice")).unwrap();
        assert!(hashes.iter().all(|done| alarm.contains(&done.file_sha256)), "{alarm}");
        assert!(all.alarms.iter().any(|alarm| alarm.contains("Two leases")), "{:?}", all.alarms);
        assert_eq!(all.lease.rivals.len(), 1);
    }
    assert_ne!(pair.show(0).lease.mine, pair.show(1).lease.mine, "both follow the same lease");
    let taken_back = hashes[1].id;
    payments::batch_withdraw(&mut pair.laptops[0], &book, &taken_back, "Not uploaded").unwrap();
    pair.meet();
    let all = pair.show(1);
    assert_eq!((only(&all).double, only(&all).state), (false, ExpenseState::InBatch));
    statement(pair, id);
}

/// The statement comes in on one laptop and is matched on both; then a second booking comes.
fn statement(mut pair: Pair, id: RecordId) {
    let book = pair.money.book;
    let end_to_end = only(&pair.show(0)).end_to_end_id.clone();
    let line = pair.money.line(&end_to_end, "412.35 EUR", 1);
    add(&mut pair.laptops[0], &book, Kind::Transaction, line);
    pair.meet();
    let matched: Vec<_> = pair
        .laptops
        .iter_mut()
        .map(|laptop| payments::match_payments(laptop, &book).unwrap().lines)
        .collect();
    assert_eq!((matched[0].len(), &matched[0]), (1, &matched[1]), "both write the same");
    pair.meet();
    for who in 0..2 {
        let all = pair.show(who);
        let bill = only(&all);
        assert_eq!((bill.state, bill.paid.as_str()), (ExpenseState::Paid, "412.35 EUR"));
        assert!(!bill.double);
        let again = payments::match_payments(&mut pair.laptops[who], &book).unwrap();
        assert!(again.lines.is_empty());
    }
    let paying =
        records::get(pair.laptops[1].reader(), &book, Kind::Transaction, &matched[0][0].correction)
            .unwrap();
    let postings = paying.row.fields["postings"].to_string();
    assert!(postings.contains(&pair.money.hosting.to_string()), "{postings}");
    // The bank books it once more.
    let line = pair.money.line(&end_to_end, "412.35 EUR", 2);
    add(&mut pair.laptops[1], &book, Kind::Transaction, line);
    let found = payments::match_payments(&mut pair.laptops[1], &book).unwrap();
    assert_eq!(found.lines.len(), 1);
    assert!(found.alarms[0].contains("paid more than once"), "{:?}", found.alarms);
    pair.meet();
    let all = pair.show(0);
    assert_eq!((all.expenses.len(), only(&all).id, only(&all).double), (1, id, true));
}

/// Ann, Ben, Cleo and Dora; an expense of Cleo, who is its payee, approved by Ann.
fn approved() -> (Crew, RecordId) {
    let mut crew = crew(Role::Contributor);
    let (book, harbor) = (crew.harbor.book, crew.harbor);
    let cleo = crew.people[CLEO];
    let payee = json!({"name": "Cleo", "person": cleo});
    let payee = add(&mut crew.laptops[CLEO], &book, Kind::Payee, payee);
    let expense = json!({"payee": payee, "narration": "Train", "type": "reimbursement",
        "amount": "480.00 EUR", "account": harbor.hosting, "fund": harbor.fund,
        "due": "2026-07-05", "submitter": cleo});
    let expense = add(&mut crew.laptops[CLEO], &book, Kind::Expense, expense);
    crew.share();
    (crew, expense)
}

fn decide(crew: &mut Crew, who: usize, id: &RecordId, verdict: &str) -> Result<RecordId, Failure> {
    let book = crew.harbor.book;
    payments::expense_approve(&mut crew.laptops[who], &book, Kind::Expense, id, verdict, "")
}

fn seen(crew: &mut Crew, who: usize) -> ExpenseView {
    let book = crew.harbor.book;
    only(&payments::my_payments(&mut crew.laptops[who], &book).unwrap()).clone()
}

#[test]
fn an_approval_means_the_content_it_saw_and_who_disagrees_holds_it_in_every_order() {
    for order in [[ANN, BEN], [BEN, ANN]] {
        let (mut crew, id) = approved();
        let why = refused(decide(&mut crew, CLEO, &id, "approve"), Code::NotAllowed);
        assert!(why.contains("handed in themselves"), "{why}");
        let why = refused(decide(&mut crew, DORA, &id, "approve"), Code::NotAllowed);
        assert!(why.contains("leadership and treasurers"), "{why}");
        decide(&mut crew, ANN, &id, "approve").unwrap();
        crew.share();
        let before = seen(&mut crew, DORA);
        assert_eq!(before.state, ExpenseState::Approved);
        let book = crew.harbor.book;
        let more = fields(json!({"amount": "840.00 EUR"}));
        records::edit(&mut crew.laptops[BEN], &book, Kind::Expense, &id, more, &BTreeMap::new())
            .unwrap();
        crew.share();
        let void = seen(&mut crew, ANN);
        assert_eq!((void.state, void.needs), (ExpenseState::Proposed, 2));
        assert!(void.approvals.iter().all(|word| !word.valid && word.why.contains("content")));
        let (what, word) = ((Kind::Expense, &id), ("approve", ""));
        let ann = &mut crew.laptops[ANN];
        let unseen = payments::approve_as_seen(ann, &book, what, word, &before.content);
        assert!(refused(unseen, Code::Invalid).contains("changed since"));
        // Apart from each other.
        decide(&mut crew, ANN, &id, "approve").unwrap();
        decide(&mut crew, BEN, &id, "reject").unwrap();
        for who in [CLEO, DORA] {
            let order = if who == CLEO { order } else { [order[1], order[0]] };
            for from in order {
                crew.give(from, who);
            }
        }
        crew.give(order[1], order[0]);
        crew.give(order[0], order[1]);
        let views: Vec<ExpenseView> = (0..4).map(|who| seen(&mut crew, who)).collect();
        for view in &views {
            assert_eq!((view.state, view.may_pay), (ExpenseState::Held, false));
            let names = ["Founder", "Ben"];
            let reason = &view.reason;
            assert!(names.iter().all(|name| reason.contains(name)), "{reason}");
            assert_eq!(view.approvals, views[0].approvals);
        }
        // Who comes round withdraws the old word with the new one.
        decide(&mut crew, BEN, &id, "approve").unwrap();
        crew.share();
        assert_eq!(seen(&mut crew, CLEO).state, ExpenseState::Approved);
    }
}
