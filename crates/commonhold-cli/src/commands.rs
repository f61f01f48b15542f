//! One file a verb.

pub mod adopted;
pub mod alerts;
pub mod archive;
pub mod books;
pub mod close;
pub mod decide;
pub mod deploy;
pub mod file;
pub mod framework;
pub mod import;
pub mod incident;
pub mod invite;
pub mod metrics;
pub mod pay;
pub mod person;
pub mod phase;
pub mod record;
pub mod report;
pub mod runbook;
pub mod search;
pub mod secret;
pub mod service;
pub mod site;
pub mod sync;
pub mod tour;

use crate::Context;
use commonhold_app::commands::service::ServiceSummary;
use commonhold_app::{App, Code, Failure, profile};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, RecordId};

/// What a command answers: its exit code.
pub type Done = Result<u8, Failure>;

impl Context {
    /// Opens the profile for writing.
    pub fn app(&self) -> Result<App, Failure> {
        App::open(&self.home)
    }

    /// Opens the profile for reading; works while another process writes.
    pub fn reader(&self) -> Result<Reader, Failure> {
        profile::open_reader(&self.home)
    }

    /// The service meant: the one named, or the only one there is.
    pub fn book(&self, reader: &Reader) -> Result<BookId, Failure> {
        let services = commonhold_app::commands::service::list(reader, today())?;
        let names = |services: &[ServiceSummary]| -> String {
            let names: Vec<_> =
                services.iter().map(|s| format!("{} ({})", s.name, short(&s.book))).collect();
            names.join(", ")
        };
        let found: Vec<ServiceSummary> = match &self.service {
            None => services.clone(),
            Some(wanted) => services
                .iter()
                .filter(|s| s.name == *wanted || s.book.to_string().starts_with(wanted.as_str()))
                .cloned()
                .collect(),
        };
        match (found.as_slice(), &self.service) {
            ([one], _) => Ok(one.book),
            ([], None) => Err(Failure::new(Code::NotFound, "This profile has no service yet.")
                .hint("Begin with: commonhold service new --name NAME.")),
            ([], Some(wanted)) => {
                Err(Failure::new(Code::NotFound, format!("There is no service “{wanted}” here."))
                    .hint(format!("There are: {}.", names(&services))))
            }
            (many, _) => Err(Failure::new(Code::Invalid, "Several services fit.")
                .hint(format!("Name one with --service: {}.", names(many)))),
        }
    }
}

/// The moment it is.
pub fn now() -> commonhold_core::Time {
    use commonhold_app::clock::World;
    commonhold_app::clock::System.now()
}

/// The day it is.
pub fn today() -> commonhold_core::Date {
    now().date()
}

/// The first digits of a book's id.
pub fn short(book: &BookId) -> String {
    book.to_string().chars().take(8).collect()
}

/// Reads a record id a person typed.
pub fn record_id(text: &str) -> Result<RecordId, Failure> {
    text.parse().map_err(|_| Failure::new(Code::Invalid, format!("“{text}” is not a record's id.")))
}
