//! All closes, with what came later.

use super::contents::{digest, lines, named};
use super::forward::Corrections;
use super::{CloseLine, CloseSignature, CloseView, Closes, LateEntry};
use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::money::{Currency, Money};
use crate::projection::{State, SumLine};
use crate::record::Relation;
use crate::records::Kind;
use crate::records::finance::approval::Approval;
use crate::records::finance::close::Close;
use crate::reports::finance::ledger::{Ledger, counting, people};
use crate::reports::finance::trial_balance::Stand;
use crate::store::{Error, Reader};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Most entries and balances that are listed of one close.
const LISTED: usize = 200;

/// What all closes are looked at with.
struct Looking<'a> {
    reader: &'a Reader,
    book: &'a BookId,
    ledger: Ledger,
    people: BTreeMap<RecordId, String>,
    corrections: Corrections,
}

/// Reads all closes and compares each with the books as they are now.
pub fn list(reader: &Reader, book: &BookId) -> Result<Closes, Error> {
    let mut found: Vec<(RecordId, Close, (Date, Date))> = counting(reader, book, Kind::Close)?
        .into_iter()
        .filter_map(|(id, close): (RecordId, Close)| {
            let period = close.from.zip(close.to)?;
            Some((id, close, period))
        })
        .collect();
    found.sort_by_key(|(id, _, (from, to))| (*to, *from, *id));
    let Some(last) = found.iter().map(|(.., (_, to))| *to).max() else {
        return Ok(Closes { closes: Vec::new(), open_from: None });
    };
    let looking = Looking {
        reader,
        book,
        ledger: Ledger::read(reader, book, Some(last), last)?,
        people: people(reader, book)?,
        corrections: Corrections::read(reader, book)?,
    };
    let mut standing = Standing::read(reader, book)?;
    let mut closes = Vec::new();
    for (id, close, period) in found {
        let now = standing.at(reader, book, period.1)?;
        closes.push(looking.view(id, &close, period, &now)?);
    }
    closes.sort_by_key(|close: &CloseView| (Reverse(close.to), Reverse(close.from), close.id));
    Ok(Closes { closes, open_from: Some(last.next()) })
}

/// Balances at the ends of periods, asked for in order of their days.
struct Standing {
    sums: Vec<SumLine>,
    used: usize,
    stand: Stand,
}

fn add(stand: &mut Stand, line: &SumLine, minor: i64) {
    let sum = stand.entry((line.account, line.fund, line.amount.currency)).or_default();
    *sum = sum.wrapping_add(minor);
}

impl Standing {
    fn read(reader: &Reader, book: &BookId) -> Result<Self, Error> {
        let mut sums = reader.sums(book)?;
        sums.sort_by_key(|line| line.month);
        Ok(Self { sums, used: 0, stand: Stand::new() })
    }

    fn at(&mut self, reader: &Reader, book: &BookId, day: Date) -> Result<Stand, Error> {
        for line in self.sums.iter().skip(self.used).take_while(|line| line.month <= day.month()) {
            add(&mut self.stand, line, line.amount.minor);
            self.used = self.used.saturating_add(1);
        }
        let mut stand = self.stand.clone();
        if day != day.month().last_day() {
            for line in reader.sums_after(book, day)? {
                add(&mut stand, &line, line.amount.minor.saturating_neg());
            }
        }
        stand.retain(|_, minor| *minor != 0);
        Ok(stand)
    }
}

impl Looking<'_> {
    fn view(
        &self,
        id: RecordId,
        close: &Close,
        (from, to): (Date, Date),
        now: &Stand,
    ) -> Result<CloseView, Error> {
        let listed: HashSet<RecordId> =
            close.transactions.iter().filter_map(|id| id.parse().ok()).collect();
        let entries = self.reader.entries(self.book, from, to)?;
        let counting: HashSet<RecordId> = entries.iter().map(|entry| entry.id).collect();
        let late = entries.iter().map(|entry| entry.id).filter(|id| !listed.contains(id));
        let mut gone: Vec<RecordId> =
            listed.iter().copied().filter(|id| !counting.contains(id)).collect();
        gone.sort_unstable();
        let (mut entries, mut count) = (Vec::new(), 0_u32);
        for (id, is_late) in late.map(|id| (id, true)).chain(gone.into_iter().map(|id| (id, false)))
        {
            count = count.saturating_add(1);
            if entries.len() < LISTED {
                entries.push(self.entry(id, is_late, &listed, to)?);
            }
        }
        let changed = self.changed(&close.trial_balance, now);
        let intact = digest(&close.trial_balance, &close.transactions) == close.sha256;
        let signatures = self.signatures(&id, &close.sha256)?;
        let line = |line: &String| -> CloseLine { named(&self.ledger, line) };
        Ok(CloseView {
            id,
            from,
            to,
            at: close.at.map_or_else(String::new, |at| at.to_string()),
            person_name: self.people.get(&close.person).cloned().unwrap_or_default(),
            note: close.note.clone().unwrap_or_default(),
            sha256: close.sha256.clone(),
            intact,
            transactions: u32::try_from(close.transactions.len()).unwrap_or(u32::MAX),
            trial_balance: close.trial_balance.iter().map(line).collect(),
            sentence: sentence(intact, count, &changed, &signatures),
            late_count: count,
            late: entries,
            changed,
            signatures,
        })
    }

    fn entry(
        &self,
        id: RecordId,
        is_late: bool,
        listed: &HashSet<RecordId>,
        to: Date,
    ) -> Result<LateEntry, Error> {
        let row = self.reader.record(self.book, Kind::Transaction, &id)?;
        let state = row.as_ref().map(|row| row.state);
        let judged = row.map(|row| (Kind::Transaction.info().judge)(&row.fields));
        let judged = judged.unwrap_or_default();
        let mut amounts: BTreeMap<Currency, i64> = BTreeMap::new();
        for posting in &judged.postings {
            if self.ledger.type_of(&posting.account) == "asset" {
                let sum = amounts.entry(posting.amount.currency).or_default();
                *sum = sum.saturating_add(posting.amount.minor);
            }
        }
        let replaces = self.corrections.above(&id, |above| listed.contains(above));
        let (what, sentence, can) = match (is_late, replaces) {
            (true, None) => ("late", late(to), true),
            (true, Some(_)) => ("correction", correction(), true),
            (false, _) => {
                let by = self.corrections.standing_below(&id);
                ("gone", gone(state, judged.day, by.is_some(), to), by.is_some())
            }
        };
        Ok(LateEntry {
            transaction: id,
            what: what.to_owned(),
            title: if judged.title.is_empty() { id.to_string() } else { judged.title },
            date: judged.day,
            amounts: amounts.into_iter().map(|(c, m)| Money::new(m, c).to_string()).collect(),
            state: state.map_or("missing", State::name).to_owned(),
            sentence,
            can_post_forward: can,
        })
    }

    /// Balances that are others now than when the period was closed.
    fn changed(&self, then: &[String], now: &Stand) -> Vec<String> {
        let key = |line: &str| line.rsplit_once('\t').map(|(key, _)| key.to_owned());
        let now = lines(now);
        let (was, is): (BTreeSet<&String>, BTreeSet<&String>) =
            (then.iter().collect(), now.iter().collect());
        let mut differs: BTreeMap<String, (Option<&String>, Option<&String>)> = BTreeMap::new();
        for line in was.difference(&is) {
            differs.entry(key(line).unwrap_or_default()).or_default().0 = Some(line);
        }
        for line in is.difference(&was) {
            differs.entry(key(line).unwrap_or_default()).or_default().1 = Some(line);
        }
        let amount = |line: Option<&String>| {
            line.map_or_else(|| "nothing".to_owned(), |line| named(&self.ledger, line).amount)
        };
        differs
            .into_values()
            .take(LISTED)
            .filter_map(|(was, is)| {
                let names = named(&self.ledger, was.or(is)?);
                let (path, fund) = (names.path, names.fund_name);
                Some(format!("{path} ({fund}): {} when closed, {} now.", amount(was), amount(is)))
            })
            .collect()
    }

    fn signatures(&self, id: &RecordId, sha256: &str) -> Result<Vec<CloseSignature>, Error> {
        let rows = self.reader.pointing_at(self.book, Kind::Close, id, Relation::Concerns)?;
        let mut found = Vec::new();
        for row in rows {
            let fields = Value::Object(row.fields);
            let Ok(approval) = serde_json::from_value::<Approval>(fields) else {
                continue;
            };
            let why = match row.state {
                State::Ok if approval.content.as_deref() == Some(sha256) => String::new(),
                State::Ok => "It names another content.".to_owned(),
                state => format!("It is {} and has no effect.", state.name()),
            };
            found.push(CloseSignature {
                id: row.id,
                person: approval.person,
                name: self.people.get(&approval.person).cloned().unwrap_or_default(),
                verdict: approval.verdict,
                valid: why.is_empty(),
                why,
                reason: approval.reason.unwrap_or_default(),
            });
        }
        Ok(found)
    }
}

fn late(to: Date) -> String {
    format!(
        "It counts in this period and came after the close. Post it forward: it is dated after {to} \
         as a prior-period adjustment, and the closed period stays as it was."
    )
}

fn correction() -> String {
    "It replaces an entry of the closed period. Post it forward: the entry counts again, and the \
     difference is posted in the open period."
        .to_owned()
}

fn gone(state: Option<State>, day: Option<Date>, replaced: bool, to: Date) -> String {
    match state {
        None => "It was listed when the period was closed and is not here; exchange with the \
                 others."
            .to_owned(),
        Some(_) if replaced => {
            "It counted when the period was closed and is corrected since. Post \
                                it forward: it counts again, and the difference is posted in the \
                                open period."
                .to_owned()
        }
        Some(State::Ok) => format!(
            "It counts on {}, outside the period that lists it, which ends on {to}. Close the period \
             again.",
            day.unwrap_or_default()
        ),
        Some(state) => format!(
            "It counted when the period was closed and is {} now. If that is right, close the period \
             again and have the new close approved; if not, post it once more in the open period.",
            state.name()
        ),
    }
}

fn sentence(intact: bool, late: u32, changed: &[String], signatures: &[CloseSignature]) -> String {
    let count =
        |verdict: &str| signatures.iter().filter(|s| s.valid && s.verdict == verdict).count();
    let signed = match (count("approve"), count("reject")) {
        (0, 0) => "nobody has signed it yet".to_owned(),
        (yes, 0) => format!("signed by {yes}"),
        (yes, no) => format!("signed by {yes}, rejected by {no}"),
    };
    if !intact {
        return format!("Its lists do not give its hash: do not rely on it; {signed}.");
    }
    match (late, changed.len()) {
        (0, 0) => format!("Unchanged since it was closed; {signed}."),
        (0, n) => format!("{n} balances at its end changed by entries before it; {signed}."),
        (n, _) => format!("{n} entries differ from what was closed; {signed}."),
    }
}
