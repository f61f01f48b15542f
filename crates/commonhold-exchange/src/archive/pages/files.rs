//! The list of files: what each is, how long it is, and its check sum.

use super::super::html::{Cell, text};
use super::super::{Error, Export};
use super::{begin, put};
use commonhold_core::records::Kind;

/// Files on a page.
const MOST: usize = 1_000;

/// What a file of the payload is, in a few words.
pub(in super::super) fn describe(path: &str) -> String {
    let (folder, name) = path.split_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or(name);
    match (folder, name) {
        ("", "README.txt") => "how to read, check and restore this archive".into(),
        ("", "recompute.py") => "adds up all amounts again (Python 3)".into(),
        ("", "recount.py") => "counts all votes again (Python 3)".into(),
        ("", "datapackage.json") => "what every column of every table means".into(),
        ("", "ro-crate-metadata.json") => "every file, for machines".into(),
        ("finance", "trial-balance.csv") => "what each fund holds on each account".into(),
        ("finance", "postings.csv") => "the lines of all transactions".into(),
        ("finance", "ledger.beancount") => "the entries in effect, for Beancount".into(),
        ("finance", "ledger.journal") => "the entries in effect, for hledger and Ledger".into(),
        ("html", _) => "a page for people".into(),
        ("records", _) => format!("every record of {stem} in full, one JSON text a line"),
        ("schemas", _) => format!("what the fields of {stem} mean (JSON Schema)"),
        ("crdt", "heads.json") => "the list of documents".into(),
        ("crdt", _) => format!("the document {}", stem.replace("__", "/")),
        ("objects", _) => "what one device signed, in order".into(),
        ("attachments", "attachments.csv") => "all attachments that records name".into(),
        ("attachments", _) => "an attachment, as it is".into(),
        ("reports", _) => format!("worked out of the records: {stem}"),
        ("LICENSES", _) => "the terms of use".into(),
        _ => match Kind::ALL.iter().find(|kind| name.split('/').next() == Some(kind.plural())) {
            Some(kind) => format!("a text of one {}", kind.name()),
            None => format!("all records of {stem}, a row each"),
        },
    }
}

/// Writes the list of all files there are so far.
pub(super) fn write(work: &mut Export<'_>) -> Result<(), Error> {
    let files = work.bag.payload();
    let rows: Vec<(String, u64, String)> = files
        .into_iter()
        .map(|(path, file)| (path.to_owned(), file.bytes, file.sha256()))
        .collect();
    for (number, rows) in (1_u32..).zip(rows.chunks(MOST)) {
        let title = if number == 1 { "Files".into() } else { format!("Files ({number})") };
        let mut page = begin(work, &title);
        page.paragraph(
            "What was in the archive before this page was written. manifest-sha256.txt, beside the \
             folder data, lists all files.",
        );
        page.table("", &["File", "What it is", "#Bytes", "SHA-256"]);
        for (path, bytes, sum) in rows {
            let link = Cell::Link(format!("../{path}"), path.clone());
            page.row("", &[link, text(describe(path)), Cell::Number(bytes.to_string()), text(sum)]);
        }
        page.end();
        put(work, &format!("files-{number}"), &title, page)?;
    }
    Ok(())
}
