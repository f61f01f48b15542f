//! From a book to its files, in one order.

use crate::gather::{Book, gather};
use crate::html::{STYLE, Words, layout};
use crate::messages::Messages;
use crate::output::Output;
use crate::pages::{self, Written};
use crate::public::Public;
use crate::{Error, Options, Site, twins};
use commonhold_core::id::BookId;
use commonhold_core::store::Reader;
use commonhold_exchange::archive::Folder;

/// Writes the public page of a book. The files come one after the other, months of entries one at a
/// time, so that memory does not grow with the book. On an error what was written is of no use; the
/// caller removes it.
pub fn build(
    reader: &Reader,
    book: &BookId,
    options: &Options,
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
    let gathered = gather(&public, &options)?;
    let mut out = Output::new(folder);
    write_pages(&gathered, &mut out)?;
    twins::write(&gathered, &mut out)?;
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

fn write_pages(book: &Book<'_>, out: &mut Output<'_>) -> Result<(), Error> {
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
    for (month, _) in book.months.iter().rev() {
        let entries = book.public.month(*month)?;
        for m in &languages {
            let words = Words { book, m };
            put(&words, pages::ledger::write(&words, *month, &entries), out)?;
        }
        index.push(twins::ledger::month(book, out, *month, &entries)?);
    }
    twins::ledger::list(book, out, &index)
}

fn put(words: &Words<'_>, pages: Vec<Written>, out: &mut Output<'_>) -> Result<(), Error> {
    let folder = layout::folder(words.book, words.m.language);
    for (path, text) in pages {
        out.whole(&format!("{folder}{path}"), text.as_bytes())?;
    }
    Ok(())
}
