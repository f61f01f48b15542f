//! Long books: months in parts, and memory that does not grow with the book.
//! `COMMONHOLD_SITE_ENTRIES=100000` measures a large one.

use super::book::{Book, now};
use crate::{Options, build};
use commonhold_exchange::archive::Folder;
use commonhold_exchange::export::ledger::Files;
use serde_json::json;
use std::io::{self, Write};
use std::time::Instant;

/// Counts what it is given.
#[derive(Default)]
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Folder for Counted {
    fn begin(&mut self, _path: &str) -> io::Result<()> {
        Ok(())
    }
}

/// Most memory this process ever used, in kilobytes, where the system says so.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse().ok()).unwrap_or(0)
}

/// Entries spread over some years, the newest in June 2026.
fn filled(count: usize, months: usize) -> Book {
    let mut book = Book::new(7);
    let entries = (0..count).map(|n| {
        let back = n % months;
        let index = 2026 * 12 + 5 - back;
        let date = format!("{:04}-{:02}-{:02}", index / 12, index % 12 + 1, n % 28 + 1);
        let (from, to) = if n % 3 == 0 { ("monthly", "bank") } else { ("bank", "hosting") };
        let more = json!({"payee": format!("Payee {}", n % 977), "narration": format!("Entry {n} of a long book")});
        book.entry(&date, from, to, &format!("{}.{:02}", n % 90 + 1, n % 100), more)
    });
    let entries = entries.collect();
    book.many(entries);
    book
}

#[test]
fn a_long_month_comes_in_parts_that_lead_to_each_other() {
    let book = filled(1_100, 1);
    let mut files = Files::default();
    let site = build(&book.store, &book.id, &Options::at(now()), &mut files).unwrap();
    assert_eq!(site.shown, 1_100);
    let page = |path: &str| {
        let found = files.files.iter().find(|(name, _)| name == path);
        String::from_utf8(found.unwrap_or_else(|| panic!("no {path}")).1.clone()).unwrap()
    };
    let parts = ["money/2026-06.html", "money/2026-06-2.html", "money/2026-06-3.html"];
    let rows: usize = parts.iter().map(|path| page(path).matches("<tr id=\"t-").count()).sum();
    assert_eq!(rows, 1_100);
    assert!(page(parts[1]).contains("href=\"../money/2026-06-3.html\""));
    assert!(page("de/money/2026-06-3.html").contains("Teil 3 von 3"));
}

#[test]
#[ignore = "a measurement; COMMONHOLD_SITE_ENTRIES says of how many entries"]
#[allow(clippy::disallowed_methods, reason = "it measures time")]
fn how_long_a_large_book_takes() {
    let count = std::env::var("COMMONHOLD_SITE_ENTRIES").ok().and_then(|n| n.parse().ok());
    let count = count.unwrap_or(100_000);
    let book = filled(count, 120);
    let before = peak();
    let (started, mut counted) = (Instant::now(), Counted::default());
    let site = build(&book.store, &book.id, &Options::at(now()), &mut counted).unwrap();
    println!(
        "{count} entries: {} files, {} MB in {:.1} s; peak memory {} MB, {} MB before",
        site.files.len(),
        counted.0 / 1_000_000,
        started.elapsed().as_secs_f64(),
        peak() / 1000,
        before / 1000
    );
}
