//! The public page: one book as a folder of files that anybody can read, check and take along.
//!
//! [`build`] is a pure function of the records and of [`Options`]: no clock, randomness, network or
//! files of its own. The same book gives the same bytes. What may be shown of which kind is one
//! table ([`rules`]); every record passes it in one place (`public.rs`), and every text that people
//! wrote passes the masking gate ([`gate`]).

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

mod assemble;
mod format;
pub mod gate;
mod gather;
mod html;
mod messages;
mod months;
mod output;
mod pages;
mod public;
pub mod rules;
#[cfg(test)]
mod tests;
mod twins;

pub use assemble::{build, build_keeping};
pub use commonhold_exchange::archive::Folder;
pub use gate::Finding;
pub use messages::Language;
pub use months::{Keep, Key, Memory};
pub use output::SiteFile;

use commonhold_core::date::{Date, Time};
use commonhold_core::id::RecordId;

/// What the caller decides.
#[derive(Clone, Debug)]
pub struct Options {
    /// The moment the page is of. Entries of later days are left out, and embargoes that end later
    /// hold.
    pub as_of: Time,
    /// Where it will be found, such as `https://example.org/harbor`. Files that must name their own
    /// address (sitemap, feeds' links) are written only with it.
    pub base_url: Option<String>,
    /// The languages of the pages; the first lies at the root, others in folders of their names.
    pub languages: Vec<Language>,
}

impl Options {
    /// In every language there is, English at the root, without an address.
    pub fn at(as_of: Time) -> Self {
        Self { as_of, base_url: None, languages: Language::ALL.to_vec() }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The day it is of.
    pub as_of: Date,
    /// Its files by path, in order.
    pub files: Vec<SiteFile>,
    /// SHA-256 over the list of files: for each, by path, a line of its SHA-256, two spaces and its
    /// path (the form `sha256sum` reads). Hexadecimal.
    pub sha256: String,
    /// The transactions that no earlier publication showed, by id, sorted.
    pub transactions: Vec<RecordId>,
    /// How many transactions it shows.
    pub shown: u32,
    /// How many transactions of the book it does not show: of later days, or set aside until
    /// somebody looks.
    pub unpublished: u32,
    /// What the gate masked.
    pub findings: Vec<Finding>,
}

/// Why no page was made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The book could not be read.
    #[error("The book could not be read: {0}")]
    Store(#[from] commonhold_core::store::Error),
    /// A ledger or table could not be written.
    #[error("A file of the books could not be written: {0}")]
    Books(#[from] commonhold_exchange::archive::Error),
    /// What the files are given to refused them.
    #[error("A file of the page could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// What was kept of the months went while it was read; without it all is made anew.
    #[error("What was kept of an earlier page cannot be read any more.")]
    Forgotten,
    /// The address cannot be one.
    #[error("“{0}” is not an address a page can have; it begins with https:// and names a host.")]
    Address(String),
    /// No language was asked for.
    #[error("No language was chosen; choose at least one.")]
    NoLanguage,
}
