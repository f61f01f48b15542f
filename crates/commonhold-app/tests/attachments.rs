//! Attachments as people use them: kept, exchanged through a folder, written out, archived.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use commonhold_app::commands::attachments::{self, AttachmentPolicy, AttachmentState};
use commonhold_app::commands::service::{self, NewService};
use commonhold_app::commands::{archive, records, status, sync};
use commonhold_app::events::unheard;
use commonhold_app::{App, Code};
use commonhold_core::attachment::MAX_BYTES;
use commonhold_core::authority::Statement;
use commonhold_core::id::Sha256;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::{BookId, Kind, RecordId};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const RECEIPT: &[u8] = b"%PDF-1.7 canary of a receipt";
const BANK: &[u8] = b"Date;Amount\n2026-05-04;-412.35\ncanary of the bank\n";

struct Desk {
    folder: tempfile::TempDir,
    app: App,
    book: BookId,
}

fn fields(value: Value) -> Fields {
    value.as_object().cloned().unwrap()
}

fn first(app: &App, book: &BookId, kind: Kind) -> RecordId {
    let mut found = None;
    app.reader()
        .each(book, kind, &mut |row| {
            found.get_or_insert(row.id);
            row.state != State::Ok
        })
        .unwrap();
    found.unwrap()
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut app = App::open(&folder.path().join("ann")).unwrap();
        let new = NewService {
            name: "Harbor".into(),
            category: "package registry".into(),
            phase: "operating".into(),
            reporting_currency: "EUR".into(),
            ..NewService::default()
        };
        let book = service::create(&mut app, &new).unwrap();
        Self { folder, app, book }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A transaction that names attachments.
    fn pay(&mut self, documents: &[&str]) {
        let (account, fund) =
            (first(&self.app, &self.book, Kind::Account), first(&self.app, &self.book, Kind::Fund));
        let line = |amount: &str| json!({"account": account, "amount": amount, "fund": fund});
        let bill = json!({"date": "2026-05-04", "narration": "Hosting", "documents": documents,
            "postings": [line("-4.00 EUR"), line("4.00 EUR")]});
        records::add(&mut self.app, &self.book, Kind::Transaction, fields(bill)).unwrap();
    }

    fn import(&mut self, sha256: &str) {
        let account = first(&self.app, &self.book, Kind::Account);
        let import = json!({"format": "csv", "file_name": "bank.csv", "file_sha256": sha256,
            "account": account, "attempt": 1});
        records::add(&mut self.app, &self.book, Kind::Import, fields(import)).unwrap();
    }

    /// Another device of the same person.
    fn other(&mut self, name: &str) -> App {
        let mut other = App::open(&self.folder.path().join(name)).unwrap();
        let identity = other.store().unwrap().identity();
        let own = self.app.store().unwrap().device();
        let authority = self.app.reader().authority(&self.book).unwrap();
        let said = Statement::Device {
            person: authority.state().active(&own).unwrap().person,
            device: identity.device(),
            sealing: identity.keys().sealing(),
            log: identity.log(&self.book),
            label: name.to_owned(),
            recovery: false,
        };
        let now = self.app.now();
        self.app.store().unwrap().say(&self.book, now, &[said]).unwrap();
        other.store().unwrap().expect(&self.book).unwrap();
        other
    }
}

fn exchange(app: &mut App, book: &BookId, folder: &Path) -> sync::BookReport {
    let mut report = sync::sync_folder(app, Some(*book), folder, &mut unheard).unwrap();
    report.books.remove(0)
}

#[test]
fn a_file_is_kept_named_exchanged_and_written_out() {
    let mut desk = Desk::new();
    let (receipt, large) =
        (desk.file("receipt.pdf", RECEIPT), desk.file("scan", &vec![7; 3 << 20]));
    let book = desk.book;
    let kept = attachments::add(&mut desk.app, &book, &receipt, false).unwrap();
    assert_eq!(kept.sha256, Sha256::of(RECEIPT).to_string());
    assert_eq!(kept.media_type.as_deref(), Some("application/pdf"));
    assert_eq!((kept.size, kept.sealed, kept.named), (Some(RECEIPT.len() as u64), false, false));
    let scan = attachments::add(&mut desk.app, &book, &large, false).unwrap();
    desk.pay(&[&kept.sha256, &scan.sha256]);
    let mut ben = desk.other("ben");
    let place = desk.folder.path().join("shared");
    fs::create_dir(&place).unwrap();
    let report = exchange(&mut desk.app, &book, &place);
    assert_eq!((report.attachments_sent, report.refused.len()), (2, 0), "{report:?}");
    attachments::set_policy(&mut ben, &AttachmentPolicy { up_to: 0 }).unwrap();
    assert_eq!(exchange(&mut ben, &book, &place).attachments_received, 0);
    assert_eq!(attachments::wanted(ben.reader(), &book).unwrap().len(), 2);
    let hash = attachments::sha256(&kept.sha256).unwrap();
    let missing = attachments::get(ben.reader(), &book, &hash).unwrap_err();
    assert!(missing.code == Code::NotFound && missing.message.contains("not on this device yet"));
    let asked = attachments::fetch(&mut ben, &book, &hash).unwrap();
    assert_eq!(asked.state, AttachmentState::Coming);
    assert_eq!(exchange(&mut ben, &book, &place).attachments_received, 1);
    let to = desk.folder.path().join("out.pdf");
    attachments::save_to(ben.reader(), &book, &hash, &to).unwrap();
    assert_eq!(fs::read(&to).unwrap(), RECEIPT);
    let again = attachments::save_to(ben.reader(), &book, &hash, &to).unwrap_err();
    assert_eq!(again.code, Code::Exists);
    let totals = status::status(ben.reader(), &book).unwrap().attachments;
    assert_eq!((totals.here, totals.bytes, totals.wanted), (1, RECEIPT.len() as u64, 1));
    let unknown = attachments::fetch(&mut ben, &book, &Sha256::of(b"?")).unwrap_err();
    assert_eq!(unknown.code, Code::NotFound);
}

#[test]
fn what_is_no_attachment_is_refused_with_a_sentence() {
    let mut desk = Desk::new();
    let book = desk.book;
    let large = desk.file("large", &vec![0; MAX_BYTES + 1]);
    let refused = attachments::add(&mut desk.app, &book, &large, false).unwrap_err();
    assert!(refused.code == Code::Invalid && refused.message.contains("20971521 bytes"));
    let hash = Sha256::of(BANK).to_string();
    assert_eq!(attachments::keep_original(&mut desk.app, &book, &large, &hash).unwrap(), None);
    let changed = desk.file("bank.csv", b"another file");
    let changed = attachments::keep_original(&mut desk.app, &book, &changed, &hash).unwrap_err();
    assert!(changed.message.contains("was changed"), "{changed}");
    let gone = desk.folder.path().join("gone");
    assert_eq!(
        attachments::add(&mut desk.app, &book, &gone, false).unwrap_err().code,
        Code::NotFound
    );
    assert!(attachments::add(&mut desk.app, &book, desk.folder.path(), false).is_err());
    assert!(attachments::sha256("12").is_err());
    assert!(attachments::list(desk.app.reader(), &book).unwrap().is_empty());
}

#[test]
fn an_archive_brings_back_what_everybody_may_read() {
    let mut desk = Desk::new();
    let book = desk.book;
    let (receipt, bank) = (desk.file("receipt.pdf", RECEIPT), desk.file("bank.csv", BANK));
    let receipt = attachments::add(&mut desk.app, &book, &receipt, false).unwrap();
    let hash = Sha256::of(BANK).to_string();
    let kept = attachments::keep_original(&mut desk.app, &book, &bank, &hash).unwrap().unwrap();
    assert!(kept.sealed && kept.media_type.as_deref() == Some("text/plain"));
    desk.import(&hash);
    // Naming it elsewhere too does not publish it.
    desk.pay(&[&receipt.sha256, &hash]);
    let zip = desk.folder.path().join("harbor.zip");
    let now = desk.app.now();
    archive::export(desk.app.reader(), &book, &zip, now, &mut unheard).unwrap();
    let verified = archive::verify(&zip, &mut unheard).unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    let mut back = App::open(&desk.folder.path().join("back")).unwrap();
    let restored = archive::restore(&mut back, &zip, &mut unheard).unwrap();
    assert_eq!((restored.book, restored.attachments), (book, 1));
    let list = attachments::list(back.reader(), &book).unwrap();
    let states: Vec<_> = list.iter().map(|info| (info.sha256.as_str(), info.state)).collect();
    let mut wanted = [
        (receipt.sha256.as_str(), AttachmentState::Here),
        (hash.as_str(), AttachmentState::Wanted),
    ];
    wanted.sort_by_key(|(hash, _)| *hash);
    assert_eq!(states, wanted);
    let id = attachments::sha256(&receipt.sha256).unwrap();
    assert_eq!(attachments::get(back.reader(), &book, &id).unwrap().1, RECEIPT);
    // Written again from there it is the same, and restored twice nothing changes.
    let again = desk.folder.path().join("again.zip");
    archive::export(back.reader(), &book, &again, now, &mut unheard).unwrap();
    assert!(fs::read(&again).unwrap() == fs::read(&zip).unwrap());
    assert_eq!(archive::restore(&mut back, &zip, &mut unheard).unwrap().attachments, 1);
}
