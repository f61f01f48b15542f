//! Reading records: questions to the read model, asked of one book.

use super::{Error, Reader};
use crate::date::Date;
use crate::document::Key;
use crate::id::{BookId, Hash, RecordId};
use crate::money::Money;
use crate::projection::{self, Page, Query, Row, SearchHit, SumLine};
use crate::records::Kind;
use rusqlite::{OptionalExtension, params};
use std::collections::{BTreeSet, HashMap};

impl Reader {
    /// The document that holds a record of whatever kind.
    pub(super) fn document_of(
        &self,
        book: &BookId,
        id: &RecordId,
    ) -> Result<Option<String>, Error> {
        let number = self.book_number(book)?;
        Ok(self
            .db()
            .prepare_cached(
                "SELECT name FROM record JOIN document ON document.n = record.document
                 WHERE record.id = ?1 AND record.book = ?2 ORDER BY name LIMIT 1",
            )?
            .query_row(params![id.as_bytes(), number], |row| row.get(0))
            .optional()?)
    }

    /// One record, in whatever state.
    pub fn record(&self, book: &BookId, kind: Kind, id: &RecordId) -> Result<Option<Row>, Error> {
        let number = self.book_number(book)?;
        Ok(projection::find(self.db(), number, kind, id)?)
    }

    /// Records of a kind with what the read model hides of them, by id, whatever became of them.
    /// Reads the documents they lie in, so it takes their keys.
    pub fn unmasked(&self, book: &BookId, kind: Kind) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        self.each(book, kind, &mut |row| {
            rows.push(row);
            true
        })?;
        let names: BTreeSet<String> = rows.iter().map(|row| row.document.clone()).collect();
        for info in self.documents(book)?.into_iter().filter(|info| names.contains(&info.name)) {
            let document = self.load(book, info.n, &info.name)?;
            for row in rows.iter_mut().filter(|row| row.document == info.name) {
                let key = Key { kind: kind.name().to_owned(), id: row.id };
                let raw = document.read(&key);
                for name in kind.info().masked {
                    let said = raw.as_ref().and_then(|raw| raw.fields.get(*name)).cloned();
                    row.fields.extend(said.map(|said| ((*name).to_owned(), said)));
                    for (_, values) in row.conflicts.iter_mut().filter(|(field, _)| field == name) {
                        let rivals = raw.iter().flat_map(|raw| &raw.conflicts);
                        *values = rivals
                            .filter(|(field, _)| field == name)
                            .flat_map(|(_, values)| values.clone())
                            .collect();
                    }
                }
            }
        }
        Ok(rows)
    }

    /// Whether what is shown of an entry was not its author's to write: then it takes the place of
    /// none that is, and whoever may writes it.
    pub(super) fn is_nobodys(&self, number: i64, key: &Key) -> Result<bool, Error> {
        let Ok(kind) = key.kind.parse::<Kind>() else { return Ok(false) };
        let there = projection::find(self.db(), number, kind, &key.id)?;
        Ok(there.is_some_and(|row| row.is_nobodys()))
    }

    /// What became of a record; nothing when it is not here.
    pub fn state(
        &self,
        book: &BookId,
        kind: Kind,
        id: &RecordId,
    ) -> Result<Option<projection::State>, Error> {
        Ok(projection::state(self.db(), self.book_number(book)?, kind, id)?)
    }

    /// What became of every record of a kind, by id.
    pub fn states(
        &self,
        book: &BookId,
        kind: Kind,
    ) -> Result<HashMap<RecordId, projection::State>, Error> {
        Ok(projection::states(self.db(), self.book_number(book)?, kind)?)
    }

    /// Numbers of records that point at one, by the way they do, with their kinds.
    pub fn pointing_at(
        &self,
        book: &BookId,
        kind: Kind,
        id: &RecordId,
        relation: crate::record::Relation,
    ) -> Result<Vec<Row>, Error> {
        let number = self.book_number(book)?;
        Ok(projection::pointing_at(self.db(), number, kind, id, relation)?)
    }

    /// Records of a kind that hold a value in one column, by id, whatever became of them. The
    /// value is the text the column's JSON has.
    pub fn with(
        &self,
        book: &BookId,
        kind: Kind,
        column: &str,
        value: &str,
    ) -> Result<Vec<Row>, Error> {
        Ok(projection::with(self.db(), self.book_number(book)?, kind, column, value)?)
    }

    /// A part of the list of a kind.
    pub fn list(&self, book: &BookId, kind: Kind, query: &Query) -> Result<Page, Error> {
        Ok(projection::list(self.db(), self.book_number(book)?, kind, query)?)
    }

    /// Calls back with every record of a kind, ordered by id, whatever its state.
    pub fn each(
        &self,
        book: &BookId,
        kind: Kind,
        visit: &mut dyn FnMut(Row) -> bool,
    ) -> Result<(), Error> {
        Ok(projection::each(self.db(), self.book_number(book)?, kind, visit)?)
    }

    /// Calls back with every record of a kind that counts and has a value in a column, by id.
    pub fn having(
        &self,
        book: &BookId,
        kind: Kind,
        column: &str,
        visit: &mut dyn FnMut(Row) -> bool,
    ) -> Result<(), Error> {
        Ok(projection::having(self.db(), self.book_number(book)?, kind, column, visit)?)
    }

    /// Finds records by words: how many there are, and a part of them.
    pub fn search(
        &self,
        book: &BookId,
        words: &str,
        offset: u32,
        limit: u32,
    ) -> Result<(u64, Vec<SearchHit>), Error> {
        Ok(projection::search(self.db(), self.book_number(book)?, words, limit, offset)?)
    }

    /// The whole read model of a book as lines that are equal on devices with equal records.
    pub fn dump(&self, book: &BookId, line: &mut dyn FnMut(&str)) -> Result<(), Error> {
        Ok(projection::dump(self.db(), self.book_number(book)?, line)?)
    }

    /// A hash of [`Reader::dump`]: equal fingerprints mean equal records.
    pub fn fingerprint(&self, book: &BookId) -> Result<Hash, Error> {
        let mut hasher = blake3::Hasher::new();
        self.dump(book, &mut |line| {
            hasher.update(line.as_bytes());
            hasher.update(b"\n");
        })?;
        Ok(Hash(*hasher.finalize().as_bytes()))
    }

    /// The kept sums of a book.
    pub fn sums(&self, book: &BookId) -> Result<Vec<SumLine>, Error> {
        Ok(projection::sums(self.db(), self.book_number(book)?)?)
    }

    /// Sums of the days of `month` that come after `day`, to report as of a day inside a month.
    pub fn sums_after(&self, book: &BookId, day: Date) -> Result<Vec<SumLine>, Error> {
        Ok(projection::sums_after(self.db(), self.book_number(book)?, day)?)
    }

    /// Where transactions that count went, by payee.
    pub fn habits(&self, book: &BookId) -> Result<Vec<projection::Habit>, Error> {
        Ok(projection::habits(self.db(), self.book_number(book)?)?)
    }

    /// Records of which somebody has to pick one of several contents.
    pub fn disputed(&self, book: &BookId) -> Result<Vec<projection::Disputed>, Error> {
        Ok(projection::disputed(self.db(), self.book_number(book)?)?)
    }

    /// What moved an account between two days and counts.
    pub fn lines_between(
        &self,
        book: &BookId,
        account: &RecordId,
        from: Date,
        to: Date,
    ) -> Result<Vec<projection::Line>, Error> {
        Ok(projection::lines_between(self.db(), self.book_number(book)?, account, from, to)?)
    }

    /// How many transactions that count came in with an import, and a part of them, oldest first.
    pub fn imported(
        &self,
        book: &BookId,
        import: &RecordId,
        offset: u32,
        limit: u32,
    ) -> Result<(u64, Vec<Row>), Error> {
        Ok(projection::imported(
            self.db(),
            self.book_number(book)?,
            Kind::Transaction,
            import,
            (offset, limit),
        )?)
    }

    /// How many expenses say all that is asked for (`finance.history.expenses`).
    pub fn expense_history(&self, book: &BookId) -> Result<projection::Completeness, Error> {
        Ok(projection::expense_history(self.db(), self.book_number(book)?)?)
    }

    /// How many gifts say all that is asked for (`finance.history.donations`).
    pub fn gift_history(&self, book: &BookId) -> Result<projection::Completeness, Error> {
        Ok(projection::gift_history(self.db(), self.book_number(book)?)?)
    }

    /// How many expenses above a limit name a decision (`finance.efficiency`).
    pub fn above_limit(
        &self,
        book: &BookId,
        limit: Option<Money>,
    ) -> Result<projection::Completeness, Error> {
        Ok(projection::above_limit(self.db(), self.book_number(book)?, limit)?)
    }

    /// Minor units each donor gave between two days.
    pub fn given(
        &self,
        book: &BookId,
        from: Date,
        to: Date,
    ) -> Result<Vec<(RecordId, i64)>, Error> {
        Ok(projection::given(self.db(), self.book_number(book)?, from, to)?)
    }

    /// How many records of a kind there are that count.
    pub fn count(&self, book: &BookId, kind: Kind) -> Result<u64, Error> {
        Ok(projection::count(self.db(), self.book_number(book)?, kind)?)
    }
}
