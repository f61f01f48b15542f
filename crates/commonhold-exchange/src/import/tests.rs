//! What holds for every format: nothing is lost, nothing panics, files say the same tomorrow.

#![allow(clippy::arithmetic_side_effects)]

mod detected;
pub(super) mod mutations;
mod samples;

use super::*;
use std::fmt::Write;
use std::path::PathBuf;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/import");

/// Every fixture with the format it is read as.
const FIXTURES: &[(&str, &str)] = &[
    ("oc-default", open_collective::FORMAT),
    ("oc-flattened", open_collective::FORMAT),
    ("oc-display-names", open_collective::FORMAT),
    ("bank-preamble", csv::FORMAT),
    ("statement-w1", csv::FORMAT),
    ("statement-w2", csv::FORMAT),
    ("debit-credit", csv::FORMAT),
    ("open-questions", csv::FORMAT),
    ("broken", csv::FORMAT),
];

/// Every fixture of a bank or platform, by its whole name.
const STATEMENTS: &[(&str, &str)] = &[
    ("camt-053-08.xml", camt::FORMAT),
    ("camt-053-02.xml", camt::FORMAT),
    ("camt-054.xml", camt::FORMAT),
    ("ofx-sgml.ofx", ofx::FORMAT),
    ("ofx-xml.ofx", ofx::FORMAT),
    ("mt940-german.sta", mt940::FORMAT),
    ("mt940-dutch.sta", mt940::FORMAT),
    ("stripe.csv", stripe::FORMAT),
    ("stripe-itemized.csv", stripe::FORMAT),
    ("paypal-de.csv", paypal::FORMAT),
    ("paypal-en.csv", paypal::FORMAT),
    ("github-sponsors.csv", github_sponsors::FORMAT),
];

pub(super) fn fixture(name: &str) -> Vec<u8> {
    let name = if name.contains('.') { name.to_owned() } else { format!("{name}.csv") };
    std::fs::read(PathBuf::from(FOLDER).join(name)).unwrap()
}

/// A reading as text, for the golden files.
fn render(reading: &Reading) -> String {
    let mut out =
        format!("format {}, {} rows, sure {}\n", reading.format, reading.rows, reading.sure);
    if let Some(mapping) = &reading.guessed {
        writeln!(out, "guessed {}", serde_json::to_string(mapping).unwrap()).unwrap();
    }
    for draft in &reading.drafts {
        let payee = draft.payee.as_deref().unwrap_or("-");
        writeln!(
            out,
            "{:>3} {} | {payee} | {} | {}",
            draft.line, draft.date, draft.narration, draft.amount
        )
        .unwrap();
        for (account, amount) in &draft.legs {
            writeln!(out, "      {account} {amount}").unwrap();
        }
        writeln!(out, "      {}", draft.identity).unwrap();
        if ![csv::FORMAT, open_collective::FORMAT].contains(&reading.format) {
            writeln!(
                out,
                "      statement {:?}, end to end {:?}, bank {:?}, other {:?}, interval {:?}, donation {}",
                draft.statement,
                draft.end_to_end_id,
                draft.bank_ref,
                draft.counterparty_account,
                draft.interval,
                draft.donation
            )
            .unwrap();
        }
    }
    for info in &reading.statements {
        let money = |amount: Option<Money>| amount.map_or("-".to_owned(), |m| m.to_string());
        let day = |day: Option<Date>| day.map_or("-".to_owned(), |day| day.to_string());
        writeln!(
            out,
            "statement {} of {}: {} to {}, {} to {}, {} rows",
            info.number.as_deref().unwrap_or("-"),
            info.account.as_deref().unwrap_or("-"),
            day(info.from),
            day(info.to),
            money(info.opening),
            money(info.closing),
            info.rows
        )
        .unwrap();
    }
    for row in &reading.not_understood {
        writeln!(out, "not understood, line {}: {} {:?}", row.line, row.reason, row.text).unwrap();
    }
    for warning in &reading.warnings {
        writeln!(out, "warning: {warning}").unwrap();
    }
    out
}

/// What every reading keeps to.
fn assert_sound(reading: &Reading, bytes: &[u8]) {
    let listed = reading.drafts.len() + reading.not_understood.len();
    assert_eq!(u64::try_from(listed).unwrap(), reading.rows);
    let lines =
        u64::try_from(bytes.iter().filter(|b| matches!(b, b'\r' | b'\n')).count()).unwrap() + 1;
    for draft in &reading.drafts {
        assert!(balances(draft.amount, &draft.legs), "{draft:?}");
        assert!((1..=lines).contains(&draft.line), "{draft:?}");
        assert!(!draft.narration.is_empty() && !draft.identity.is_empty(), "{draft:?}");
    }
    for row in &reading.not_understood {
        assert!((1..=lines).contains(&row.line), "{row:?}");
        assert!(row.reason.ends_with('.'), "{row:?}");
    }
    let of_statements: u64 = reading.statements.iter().map(|info| info.rows).sum();
    assert!(reading.statements.is_empty() || of_statements == reading.rows);
    for draft in &reading.drafts {
        assert!(draft.statement.is_none_or(|at| at < reading.statements.len()), "{draft:?}");
        let id = draft.end_to_end_id.as_deref().unwrap_or("x");
        assert!((1..=35).contains(&id.chars().count()), "{draft:?}");
    }
    let mut identities: Vec<_> = reading.drafts.iter().map(|draft| &draft.identity).collect();
    identities.sort();
    identities.dedup();
    assert_eq!(identities.len(), reading.drafts.len(), "an identity occurs twice");
}

/// Set `COMMONHOLD_GOLDEN=write` to write the golden files anew, and read the difference.
#[test]
fn golden_files() {
    for (name, format) in FIXTURES.iter().chain(STATEMENTS) {
        let bytes = fixture(name);
        let reading = read(format, &bytes, None).unwrap();
        assert_sound(&reading, &bytes);
        let stem = name.split('.').next().unwrap();
        let path = PathBuf::from(FOLDER).join(format!("{stem}.golden.txt"));
        if std::env::var_os("COMMONHOLD_GOLDEN").is_some() {
            std::fs::write(&path, render(&reading)).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        assert_eq!(render(&reading), golden, "{name}");
    }
}

#[test]
fn damage_never_panics_and_never_loses_a_row() {
    for (name, format) in FIXTURES {
        let whole = fixture(name);
        let mapping = read(format, &whole, None).unwrap().guessed;
        let check = |bytes: &[u8]| {
            for mapping in [None, mapping.as_ref()] {
                if let Ok(reading) = read(format, bytes, mapping) {
                    assert_sound(&reading, bytes);
                }
            }
        };
        for end in (0..whole.len()).step_by(5) {
            check(&whole[..end]);
        }
        for at in (0..whole.len()).step_by(5) {
            for with in [0x00, b'"', b'\r', b'\n', b';', 0xff, whole[at] ^ 0x10] {
                let mut flipped = whole.clone();
                flipped[at] = with;
                check(&flipped);
            }
        }
    }
}

/// Rows counted by another reader: every line of a file without line breaks in fields.
#[test]
fn rows_are_as_many_as_lines() {
    for name in ["statement-w1", "statement-w2", "debit-credit", "open-questions"] {
        let bytes = fixture(name);
        let lines = String::from_utf8(bytes.clone()).unwrap().lines().count();
        assert_eq!(usize::try_from(read("csv", &bytes, None).unwrap().rows).unwrap(), lines - 1);
    }
}

#[test]
fn a_format_must_be_known() {
    let sentence = read("excel", b"a", None).unwrap_err().to_string();
    assert_eq!(
        sentence,
        "The format “excel” cannot be imported; choose one of: open-collective, csv, camt, ofx, \
         mt940, stripe, paypal, liberapay, github-sponsors."
    );
}

#[test]
fn other_files_are_refused_by_every_format() {
    for format in FORMATS {
        for bytes in [&b""[..], b"PK\x03\x04xl/", b"<html><form action=/login>", &[0; 4000]] {
            assert!(read(format, bytes, None).is_err());
        }
        assert!(read(format, b"\n\n\r\n", None).is_err());
    }
}

/// The header lines of other services, retyped from public sources; only where the folder is.
#[test]
fn shared_samples_read_when_they_are_there() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures/samples/headers");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let format = if name.starts_with("opencollective") { "open-collective" } else { "csv" };
        let reading = read(format, &bytes, None).unwrap();
        assert_sound(&reading, &bytes);
        assert_eq!(reading.rows, 0, "{name}");
        if name.starts_with("stripe") || name.starts_with("paypal") {
            let mapping = reading.guessed.unwrap();
            assert!(["Net", "net"].contains(&mapping.amount.unwrap().as_str()), "{name}");
            assert!(!mapping.date.is_empty() && mapping.currency.is_some(), "{name}");
        }
    }
}

/// Prints how long 100,000 rows take: `cargo test --release -- --ignored many_rows --nocapture`.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::disallowed_methods)]
fn many_rows() {
    let mut text = String::from("date;text;amount;ref;currency\n");
    for row in 0..100_000 {
        writeln!(
            text,
            "2026-06-{:02};\"Payment {row}\";-{}.{:02};R{row};EUR",
            row % 28 + 1,
            row,
            row % 100
        )
        .unwrap();
    }
    let started = std::time::Instant::now();
    let reading = read("csv", text.as_bytes(), None).unwrap();
    println!("{} drafts of {} bytes in {:?}", reading.drafts.len(), text.len(), started.elapsed());
    assert_eq!(reading.drafts.len(), 100_000);
}
