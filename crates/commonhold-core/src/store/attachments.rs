//! Attachments: the bytes of files that records name by their SHA-256. They lie in parts, so that
//! what arrives can go on where it stopped; every way in ends with the hash of the whole.

use super::{Error, Reader, Store};
use crate::attachment::{self, MAX_BYTES, PART_BYTES, Part};
use crate::date::Time;
use crate::id::{BookId, Sha256};
use crate::keyring;
use crate::keys::Secret;
use crate::projection::{self, Named};
use rusqlite::{OptionalExtension, Row, params};
use std::collections::{BTreeMap, BTreeSet};

/// What is known here of an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is named by.
    pub sha256: Sha256,
    /// Its size in bytes; nothing while nothing of it is here.
    pub size: Option<u64>,
    /// What kind of file it is (RFC 6838), by its bytes; nothing while it is not here whole.
    pub media_type: Option<String>,
    /// Whether it is for leadership and treasurers alone.
    pub sealed: bool,
    /// Whether all of it is here.
    pub here: bool,
    /// Whether a person asked for it.
    pub asked: bool,
    /// The moment it was here whole.
    pub added: Option<Time>,
}

/// What came of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is kept; others are missing.
    More,
    /// The attachment is here whole.
    Whole,
    /// It does not fit what is here, or all parts together are another file: none of them is kept.
    Wrong,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let hash: Vec<u8> = row.get(0)?;
    let size: Option<i64> = row.get(1)?;
    Ok(Attachment {
        sha256: Sha256::from_slice(&hash).unwrap_or(Sha256([0; 32])),
        size: size.and_then(|size| u64::try_from(size).ok()),
        media_type: row.get(2)?,
        sealed: row.get::<_, i64>(3)? != 0,
        here: row.get::<_, i64>(4)? == 0,
        asked: row.get(5)?,
        added: row.get::<_, Option<i64>>(6)?.map(Time),
    })
}

const FIELDS: &str = "sha256, size, media_type, sealed_for, state, asked, added";

impl Reader {
    /// What is known of one attachment.
    pub fn attachment(&self, book: &BookId, sha256: &Sha256) -> Result<Option<Attachment>, Error> {
        let number = self.book_number(book)?;
        let sql = format!("SELECT {FIELDS} FROM attachment WHERE book = ?1 AND sha256 = ?2");
        let mut statement = self.db().prepare_cached(&sql)?;
        Ok(statement.query_row(params![number, sha256.0.as_slice()], read).optional()?)
    }

    /// What is known of all attachments of a book of which anything is here or was asked for.
    pub fn attachments(&self, book: &BookId) -> Result<Vec<Attachment>, Error> {
        let number = self.book_number(book)?;
        let sql = format!("SELECT {FIELDS} FROM attachment WHERE book = ?1 ORDER BY sha256");
        let mut statement = self.db().prepare_cached(&sql)?;
        Ok(statement.query_map([number], read)?.collect::<rusqlite::Result<_>>()?)
    }

    /// How many attachments of a book are here, and how many bytes they have.
    pub fn attachments_total(&self, book: &BookId) -> Result<(u64, u64), Error> {
        let number = self.book_number(book)?;
        let (count, bytes): (i64, i64) = self
            .db()
            .prepare_cached(
                "SELECT count(*), coalesce(sum(size), 0) FROM attachment
                 WHERE book = ?1 AND state = 0",
            )?
            .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((u64::try_from(count).unwrap_or(0), u64::try_from(bytes).unwrap_or(0)))
    }

    /// The attachments that records name, whether or not they are here.
    pub fn attachments_named(&self, book: &BookId) -> Result<BTreeMap<Sha256, Named>, Error> {
        Ok(projection::named(self.db(), self.book_number(book)?)?)
    }

    /// The numbers of the parts that are here.
    pub fn attachment_parts(&self, book: &BookId, sha256: &Sha256) -> Result<BTreeSet<u32>, Error> {
        let number = self.book_number(book)?;
        let mut statement = self.db().prepare_cached(
            "SELECT part FROM attachment_part JOIN attachment ON attachment.n = attachment
             WHERE book = ?1 AND sha256 = ?2",
        )?;
        let found = statement.query_map(params![number, sha256.0.as_slice()], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// One part of an attachment as it is kept; nothing when it is not here.
    pub fn attachment_part(
        &self,
        book: &BookId,
        sha256: &Sha256,
        part: u32,
    ) -> Result<Option<Part>, Error> {
        let book = self.book_number(book)?;
        Ok(self
            .db()
            .prepare_cached(
                "SELECT size, bytes, packed FROM attachment_part
                 JOIN attachment ON attachment.n = attachment
                 WHERE book = ?1 AND sha256 = ?2 AND part = ?3",
            )?
            .query_row(params![book, sha256.0.as_slice(), part], |row| {
                let size = u64::try_from(row.get::<_, Option<i64>>(0)?.unwrap_or(-1)).ok();
                let (bytes, packed) = (row.get(1)?, row.get(2)?);
                Ok(size.map(|size| Part { size, number: part, bytes, packed }))
            })
            .optional()?
            .flatten())
    }

    /// How many bytes each part of the attachments that are here whole has as it is kept.
    pub fn attachment_lengths(
        &self,
        book: &BookId,
    ) -> Result<BTreeMap<(Sha256, u32), usize>, Error> {
        let number = self.book_number(book)?;
        let mut statement = self.db().prepare_cached(
            "SELECT sha256, part, length(bytes) FROM attachment
             JOIN attachment_part ON attachment = attachment.n WHERE book = ?1 AND state = 0",
        )?;
        let mut rows = statement.query([number])?;
        let mut lengths = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let sha256: Vec<u8> = row.get(0)?;
            let length = usize::try_from(row.get::<_, i64>(2)?).unwrap_or(usize::MAX);
            let part: u32 = row.get(1)?;
            lengths.extend(Sha256::from_slice(&sha256).map(|sha256| ((sha256, part), length)));
        }
        Ok(lengths)
    }

    /// All parts of an attachment of so many bytes together; nothing where one is missing or
    /// damaged, and where they are another file.
    fn attachment_whole(
        &self,
        book: &BookId,
        sha256: &Sha256,
        size: u64,
    ) -> Result<Option<Vec<u8>>, Error> {
        let mut bytes = Vec::new();
        for part in 0..attachment::parts(size).unwrap_or(0) {
            let part = self.attachment_part(book, sha256, part)?;
            match part.as_ref().and_then(Part::plain) {
                Some(plain) => bytes.extend_from_slice(&plain),
                None => return Ok(None),
            }
        }
        Ok(Some(bytes).filter(|bytes| Sha256::of(bytes) == *sha256))
    }

    /// The bytes of an attachment; nothing while it is not here whole. [`Error::Damaged`] when they
    /// are not what they were.
    pub fn attachment_bytes(
        &self,
        book: &BookId,
        sha256: &Sha256,
    ) -> Result<Option<Vec<u8>>, Error> {
        let Some(found) = self.attachment(book, sha256)?.filter(|found| found.here) else {
            return Ok(None);
        };
        let whole = self.attachment_whole(book, sha256, found.size.unwrap_or(u64::MAX))?;
        whole.map(Some).ok_or(Error::Damaged(*sha256))
    }

    /// The key attachments for leadership and treasurers are sealed under now; nothing when this
    /// device has none that nobody else has.
    pub fn attachments_key(&self, book: &BookId, now: Time) -> Result<Option<Secret>, Error> {
        let number = self.book_number(book)?;
        match self.current_key((number, book), keyring::ATTACHMENTS, now) {
            Err(Error::Locked(_)) => Ok(None),
            other => other,
        }
    }

    /// The number of an attachment in this database, made when it is new.
    fn attachment_number(&self, book: i64, sha256: &Sha256) -> Result<i64, Error> {
        self.db()
            .prepare_cached(
                "INSERT OR IGNORE INTO attachment (book, sha256, state) VALUES (?1, ?2, 1)",
            )?
            .execute(params![book, sha256.0.as_slice()])?;
        Ok(self
            .db()
            .prepare_cached("SELECT n FROM attachment WHERE book = ?1 AND sha256 = ?2")?
            .query_row(params![book, sha256.0.as_slice()], |row| row.get(0))?)
    }

    fn keep_part(&self, n: i64, part: &Part) -> Result<(), Error> {
        self.db()
            .prepare_cached(
                "INSERT OR REPLACE INTO attachment_part (attachment, part, bytes, packed)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![n, part.number, part.bytes, part.packed])?;
        Ok(())
    }

    /// Says that an attachment is here whole.
    fn attachment_is_here(&self, n: i64, bytes: &[u8], now: Time) -> Result<(), Error> {
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let (media_type, _) = attachment::kind_of(bytes);
        self.db()
            .prepare_cached(
                "UPDATE attachment SET state = 0, asked = 0, size = ?2, media_type = ?3, added = ?4
                 WHERE n = ?1",
            )?
            .execute(params![n, size, media_type, now.0])?;
        Ok(())
    }

    /// Forgets what is here of an attachment; that it is wanted stays.
    fn drop_parts(&self, n: i64) -> Result<(), Error> {
        self.db().execute("DELETE FROM attachment_part WHERE attachment = ?1", [n])?;
        self.db().execute(
            "UPDATE attachment SET state = 1, size = NULL, media_type = NULL, added = NULL
             WHERE n = ?1",
            [n],
        )?;
        Ok(())
    }
}

impl Store {
    /// Keeps a file, so that records can name it; one transaction. `sealed` says that leadership
    /// and treasurers alone are to read it; what was said last counts. One that is here already is
    /// not kept twice.
    ///
    /// # Errors
    /// [`Error::TooLarge`]; [`Error::NotMember`]; [`Error::Locked`] for a sealed one when this
    /// device may not read such files itself.
    pub fn keep_attachment(
        &mut self,
        book: &BookId,
        bytes: &[u8],
        sealed: bool,
        now: Time,
    ) -> Result<Attachment, Error> {
        let number = self.book_number(book)?;
        let tx = self.reader.writing()?;
        self.reader.writer_now(number, book, &self.identity, now)?;
        if sealed {
            let scope = keyring::ATTACHMENTS;
            self.reader.prepare_key(&self.identity, (number, book), scope, now)?;
            self.reader.current_key((number, book), scope, now)?;
        }
        let sha256 = self.put_attachment((number, book), bytes, now)?;
        self.reader.db().execute(
            "UPDATE attachment SET sealed_for = ?3 WHERE book = ?1 AND sha256 = ?2",
            params![number, sha256.0.as_slice(), i64::from(sealed)],
        )?;
        tx.commit()?;
        self.attachment(book, &sha256)?.ok_or(Error::Damaged(sha256))
    }

    /// Keeps a file that came with an archive, which anybody may read; what was said of it before
    /// stays. Its bytes are hashed here.
    pub fn restore_attachment(
        &mut self,
        book: &BookId,
        bytes: &[u8],
        now: Time,
    ) -> Result<Sha256, Error> {
        let number = self.book_number(book)?;
        let tx = self.reader.writing()?;
        let sha256 = self.put_attachment((number, book), bytes, now)?;
        tx.commit()?;
        Ok(sha256)
    }

    fn put_attachment(
        &self,
        (number, book): (i64, &BookId),
        bytes: &[u8],
        now: Time,
    ) -> Result<Sha256, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLarge(u64::try_from(bytes.len()).unwrap_or(u64::MAX)));
        }
        let sha256 = Sha256::of(bytes);
        if matches!(self.attachment_bytes(book, &sha256), Ok(Some(_))) {
            return Ok(sha256);
        }
        let n = self.reader.attachment_number(number, &sha256)?;
        self.reader.drop_parts(n)?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let empty: &[u8] = &[];
        let chunks = bytes.chunks(PART_BYTES).chain(bytes.is_empty().then_some(empty));
        for (number, chunk) in (0..).zip(chunks) {
            self.reader.keep_part(n, &Part::of(size, number, chunk))?;
        }
        self.reader.attachment_is_here(n, bytes, now)?;
        Ok(sha256)
    }

    /// Keeps a part of an attachment that came from elsewhere; one transaction. `sealed` says that
    /// it was sealed for leadership and treasurers. With the last part the hash of the whole
    /// decides whether any of it stays.
    pub fn take_attachment_part(
        &mut self,
        book: &BookId,
        sha256: &Sha256,
        part: &Part,
        sealed: bool,
        now: Time,
    ) -> Result<Taken, Error> {
        let number = self.book_number(book)?;
        let known = self.attachment(book, sha256)?;
        if known.as_ref().is_some_and(|known| known.here) {
            return Ok(Taken::Whole);
        }
        let tx = self.reader.writing()?;
        let n = self.reader.attachment_number(number, sha256)?;
        let fits = part.plain().is_some();
        let other = known.and_then(|known| known.size).is_some_and(|size| size != part.size);
        if !fits || other {
            self.reader.drop_parts(n)?;
            tx.commit()?;
            return Ok(Taken::Wrong);
        }
        let size = i64::try_from(part.size).unwrap_or(i64::MAX);
        self.reader.db().execute(
            "UPDATE attachment SET size = ?2, sealed_for = max(sealed_for, ?3) WHERE n = ?1",
            params![n, size, i64::from(sealed)],
        )?;
        self.reader.keep_part(n, part)?;
        let taken = self.finish_attachment(n, (book, sha256), part.size, now)?;
        tx.commit()?;
        Ok(taken)
    }

    fn finish_attachment(
        &self,
        n: i64,
        (book, sha256): (&BookId, &Sha256),
        size: u64,
        now: Time,
    ) -> Result<Taken, Error> {
        let count = attachment::parts(size).unwrap_or(0);
        if self.attachment_parts(book, sha256)?.len() < usize::try_from(count).unwrap_or(0) {
            return Ok(Taken::More);
        }
        let Some(bytes) = self.reader.attachment_whole(book, sha256, size)? else {
            self.reader.drop_parts(n)?;
            return Ok(Taken::Wrong);
        };
        self.reader.attachment_is_here(n, &bytes, now)?;
        Ok(Taken::Whole)
    }

    /// Keeps in mind that a person wants an attachment, however large it is. What is here of it and
    /// damaged is forgotten, so that it is fetched again.
    pub fn ask_for_attachment(&mut self, book: &BookId, sha256: &Sha256) -> Result<(), Error> {
        let number = self.book_number(book)?;
        let damaged = matches!(self.attachment_bytes(book, sha256), Err(Error::Damaged(_)));
        let tx = self.reader.writing()?;
        let n = self.reader.attachment_number(number, sha256)?;
        if damaged {
            self.reader.drop_parts(n)?;
        }
        self.reader
            .db()
            .execute("UPDATE attachment SET asked = 1 WHERE n = ?1 AND state = 1", [n])?;
        tx.commit()?;
        Ok(())
    }
}
