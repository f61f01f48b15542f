//! Filling the read model from records as they lie in documents.

use super::prepare::{Known, Prepared};
use super::read::load;
use super::{State, kind_code, row};
use crate::id::RecordId;
use crate::json;
use crate::money::Currency;
use crate::record::{Judged, KindInfo, Link, Posting, Relation};
use crate::records::Kind;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Where kept sums lie: account, fund (both by key number), currency, month.
type SumKey = (i64, i64, Currency, i32);

/// Fills the read model of one book within one SQLite transaction; [`Projector::finish`] must be
/// called before the transaction is committed.
pub struct Projector<'c> {
    pub(super) db: &'c Connection,
    pub(super) book: i64,
    keys: HashMap<RecordId, i64>,
    sums: BTreeMap<SumKey, i64>,
    pub(super) sizes: BTreeMap<i64, i64>,
    /// The document asked for last, with its name.
    pub(super) last_name: Option<(i64, String)>,
    /// Imports asked for so far and whether they are withdrawn; forgotten when a record that
    /// points at others comes or goes.
    withdrawn_imports: HashMap<RecordId, bool>,
    /// Records whose state must be decided anew, with the kind.
    pub(super) dirty: BTreeSet<(i64, Kind)>,
    /// Records that may lie better in another document now.
    pub(super) bereaved: BTreeSet<(Kind, RecordId)>,
    /// The statements that insert into the tables of kinds.
    inserts: BTreeMap<Kind, String>,
    /// Whether anything was set aside in the book; nothing before that was asked.
    pub(super) aside: Cell<Option<bool>>,
}

impl<'c> Projector<'c> {
    /// For the book with this number.
    pub fn new(db: &'c Connection, book: i64) -> Self {
        Self {
            db,
            book,
            keys: HashMap::new(),
            sums: BTreeMap::new(),
            sizes: BTreeMap::new(),
            last_name: None,
            withdrawn_imports: HashMap::new(),
            dirty: BTreeSet::new(),
            bereaved: BTreeSet::new(),
            inserts: BTreeMap::new(),
            aside: Cell::new(None),
        }
    }

    /// Takes in one record as a document holds it now.
    pub fn put(&mut self, document: i64, record: &Prepared) -> rusqlite::Result<()> {
        let key = &record.key;
        let Some(known) = &record.known else {
            return self.set_aside(document, key);
        };
        let (kind, links) = (known.kind, &known.judged.links);
        let holder = self.find(kind, &key.id)?;
        if !self.belongs(document, known, &key.id)? {
            if let Some((n, _)) = holder.filter(|(_, holder)| *holder == document) {
                self.delete(n, kind, document)?;
                self.bereaved.insert((kind, key.id));
            }
            return self.set_aside(document, key);
        }
        let n = match holder {
            Some((n, holder)) if holder != document => {
                if !self.goes_before((document, known), (n, holder))? {
                    return self.set_aside(document, key);
                }
                self.set_aside(holder, key)?;
                self.remove(n, kind)?;
                self.move_to(n, document)?;
                n
            }
            Some((n, _)) => {
                if !known.judged.problems.is_empty() && !self.is_unsound(n)? {
                    self.bereaved.insert((kind, key.id));
                }
                self.remove(n, kind)?;
                n
            }
            None => {
                self.take_up(document, key)?;
                let n = self.insert(kind, &key.id, document)?;
                if let Some(state) = self.state_of_new(kind, &key.id, &known.judged)? {
                    if state == State::Ok {
                        self.count(&known.judged, false)?;
                    }
                    return self.fill(n, known, state);
                }
                n
            }
        };
        self.take_up(document, key)?;
        self.fill(n, known, State::Rejected)?;
        self.touch(n, kind, links)
    }

    /// The state of a record that was not here before and changes no other's: it need not wait
    /// for the end, since whatever comes later and bears on it marks it again. Nothing for a
    /// record that takes out or corrects another.
    fn state_of_new(
        &mut self,
        kind: Kind,
        id: &RecordId,
        judged: &Judged,
    ) -> rusqlite::Result<Option<State>> {
        if judged.links.iter().any(|link| link.relation != Relation::ImportedBy) {
            return Ok(None);
        }
        if let Some(state) = State::unsound(&judged.problems) {
            return Ok(Some(state));
        }
        if self.find_key(id)?.is_some() {
            // Something points at it.
            return Ok(Some(self.decide(kind, id, &judged.links, &mut BTreeMap::new())?));
        }
        for Link { kind, id: import, .. } in &judged.links {
            let withdrawn = match self.withdrawn_imports.get(import) {
                Some(known) => *known,
                None => {
                    let found = self.has_withdrawal(*kind, import)?;
                    self.withdrawn_imports.insert(*import, found);
                    found
                }
            };
            if withdrawn {
                return Ok(Some(State::Withdrawn));
            }
        }
        Ok(Some(State::Ok))
    }

    pub(super) fn find(&self, kind: Kind, id: &RecordId) -> rusqlite::Result<Option<(i64, i64)>> {
        self.db
            .prepare_cached(
                "SELECT n, document FROM record WHERE id = ?1 AND kind = ?2 AND book = ?3",
            )?
            .query_row(params![id.as_bytes(), kind_code(kind), self.book], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .optional()
    }

    fn insert(&mut self, kind: Kind, id: &RecordId, document: i64) -> rusqlite::Result<i64> {
        self.db
            .prepare_cached(
                "INSERT INTO record (book, kind, id, document) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![self.book, kind_code(kind), id.as_bytes(), document])?;
        let size = self.sizes.entry(document).or_default();
        *size = size.saturating_add(1);
        Ok(self.db.last_insert_rowid())
    }

    /// Takes out everything a record put into the tables, except its number.
    pub(super) fn remove(&mut self, n: i64, kind: Kind) -> rusqlite::Result<()> {
        let Some(old) = load(self.db, kind, n)? else {
            return Ok(());
        };
        let judged = (kind.info().judge)(&old.fields);
        self.touch(n, kind, &judged.links)?;
        if old.state == State::Ok {
            self.count(&judged, true)?;
        }
        for link in &judged.links {
            let target = self.key(&link.id)?;
            self.db
                .prepare_cached(
                    "DELETE FROM link
                     WHERE target = ?1 AND kind = ?2 AND relation = ?3 AND n = ?4",
                )?
                .execute(params![target, kind_code(link.kind), link.relation.code(), n])?;
        }
        for table in ["posting", "problem", "conflict", "extra", kind.table()] {
            self.db.prepare_cached(&format!("DELETE FROM {table} WHERE n = ?1"))?.execute([n])?;
        }
        self.db.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([n])?;
        Ok(())
    }

    fn fill(&mut self, n: i64, known: &Known, state: State) -> rusqlite::Result<()> {
        let Known { kind, fields, conflicts, judged } = known;
        let info = kind.info();
        let columns = info.columns.iter().filter(|column| column.sql_type().is_some());
        let mut values = vec![Sql::Integer(n), Sql::Integer(self.book), Sql::Integer(state.code())];
        values.extend(columns.map(|column| row::to_sql(column, fields)));
        let insert = self.inserts.entry(*kind).or_insert_with(|| insert_of(info));
        self.db.prepare_cached(insert)?.execute(params_from_iter(values))?;
        if !judged.problems.is_empty() {
            self.db
                .prepare_cached("INSERT INTO problem (n, problems, fields) VALUES (?1, ?2, ?3)")?
                .execute(params![n, json::canonical(&judged.problems), json::canonical(fields)])?;
        }
        let extra = row::extra(info, fields);
        if !extra.is_empty() {
            self.db
                .prepare_cached("INSERT INTO extra (n, fields) VALUES (?1, ?2)")?
                .execute(params![n, json::canonical(&extra)])?;
        }
        for (field, values) in conflicts {
            self.db
                .prepare_cached(
                    "INSERT INTO conflict (n, field, alternatives) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![n, field, json::canonical(values)])?;
        }
        self.fill_postings(n, &judged.postings)?;
        for link in &judged.links {
            let target = self.key(&link.id)?;
            self.db
                .prepare_cached(
                    "INSERT OR IGNORE INTO link (target, kind, relation, n)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![target, kind_code(link.kind), link.relation.code(), n])?;
        }
        if !judged.words.trim().is_empty() {
            self.db
                .prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?
                .execute(params![n, judged.words])?;
        }
        Ok(())
    }

    fn fill_postings(&mut self, n: i64, postings: &[Posting]) -> rusqlite::Result<()> {
        for (posting, line) in postings.iter().zip(1_i64..) {
            let (account, fund) = (self.key(&posting.account)?, self.key(&posting.fund)?);
            self.db
                .prepare_cached(
                    "INSERT INTO posting (n, line, account, fund, minor, currency, memo, price)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )?
                .execute(params![
                    n,
                    line,
                    account,
                    fund,
                    posting.amount.minor,
                    posting.amount.currency.code(),
                    posting.memo,
                    posting.price.map(|price| price.to_string()),
                ])?;
        }
        Ok(())
    }

    /// The small number an id has inside this database.
    pub(super) fn key(&mut self, id: &RecordId) -> rusqlite::Result<i64> {
        if let Some(n) = self.keys.get(id) {
            return Ok(*n);
        }
        let found = self.find_key(id)?;
        let n = match found {
            Some(n) => n,
            None => {
                self.db
                    .prepare_cached("INSERT INTO key (id) VALUES (?1)")?
                    .execute([id.as_bytes()])?;
                self.db.last_insert_rowid()
            }
        };
        self.keys.insert(*id, n);
        Ok(n)
    }

    pub(super) fn find_key(&self, id: &RecordId) -> rusqlite::Result<Option<i64>> {
        self.db
            .prepare_cached("SELECT n FROM key WHERE id = ?1")?
            .query_row([id.as_bytes()], |row| row.get(0))
            .optional()
    }

    /// Adds a record's postings to the kept sums, or takes them out. The numbers wrap instead of
    /// failing: amounts are bounded so that only a forger's millions of lines could reach that.
    pub(super) fn count(&mut self, judged: &Judged, take_out: bool) -> rusqlite::Result<()> {
        let Some(month) = judged.day.map(|day| day.month().index()) else {
            return Ok(());
        };
        for posting in &judged.postings {
            let (account, fund) = (self.key(&posting.account)?, self.key(&posting.fund)?);
            let key = (account, fund, posting.amount.currency, month);
            let sum = self.sums.entry(key).or_default();
            let minor = posting.amount.minor;
            *sum = if take_out { sum.wrapping_sub(minor) } else { sum.wrapping_add(minor) };
        }
        Ok(())
    }

    /// Decides the state of everything touched and writes the kept sums.
    pub fn finish(mut self) -> rusqlite::Result<()> {
        self.settle()?;
        for ((account, fund, currency, month), minor) in std::mem::take(&mut self.sums) {
            if minor == 0 {
                continue;
            }
            let old: Option<i64> = self
                .db
                .prepare_cached(
                    "SELECT minor FROM sum WHERE book = ?1 AND account = ?2 AND fund = ?3
                     AND currency = ?4 AND month = ?5",
                )?
                .query_row(params![self.book, account, fund, currency.code(), month], |row| {
                    row.get(0)
                })
                .optional()?;
            let sql = match old.unwrap_or(0).wrapping_add(minor) {
                0 => {
                    "DELETE FROM sum WHERE book = ?1 AND account = ?2 AND fund = ?3
                      AND currency = ?4 AND month = ?5 AND ?6 = 0"
                }
                _ => {
                    "INSERT OR REPLACE INTO sum (book, account, fund, currency, month, minor)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                }
            };
            let total = old.unwrap_or(0).wrapping_add(minor);
            self.db.prepare_cached(sql)?.execute(params![
                self.book,
                account,
                fund,
                currency.code(),
                month,
                total
            ])?;
        }
        for (document, count) in std::mem::take(&mut self.sizes) {
            self.db.execute(
                "INSERT INTO document_size (document, records) VALUES (?1, ?2)
                 ON CONFLICT (document) DO UPDATE SET records = records + excluded.records",
                params![document, count],
            )?;
        }
        Ok(())
    }

    fn touch(&mut self, n: i64, kind: Kind, links: &[Link]) -> rusqlite::Result<()> {
        self.withdrawn_imports.clear();
        self.dirty.insert((n, kind));
        for link in links.iter().filter(|link| link.relation != Relation::ImportedBy) {
            self.touch_target(link)?;
        }
        Ok(())
    }
}

/// The statement that inserts into the table of a kind.
fn insert_of(info: &KindInfo) -> String {
    let columns = info.columns.iter().filter(|column| column.sql_type().is_some());
    let names: Vec<String> = columns.map(|c| format!(", \"{}\"", c.sql_name())).collect();
    let (marks, names, table) = (", ?".repeat(names.len()), names.concat(), info.kind.table());
    format!("INSERT INTO {table} (n, book, state{names}) VALUES (?, ?, ?{marks})")
}
