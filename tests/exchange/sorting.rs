//! Imported lines are sorted once, whoever does it, and givers' names stay out of what all read.

use crate::support::{Harbor, Laptop, alice, bob, dump, found, give};
use commonhold_app::commands::imports::{self, AUTO, Assignment, ImportOptions, ReviewRow};
use commonhold_app::commands::{records, trust};
use commonhold_app::events::unheard;
use commonhold_core::projection::State;
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};
use std::path::PathBuf;

/// One entry of a statement of ISO 20022.
pub(super) fn entry(day: &str, amount: &str, reference: &str, party: &str, text: &str) -> String {
    let (side, amount) = match amount.strip_prefix('-') {
        Some(amount) => ("DBIT", amount),
        None => ("CRDT", amount),
    };
    let role = if side == "CRDT" { "Dbtr" } else { "Cdtr" };
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>\
         <BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>\
         <NtryDtls><TxDtls><RltdPties><{role}><Nm>{party}</Nm></{role}><{role}Acct><Id>\
         <IBAN>DE75512108001245126199</IBAN></Id></{role}Acct></RltdPties>\
         <RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
}

fn balance(code: &str, amount: &str, day: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )
}

pub(super) fn statement(iban: &str, number: &str, balances: &str, entries: &str) -> String {
    format!(
        "<Stmt><Id>{number}</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{balances}{entries}</Stmt>"
    )
}

pub(super) fn camt(statements: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-07-01T00:00:00</CreDtTm></GrpHdr>\
         {statements}</BkToCstmrStmt></Document>"
    )
}

fn june() -> String {
    let entries = [
        entry("2026-06-01", "-412.35", "B1", "Hetzner Online GmbH", "Server 4711"),
        entry("2026-06-02", "-9.90", "B2", "Porkbun", "Domain"),
        entry("2026-06-03", "25.00", "B3", "Mara Lindqvist", "Donation Mara Lindqvist June"),
        entry("2026-06-04", "-50.00", "B4", "Kontor Nord", "Rent of a desk"),
    ]
    .concat();
    let balances =
        [balance("OPBD", "1000.00", "2026-06-01"), balance("CLBD", "552.75", "2026-06-30")];
    camt(&statement("DE89370400440532013000", "S1", &balances.concat(), &entries))
}

pub(super) fn file(laptop: &Laptop, name: &str, text: &str) -> PathBuf {
    let path = laptop.home().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn import(laptop: &mut Laptop, harbor: &Harbor, text: &str) -> RecordId {
    let path = file(laptop, "june.xml", text);
    let options = ImportOptions::default();
    let done = imports::run(laptop, &harbor.book, AUTO, &path, &options, &mut unheard).unwrap();
    done.import.parse().unwrap()
}

fn rows(laptop: &Laptop, harbor: &Harbor, import: &RecordId) -> Vec<ReviewRow> {
    imports::review(laptop.reader(), &harbor.book, Some(import), 0, 100).unwrap().rows
}

fn account(laptop: &mut Laptop, harbor: &Harbor, path: &str) -> RecordId {
    let fields = json!({"path": path, "type": "expense", "function": "program"});
    let fields = fields.as_object().cloned().unwrap();
    records::add(laptop, &harbor.book, Kind::Account, fields).unwrap()
}

fn sort(laptop: &mut Laptop, harbor: &Harbor, row: &ReviewRow, account: RecordId) -> u32 {
    let line = Assignment { transaction: row.transaction, account, ..Assignment::default() };
    imports::assign(laptop, &harbor.book, &[line]).unwrap()
}

pub(super) fn met(a: &mut Laptop, b: &mut Laptop, harbor: &Harbor) {
    for _ in 0..2 {
        give(a, b, &harbor.book);
        give(b, a, &harbor.book);
    }
    assert_eq!(dump(a.reader(), &harbor.book), dump(b.reader(), &harbor.book));
}

#[test]
fn two_laptops_that_import_and_sort_while_apart_lose_nothing_and_double_nothing() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    let hosting = account(&mut a, &harbor, "Expenses:Program:Servers");
    let domains = account(&mut a, &harbor, "Expenses:Program:Names");
    let desk = account(&mut a, &harbor, "Expenses:Admin:Desk");
    give(&a, &mut b, &harbor.book);
    let import_a = import(&mut a, &harbor, &june());
    let import_b = import(&mut b, &harbor, &june());
    assert_eq!(import_a, import_b, "one file, one import");
    let (on_a, on_b) = (rows(&a, &harbor, &import_a), rows(&b, &harbor, &import_b));
    assert_eq!(on_a, on_b);
    assert!(on_a.iter().all(|row| row.open) && on_a.len() == 4);
    // The first only on one laptop, the second only on the other, the third on neither, the
    // fourth on both and alike.
    assert_eq!(sort(&mut a, &harbor, &on_a[0], hosting), 1);
    assert_eq!(sort(&mut b, &harbor, &on_b[1], domains), 1);
    assert_eq!(sort(&mut a, &harbor, &on_a[3], desk), 1);
    assert_eq!(sort(&mut b, &harbor, &on_b[3], desk), 1);
    met(&mut a, &mut b, &harbor);
    let sorted = rows(&a, &harbor, &import_a);
    let paths: Vec<&str> = sorted.iter().map(|row| row.account_path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "Expenses:Program:Servers",
            "Expenses:Program:Names",
            "Income:Uncategorised",
            "Expenses:Admin:Desk"
        ]
    );
    assert_eq!(sort(&mut a, &harbor, &sorted[0], hosting), 0, "it is sorted so already");
    // Both differently: one counts, the other is shown as its rival.
    let before = sorted[2].clone();
    sort(&mut a, &harbor, &before, hosting);
    sort(&mut b, &harbor, &before, domains);
    met(&mut a, &mut b, &harbor);
    let mut states = Vec::new();
    a.reader()
        .each(&harbor.book, Kind::Transaction, &mut |row| {
            let corrects = row.fields.get("corrects").and_then(Value::as_str).map(str::to_owned);
            if corrects == Some(before.transaction.to_string()) {
                states.push(row.state);
            }
            true
        })
        .unwrap();
    states.sort();
    assert_eq!(states, [State::Ok, State::Rival]);
    assert_eq!(rows(&a, &harbor, &import_a).len(), 4);
}

#[test]
fn where_lines_of_a_payee_went_is_suggested_for_the_next_and_an_undo_takes_all_out() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    let hosting = account(&mut laptop, &harbor, "Expenses:Program:Servers");
    let first = import(&mut laptop, &harbor, &june());
    let june_rows = rows(&laptop, &harbor, &first);
    assert!(june_rows.iter().all(|row| row.suggestion.is_none()), "nothing is learned yet");
    sort(&mut laptop, &harbor, &june_rows[0], hosting);
    let july = camt(&statement(
        "DE89370400440532013000",
        "S2",
        &[balance("OPBD", "552.75", "2026-07-01"), balance("CLBD", "140.40", "2026-07-31")]
            .concat(),
        &entry("2026-07-01", "-412.35", "B9", "HETZNER ONLINE GMBH 0815", "Server 4712"),
    ));
    let second = import(&mut laptop, &harbor, &july);
    let new = rows(&laptop, &harbor, &second);
    let could = new[0].suggestion.as_ref().unwrap();
    assert_eq!((could.account, could.times, could.last.as_str()), (hosting, 1, "2026-06-01"));
    sort(&mut laptop, &harbor, &new[0], hosting);
    assert!(!rows(&laptop, &harbor, &second)[0].open);
    let statements =
        |laptop: &Laptop| laptop.reader().count(&harbor.book, Kind::Statement).unwrap();
    assert_eq!(statements(&laptop), 2);
    assert_eq!(imports::undo(&mut laptop, &harbor.book, &second, "twice").unwrap(), 1);
    assert_eq!(rows(&laptop, &harbor, &second), []);
    assert_eq!(statements(&laptop), 1, "the statement left with its import");
    let again = import(&mut laptop, &harbor, &july);
    assert_eq!(rows(&laptop, &harbor, &again).len(), 1);
    assert_eq!(statements(&laptop), 2);
}

#[test]
fn a_givers_name_is_in_no_record_all_read_and_can_be_erased() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    let import = import(&mut laptop, &harbor, &june());
    let gift = rows(&laptop, &harbor, &import).remove(2);
    assert_eq!((gift.payee.as_deref(), gift.narration.as_str()), (None, "Donation June"));
    let mut said = Vec::new();
    for kind in Kind::ALL.iter().filter(|kind| !kind.info().sealed) {
        laptop
            .reader()
            .each(&harbor.book, *kind, &mut |row| {
                said.push(Value::Object(row.fields).to_string());
                true
            })
            .unwrap();
    }
    let said = said.join("\n");
    for private in ["Lindqvist", "DE75512108001245126199"] {
        assert!(!said.contains(private), "{private}");
    }
    assert!(said.contains("Hetzner"), "whom the service pays is no secret");
    let mut contacts = Vec::new();
    laptop
        .reader()
        .each(&harbor.book, Kind::Contact, &mut |row| {
            contacts.push((row.id, row.fields));
            true
        })
        .unwrap();
    let (id, fields) = contacts.pop().unwrap();
    assert_eq!((contacts.len(), &fields["name"]), (0, &json!("Mara Lindqvist")));
    trust::erase(&mut laptop, &harbor.book, Kind::Contact, &id, "They asked for it.").unwrap();
    assert!(laptop.reader().record(&harbor.book, Kind::Contact, &id).unwrap().is_none());
    assert_eq!(rows(&laptop, &harbor, &import).len(), 4, "the public record is whole");
}

#[test]
fn of_a_file_with_several_accounts_one_is_named() {
    let mut laptop = alice();
    let harbor = found(&mut laptop);
    let two = camt(
        &[
            statement(
                "DE89370400440532013000",
                "A",
                "",
                &entry("2026-06-01", "-1.00", "A1", "X", "a"),
            ),
            statement("NL91ABNA0417164300", "B", "", &entry("2026-06-02", "-2.00", "B1", "Y", "b")),
        ]
        .concat(),
    );
    let path = file(&laptop, "two.xml", &two);
    let mut options = ImportOptions::default();
    let preview = imports::preview(laptop.reader(), &harbor.book, AUTO, &path, &options).unwrap();
    assert_eq!(preview.accounts, ["DE89370400440532013000", "NL91ABNA0417164300"]);
    let before = dump(laptop.reader(), &harbor.book);
    let run = imports::run(&mut laptop, &harbor.book, AUTO, &path, &options, &mut unheard);
    assert!(run.unwrap_err().message.contains("NL91ABNA0417164300"));
    assert_eq!(dump(laptop.reader(), &harbor.book), before, "nothing was written");
    options.file_account = Some("NL91ABNA0417164300".into());
    let done = imports::run(&mut laptop, &harbor.book, AUTO, &path, &options, &mut unheard);
    let import: RecordId = done.unwrap().import.parse().unwrap();
    let found: Vec<String> =
        rows(&laptop, &harbor, &import).into_iter().map(|row| row.amount).collect();
    assert_eq!(found, ["-2.00 EUR"]);
}
