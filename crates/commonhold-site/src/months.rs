//! What is made of the entries, month by month, and kept: a month whose records, and whatever else
//! its pages rest on, did not change is not read and not made again.
//!
//! A month is kept under two keys. The first says what its records are and who agreed to be named;
//! under it lie its sums and what the gate found. The second says besides how accounts, funds and
//! decisions are called; under it lies what its entries come to in each file. What stands around the
//! entries (the day, links to other months) is made anew each time.

use crate::gate::Finding;
use crate::gather::Book;
use crate::html::Words;
use crate::messages::Messages;
use crate::pages;
use crate::public::{Entry, Public};
use crate::{Error, twins};
use commonhold_core::date::Month;
use commonhold_core::id::RecordId;
use commonhold_core::projection::MonthDigest;
use commonhold_core::records::Kind;
use commonhold_core::records::finance::transaction::Transaction;
use commonhold_exchange::export::ledger::Source;
use commonhold_exchange::export::ledger::months::{self, Books, Part, Sums, Which};
use commonhold_exchange::mask;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// What a key of something kept is.
pub type Key = [u8; 32];

/// Where what was made is kept until the next time. It may forget anything, and must give back what
/// was put under a name last, if it was put under that key.
pub trait Keep {
    /// What was kept under a name and key.
    fn find(&mut self, name: &str, key: &Key) -> Option<Vec<u8>>;
    /// Keeps something; what lay under the name goes.
    fn put(&mut self, name: &str, key: &Key, bytes: &[u8]) -> io::Result<()>;
}

/// Keeps in memory.
#[derive(Debug, Default)]
pub struct Memory(BTreeMap<String, (Key, Vec<u8>)>);

impl Keep for Memory {
    fn find(&mut self, name: &str, key: &Key) -> Option<Vec<u8>> {
        self.0.get(name).filter(|(known, _)| known == key).map(|(_, bytes)| bytes.clone())
    }

    fn put(&mut self, name: &str, key: &Key, bytes: &[u8]) -> io::Result<()> {
        self.0.insert(name.to_owned(), (*key, bytes.to_vec()));
        Ok(())
    }
}

/// Most entries that are held in memory between the two passes (about 700 bytes each); those of
/// further months are read twice.
const HELD: usize = 120_000;

/// The text of what makes the bytes of months here.
const FORM: &[&str] = &[
    include_str!("months.rs"),
    include_str!("public.rs"),
    include_str!("rules/finance.rs"),
    include_str!("gate.rs"),
    include_str!("format.rs"),
    include_str!("messages/en.json"),
    include_str!("messages/de.json"),
    include_str!("pages/ledger.rs"),
    include_str!("pages/decisions.rs"),
    include_str!("html/layout.rs"),
    include_str!("twins/ledger.rs"),
];

/// What is kept of a month under its first key.
#[derive(Serialize, Deserialize)]
struct Known {
    sums: Sums,
    /// Place in the month, field, line and kind of what was masked.
    findings: Vec<(RecordId, String, u32, String)>,
}

/// One month.
struct One {
    month: Month,
    count: usize,
    key: Key,
    sums: Sums,
    entries: Option<Vec<Entry>>,
}

/// All months, oldest first.
pub struct Months<'k> {
    keep: &'k mut dyn Keep,
    list: Vec<One>,
    /// The second keys, once names are known.
    full: Vec<Key>,
}

/// Adds a text with its length.
fn add(hash: &mut Sha256, text: &str) {
    hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
    hash.update(text);
}

/// Several pieces as one, with their lengths in front.
fn join(pieces: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        out.extend_from_slice(&u64::try_from(piece.len()).unwrap_or(u64::MAX).to_le_bytes());
        out.extend_from_slice(piece);
    }
    out
}

fn split(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (piece, rest) = rest.split_at_checked(length)?;
        pieces.push(piece.to_vec());
        bytes = rest;
    }
    Some(pieces)
}

fn which(which: Which) -> &'static str {
    match which {
        Which::Beancount => "beancount",
        Which::Journal => "journal",
        Which::Transactions => "transactions",
        Which::Postings => "postings",
    }
}

fn bytes_of(which: Which, part: &Part) -> &[u8] {
    match which {
        Which::Beancount => &part.beancount,
        Which::Journal => &part.journal,
        Which::Transactions => &part.transactions,
        Which::Postings => &part.postings,
    }
}

const PARTS: [Which; 4] = [Which::Beancount, Which::Journal, Which::Transactions, Which::Postings];

impl Known {
    fn read(bytes: &[u8], public: &Public<'_>) -> Option<Sums> {
        let known: Self = serde_json::from_slice(bytes).ok()?;
        for (id, field, line, what) in known.findings {
            let what = mask::KINDS.iter().find(|kind| **kind == what)?;
            public.gate.note(Finding { kind: Kind::Transaction.name(), id, field, line, what });
        }
        Some(known.sums)
    }
}

fn plain(entries: &[Entry]) -> Vec<(RecordId, Transaction)> {
    entries.iter().map(|entry| (entry.id, entry.transaction.clone())).collect()
}

impl<'k> Months<'k> {
    /// Finds the sums of every month: kept, or read now.
    pub fn read(
        public: &Public<'_>,
        digests: &[MonthDigest],
        keep: &'k mut dyn Keep,
    ) -> Result<Self, Error> {
        let mut common = Sha256::new();
        add(&mut common, env!("CARGO_PKG_VERSION"));
        for text in FORM.iter().chain(months::FORM).chain(mask::FORM) {
            add(&mut common, text);
        }
        add(&mut common, &public.basis());
        let (mut list, mut held) = (Vec::new(), 0_usize);
        for found in digests {
            let mut key = common.clone();
            add(&mut key, &found.month.to_string());
            key.update(found.digest);
            // Of this month some days may be left out.
            add(&mut key, &public.day().min(found.month.last_day()).to_string());
            let key: Key = key.finalize().into();
            let name = format!("{}.sums", found.month);
            let count = usize::try_from(found.count).unwrap_or(usize::MAX);
            let known = keep.find(&name, &key).and_then(|bytes| Known::read(&bytes, public));
            if let Some(sums) = known {
                list.push(One { month: found.month, count, key, sums, entries: None });
                continue;
            }
            public.gate.recent();
            let entries = public.month(found.month)?;
            let findings = public.gate.recent().into_iter();
            let findings = findings
                .filter(|finding| finding.kind == Kind::Transaction.name())
                .map(|finding| (finding.id, finding.field, finding.line, finding.what.to_owned()))
                .collect();
            let known = Known { sums: Sums::of(&plain(&entries)), findings };
            keep.put(&name, &key, &serde_json::to_vec(&known).unwrap_or_default())?;
            held = held.saturating_add(count);
            let entries = (held <= HELD).then_some(entries);
            list.push(One { month: found.month, count, key, sums: known.sums, entries });
        }
        Ok(Self { keep, list, full: Vec::new() })
    }

    /// The months with how many entries each has, the newest first.
    pub fn counts(&self) -> Vec<(Month, usize)> {
        self.list.iter().rev().map(|one| (one.month, one.count)).collect()
    }

    /// Names accounts and funds, and makes what is not kept of each month.
    pub fn make(&mut self, book: &Book<'_>, source: &dyn Source) -> Result<Books, Error> {
        let sums = self.list.iter().map(|one| &one.sums);
        let books = Books::new(source, sums, &mut |_, _, _| true)?;
        let languages: Vec<Messages> =
            book.options.languages.iter().map(|language| Messages::of(*language)).collect();
        let names = names(book, &languages);
        for one in &mut self.list {
            let mut key = Sha256::new();
            key.update(one.key);
            add(&mut key, &names);
            add(&mut key, &books.basis(one.month.first_day(), one.month.last_day()));
            let key: Key = key.finalize().into();
            self.full.push(key);
            let marker = format!("{}.whole", one.month);
            if self.keep.find(&marker, &key).is_some() {
                continue;
            }
            let entries = match one.entries.take() {
                Some(entries) => entries,
                None => book.public.month(one.month)?,
            };
            let part = books.part(&plain(&entries))?;
            let shown = Shown::make(book, &languages, one.month, &entries);
            self.keep.put(&format!("{}.pages", one.month), &key, &shown.bytes())?;
            for kind in PARTS {
                let name = format!("{}.{}", one.month, which(kind));
                self.keep.put(&name, &key, bytes_of(kind, &part))?;
            }
            self.keep.put(&marker, &key, b"")?;
        }
        Ok(books)
    }

    fn find(&mut self, place: usize, what: &str) -> Result<Vec<u8>, Error> {
        let (one, key) = self.list.get(place).zip(self.full.get(place)).ok_or(Error::Forgotten)?;
        self.keep.find(&format!("{}.{what}", one.month), key).ok_or(Error::Forgotten)
    }

    /// Writes one part of all months, the oldest first.
    pub fn hand(&mut self, kind: Which, out: &mut dyn Write) -> Result<u64, Error> {
        let mut rows = 0_u64;
        for place in 0..self.list.len() {
            let bytes = self.find(place, which(kind))?;
            out.write_all(&bytes)?;
            let count = match kind {
                Which::Postings => bytes.iter().filter(|byte| **byte == b'\n').count(),
                _ => self.list.get(place).map_or(0, |one| one.count),
            };
            rows = rows.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        }
        Ok(rows)
    }

    /// What the entries of each month come to on its pages, the oldest month first.
    pub fn each(
        &mut self,
        visit: &mut dyn FnMut(Month, &Shown) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for place in 0..self.list.len() {
            let bytes = self.find(place, "pages")?;
            let shown = Shown::read(&bytes).ok_or(Error::Forgotten)?;
            if let Some(one) = self.list.get(place) {
                visit(one.month, &shown)?;
            }
        }
        Ok(())
    }
}

/// What the entries of a month come to on its pages.
pub struct Shown {
    /// How many entries it has.
    pub count: usize,
    /// Its entries as JSON, one a line.
    pub lines: Vec<u8>,
    /// Rows of tables, by the place of the language and of the part of the month.
    pub rows: Vec<Vec<String>>,
}

impl Shown {
    /// Makes it.
    fn make(book: &Book<'_>, languages: &[Messages], month: Month, entries: &[Entry]) -> Self {
        let rows = languages.iter().map(|m| {
            let words = Words { book, m };
            let leaf = words.leaf(pages::ledger::path(month, 0));
            let parts = entries.chunks(pages::ledger::PAGE);
            parts.map(|part| pages::ledger::rows(&words, &leaf, part)).collect()
        });
        let rows = rows.collect();
        Self { count: entries.len(), lines: twins::ledger::lines(book, entries), rows }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut pieces = vec![self.count.to_string().into_bytes(), self.lines.clone()];
        for parts in &self.rows {
            let parts: Vec<Vec<u8>> = parts.iter().map(|part| part.clone().into_bytes()).collect();
            pieces.push(join(&parts));
        }
        join(&pieces)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut pieces = split(bytes)?.into_iter();
        let count = String::from_utf8(pieces.next()?).ok()?.parse().ok()?;
        let lines = pieces.next()?;
        let text = |part: Vec<u8>| String::from_utf8(part).ok();
        let rows = pieces.map(|parts| split(&parts)?.into_iter().map(text).collect());
        Some(Self { count, lines, rows: rows.collect::<Option<_>>()? })
    }
}

/// How what entries name is called: all that their bytes rest on beside themselves.
fn names(book: &Book<'_>, languages: &[Messages]) -> String {
    let money = &book.money;
    let mut out = String::new();
    for m in languages {
        out.push_str(&format!("language {}\n", m.language.tag()));
    }
    let accounts: BTreeSet<&RecordId> =
        money.accounts.keys().chain(money.ledger.accounts.keys()).collect();
    for id in accounts {
        let (path, kind) = (money.path(id), money.ledger.type_of(id));
        out.push_str(&format!("account {id} {path:?} {kind:?}\n"));
    }
    for id in money.funds.keys() {
        out.push_str(&format!("fund {id} {:?}\n", money.fund(id)));
    }
    if let Some(m) = languages.first() {
        let leaf = Words { book, m }.leaf("money/x.html");
        for (id, decision) in &book.decisions {
            let way = pages::decisions::way(&leaf, id, decision);
            out.push_str(&format!("decision {id} {:?} {way:?}\n", decision.title));
        }
    }
    for vote in &book.votes {
        out.push_str(&format!("vote {} {:?}\n", vote.id, vote.proposal.title));
    }
    out
}
