//! Questions about single entries that move money, asked of one book.

use super::{Error, Reader};
use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::money::Money;
use crate::projection::{
    self, Correction, DonorLine, Entry, GiftLine, GiftQuery, MonthDigest, Numbered, State,
};
use crate::records::Kind;

impl Reader {
    /// What an account changed by on each day up to one, in each currency; oldest first.
    pub fn daily(
        &self,
        book: &BookId,
        account: &RecordId,
        until: Date,
    ) -> Result<Vec<(Date, Money)>, Error> {
        Ok(projection::daily(self.db(), self.book_number(book)?, account, until)?)
    }

    /// What every account changed by on each of some days, in each currency, by day.
    pub fn daily_between(
        &self,
        book: &BookId,
        from: Date,
        to: Date,
    ) -> Result<Vec<(Date, RecordId, Money)>, Error> {
        Ok(projection::daily_between(self.db(), self.book_number(book)?, from, to)?)
    }

    /// What the transactions of each month up to a day are, as digests; oldest first.
    pub fn month_digests(&self, book: &BookId, until: Date) -> Result<Vec<MonthDigest>, Error> {
        Ok(projection::month_digests(self.db(), self.book_number(book)?, until)?)
    }

    /// The transactions of some days that count, by id.
    pub fn entries(&self, book: &BookId, from: Date, to: Date) -> Result<Vec<Entry>, Error> {
        let mut entries = self.entries_by_day(book, from, to)?;
        entries.sort_unstable_by_key(|entry| entry.id);
        Ok(entries)
    }

    /// The transactions of some days that count, by day; those of one day in no certain order.
    pub fn entries_by_day(&self, book: &BookId, from: Date, to: Date) -> Result<Vec<Entry>, Error> {
        Ok(projection::entries(self.db(), self.book_number(book)?, from, to)?)
    }

    /// The transactions that count up to a day, by day; those of one day in no certain order.
    pub fn numbered(&self, book: &BookId, until: Date) -> Result<Vec<Numbered>, Error> {
        Ok(projection::numbered(self.db(), self.book_number(book)?, until)?)
    }

    /// The numbers of those records of a list, sorted by id, that the book has; by number.
    pub fn numbers(
        &self,
        book: &BookId,
        kind: Kind,
        list: &[(RecordId, Date)],
    ) -> Result<Vec<(i64, Date)>, Error> {
        Ok(projection::numbers(self.db(), self.book_number(book)?, kind, list)?)
    }

    /// The id of the record with a number.
    pub fn id_of(&self, n: i64) -> Result<RecordId, Error> {
        Ok(projection::id_of(self.db(), n)?)
    }

    /// What each publication that counts showed for the first time, up to a day; oldest first.
    pub fn publications(
        &self,
        book: &BookId,
        until: Date,
    ) -> Result<Vec<(Date, Vec<RecordId>)>, Error> {
        Ok(projection::publications(self.db(), self.book_number(book)?, until)?)
    }

    /// How many transactions of some days do not count, by state.
    pub fn set_aside(
        &self,
        book: &BookId,
        from: Date,
        to: Date,
    ) -> Result<Vec<(State, u32)>, Error> {
        Ok(projection::set_aside(self.db(), self.book_number(book)?, from, to)?)
    }

    /// Every sound transaction that corrects another, whether it counts or not, by id.
    pub fn corrections(&self, book: &BookId) -> Result<Vec<Correction>, Error> {
        Ok(projection::corrections(self.db(), self.book_number(book)?)?)
    }

    /// What each donor moved on some accounts on some days, by month.
    pub fn by_donor(
        &self,
        book: &BookId,
        accounts: &[RecordId],
        from: Date,
        to: Date,
    ) -> Result<Vec<DonorLine>, Error> {
        Ok(projection::by_donor(self.db(), self.book_number(book)?, accounts, from, to)?)
    }

    /// The lines of gifts that say how often they come or what days they are for, or of one donor.
    pub fn gifts(&self, book: &BookId, query: &GiftQuery<'_>) -> Result<Vec<GiftLine>, Error> {
        Ok(projection::gifts(self.db(), self.book_number(book)?, query)?)
    }

    /// What was moved on some accounts by transactions that name an expense, up to a day.
    pub fn by_expense(
        &self,
        book: &BookId,
        accounts: &[RecordId],
        until: Date,
    ) -> Result<Vec<(RecordId, Money)>, Error> {
        Ok(projection::by_expense(self.db(), self.book_number(book)?, accounts, until)?)
    }
}
