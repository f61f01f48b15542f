//! Both ledgers and the tables, by the writers of the archive, over what is public alone.

use crate::Error;
use crate::gather::Book;
use crate::months::Months;
use crate::output::{Below, Output};
use crate::public::Public;
use crate::rules::{self, When};
use commonhold_core::date::Date;
use commonhold_core::id::{BookId, Hash, LogId};
use commonhold_core::projection::State;
use commonhold_core::records::Kind;
use commonhold_exchange::archive::{Error as Refused, Folder, Record, Source, Visit};
use commonhold_exchange::export::ledger::months::{Books, Hand, Which};
use std::io::Write;

/// A book of which only what is public can be read.
pub struct Open<'a> {
    public: &'a Public<'a>,
    name: String,
}

impl<'a> Open<'a> {
    /// What is public of a book.
    pub fn of(book: &Book<'a>) -> Self {
        Self { public: book.public, name: book.service.name.clone() }
    }
}

impl Source for Open<'_> {
    fn book(&self) -> BookId {
        self.public.book
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn each_record(
        &self,
        kind: Kind,
        visit: &mut dyn FnMut(Record) -> Visit,
    ) -> Result<(), Refused> {
        // A kind that is never shown is not read either.
        if rules::of(kind.name()).is_none_or(|rule| matches!(rule.when, When::Never(_))) {
            return Ok(());
        }
        let day = self.public.day();
        let mut answer = Ok(());
        self.public
            .reader
            .each(&self.public.book, kind, &mut |row| {
                let date = row.fields.get("date").and_then(serde_json::Value::as_str);
                let later =
                    date.and_then(|date| date.parse().ok()).is_some_and(|date: Date| date > day);
                if later && kind == Kind::Transaction {
                    return true;
                }
                let (id, document) = (row.id, row.document.clone());
                if let Some(fields) = self.public.fields(kind, row) {
                    let (state, problems) = (State::Ok.name(), Vec::new());
                    answer = visit(Record { id, state, document, fields, problems });
                }
                answer.is_ok()
            })
            .map_err(|error| Refused::Source(error.to_string()))?;
        Ok(answer?)
    }

    fn documents(&self) -> Result<Vec<(String, Vec<Hash>)>, Refused> {
        Ok(Vec::new())
    }

    fn document(&self, _name: &str) -> Result<Vec<u8>, Refused> {
        Ok(Vec::new())
    }

    fn each_object(
        &self,
        _visit: &mut dyn FnMut(LogId, u64, &[u8]) -> Visit,
    ) -> Result<(), Refused> {
        Ok(())
    }
}

/// Writes them.
pub fn write(
    book: &Book<'_>,
    (open, ledgers): (&Open<'_>, Books),
    months: &mut Months<'_>,
    out: &mut Output<'_>,
) -> Result<(), Error> {
    let mut forgotten = false;
    let mut hand = |which: Which, out: &mut dyn Write| {
        months.hand(which, out).map_err(|error| match error {
            Error::Io(error) => Refused::Io(error),
            Error::Books(error) => error,
            other => {
                forgotten |= matches!(other, Error::Forgotten);
                Refused::Source(other.to_string())
            }
        })
    };
    let written = all(book, (open, ledgers), &mut hand, out);
    if forgotten { Err(Error::Forgotten) } else { Ok(written?) }
}

fn all(
    book: &Book<'_>,
    (open, ledgers): (&Open<'_>, Books),
    hand: &mut Hand<'_>,
    out: &mut Output<'_>,
) -> Result<(), Refused> {
    let mut tell = |_: u64, _: Option<u64>, _: &str| true;
    out.begin("ledger.beancount")?;
    ledgers.beancount(open, out, hand)?;
    out.begin("ledger.journal")?;
    ledgers.journal(open, out, hand)?;
    let mut below = Below { output: out, folder: "tables/" };
    ledgers.tables(open, &mut below, book.public.morning(), hand, &mut tell)
}
