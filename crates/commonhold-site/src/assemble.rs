//! From a book to its files, in one order.

use crate::gather::{Book, gather};
use crate::html::{STYLE, Words, layout};
use crate::messages::Messages;
use crate::months::{Keep, Memory, Months};
use crate::output::Output;
use crate::pages::{self, Written};
use crate::public::Public;
use crate::twins::books::Open;
use crate::{Error, Options, Site, twins};
use commonhold_core::id::BookId;
use commonhold_core::store::Reader;
use commonhold_exchange::archive::Folder;

/// Writes the public page of a book, and forgets everything again.
pub fn build(
    reader: &Reader,
    book: &BookId,
    options: &Options,
    folder: &mut dyn Folder,
) -> Result<Site, Error> {
    build_keeping(reader, book, options, &mut Memory::default(), folder)
}

/// Writes the public page of a book. The files come one after the other, months of entries one at a
/// time. What `keep` has of months that did not change is not made again; what it has never changes
/// a byte. On an error what was written is of no use; the caller removes it.
pub fn build_keeping(
    reader: &Reader,
    book: &BookId,
    options: &Options,
    keep: &mut dyn Keep,
    folder: &mut dyn Folder,
) -> Result<Site, Error> {
    let _one_moment = reader.view()?;
    let mut options = options.clone();
    options.languages.dedup();
    if options.languages.is_empty() {
        return Err(Error::NoLanguage);
    }
    options.base_url = options.base_url.map(|url| address(&url)).transpose()?;
    let public = Public::new(reader, *book, options.as_of)?;
    let digests = reader.month_digests(book, public.day())?;
    let mut months = Months::read(&public, &digests, keep)?;
    let gathered = gather(&public, &options, months.counts())?;
    let open = Open::of(&gathered);
    let books = months.make(&gathered, &open)?;
    let mut out = Output::new(folder);
    write_pages(&gathered, &mut months, &mut out)?;
    twins::write(&gathered, (&open, books), &mut months, &mut out)?;
    let (files, sha256) = out.finish()?;
    Ok(Site {
        as_of: gathered.day(),
        files,
        sha256,
        shown: gathered.shown,
        unpublished: gathered.unpublished,
        findings: public.gate.findings(),
        transactions: gathered.first_shown,
    })
}

/// An address without the `/` at its end.
fn address(url: &str) -> Result<String, Error> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}#?".contains(c);
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') && rest.chars().all(plain) => {
            Ok(url.trim_end_matches('/').to_owned())
        }
        _ => Err(Error::Address(url.to_owned())),
    }
}

fn write_pages(
    book: &Book<'_>,
    months: &mut Months<'_>,
    out: &mut Output<'_>,
) -> Result<(), Error> {
    out.whole("style.css", STYLE.as_bytes())?;
    let languages: Vec<Messages> =
        book.options.languages.iter().map(|language| Messages::of(*language)).collect();
    for m in &languages {
        let words = Words { book, m };
        let mut written: Vec<Written> =
            vec![pages::front::write(&words), pages::money::write(&words)];
        written.extend(pages::accounts::write(&words));
        written.extend(pages::decisions::write(&words));
        written.push(pages::people::write(&words));
        written.push(pages::framework::write(&words));
        written.extend(pages::operations::write(&words));
        written.extend(pages::knowledge::write(&words));
        written.extend(pages::about::write(&words));
        put(&words, written, out)?;
    }
    let mut index = Vec::new();
    months.each(&mut |month, shown| {
        for (m, rows) in languages.iter().zip(&shown.rows) {
            let words = Words { book, m };
            put(&words, pages::ledger::write(&words, month, shown.count, rows), out)?;
        }
        index.push(twins::ledger::month(book, out, month, shown)?);
        Ok(())
    })?;
    twins::ledger::list(book, out, &index)
}

fn put(words: &Words<'_>, pages: Vec<Written>, out: &mut Output<'_>) -> Result<(), Error> {
    let folder = layout::folder(words.book, words.m.language);
    for (path, text) in pages {
        out.whole(&format!("{folder}{path}"), text.as_bytes())?;
    }
    Ok(())
}
