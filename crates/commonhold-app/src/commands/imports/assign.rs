//! Sorting imported lines: each becomes a correction that says where it belongs.
//!
//! The id of the correction is made from the line and from where it goes, so two people who sort a
//! line alike while apart have written one correction, and two who sort it differently see both.

use super::super::count;
use super::super::records::acts;
use super::review::Chart;
use crate::app::App;
use crate::events::Change;
use crate::failure::{Code, Failure};
use commonhold_core::id::{BookId, from_purpose};
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::record::Posting;
use commonhold_core::records::finance::transaction::Transaction;
use commonhold_core::store::{Act, Reader};
use commonhold_core::{Kind, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Most lines sorted at once.
const MAX_LINES: usize = 10_000;

/// Where one line belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Assignment {
    /// The transaction.
    #[cfg_attr(test, ts(type = "string"))]
    pub transaction: RecordId,
    /// The account it belongs to.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The fund, if it is another one.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub fund: Option<RecordId>,
    /// The expense it pays.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub expense: Option<RecordId>,
    /// The donor it is from.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub donor: Option<RecordId>,
    /// How often the donation comes.
    pub interval: Option<String>,
}

/// Sorts lines: all or none. Returns how many were written; what is sorted so already is left.
pub fn assign(app: &mut App, book: &BookId, lines: &[Assignment]) -> Result<u32, Failure> {
    app.store()?;
    if lines.len() > MAX_LINES {
        return Err(Failure::new(Code::Invalid, "At most 10,000 lines can be sorted at once."));
    }
    let chart = Chart::read(app.reader(), book)?;
    let (mut all, mut written) = (Vec::new(), 0_usize);
    for line in lines {
        let more = sort(app, book, &chart, line)?;
        written = written.saturating_add(usize::from(!more.is_empty()));
        all.extend(more);
    }
    if !all.is_empty() {
        let change = Change {
            book: *book,
            kind: Kind::Transaction.name().into(),
            id: None,
            source: "local".into(),
        };
        app.write(book, &all, change, &mut |_| true)?;
    }
    Ok(count(written))
}

fn sort(app: &App, book: &BookId, chart: &Chart, line: &Assignment) -> Result<Vec<Act>, Failure> {
    let wrong = |message: &str| Failure::new(Code::Invalid, message).detail(line.transaction);
    let row = app.reader().record(book, Kind::Transaction, &line.transaction)?;
    let Some(row) = row else {
        return Err(Failure::new(Code::NotFound, "There is no such transaction."));
    };
    if row.state != State::Ok {
        let state = row.state.name();
        let message = format!("This transaction is {state} and has no effect.");
        return Err(Failure::new(Code::Invalid, message)
            .hint("Load the list anew and sort the one that counts.")
            .detail(line.transaction));
    }
    if chart.get(&line.account).is_none() {
        return Err(wrong("The account is not in this service; choose one of its accounts."));
    }
    let mut transaction: Transaction = serde_json::from_value(Value::Object(row.fields))
        .map_err(|_| wrong("This transaction cannot be read."))?;
    let before = transaction.clone();
    transaction.postings = moved(chart, &before.postings, line)
        .ok_or_else(|| wrong("This line has several sides; correct it by hand."))?;
    transaction.expense = line.expense.or(before.expense);
    transaction.donor = line.donor.or(before.donor);
    transaction.interval = line.interval.clone().or(before.interval.clone());
    if transaction == before {
        return Ok(Vec::new());
    }
    transaction.corrects = Some(line.transaction);
    let fields = json!(transaction).as_object().cloned().unwrap_or_default();
    correction(app, book, line, fields)
}

/// The lines of double entry once the line is sorted; nothing when it is not clear which side is
/// meant.
pub(super) fn moved(
    chart: &Chart,
    postings: &[Posting],
    line: &Assignment,
) -> Option<Vec<Posting>> {
    let open = |posting: &Posting| chart.is_waiting_room(&posting.account);
    let any_open = postings.iter().any(open);
    let outside = postings.iter().filter(|posting| !chart.holds_money(&posting.account)).count();
    if !any_open && outside != 1 {
        return None;
    }
    let one_fund =
        postings.iter().all(|posting| Some(posting.fund) == postings.first().map(|p| p.fund));
    if line.fund.is_some() && !one_fund {
        return None;
    }
    let moves = |posting: &Posting| {
        if any_open { open(posting) } else { !chart.holds_money(&posting.account) }
    };
    Some(
        postings
            .iter()
            .map(|posting| Posting {
                account: if moves(posting) { line.account } else { posting.account },
                fund: line.fund.unwrap_or(posting.fund),
                ..posting.clone()
            })
            .collect(),
    )
}

/// The edit that writes a correction under the id its purpose gives it.
pub(crate) fn correction(
    app: &App,
    book: &BookId,
    line: &Assignment,
    fields: Fields,
) -> Result<Vec<Act>, Failure> {
    let judged = (Kind::Transaction.info().judge)(&fields);
    if !judged.problems.is_empty() {
        return Err(Failure::invalid(judged.problems));
    }
    let said = |id: Option<RecordId>| id.unwrap_or_default();
    for again in 0_u32..1000 {
        let purpose = format!(
            "transaction/sorted/{}/{}/{}/{}/{}/{}/{again}",
            line.transaction,
            line.account,
            said(line.fund),
            said(line.expense),
            said(line.donor),
            line.interval.as_deref().unwrap_or_default(),
        );
        let id = from_purpose(book, &purpose);
        if free(app.reader(), book, &id)? {
            return acts(app, book, Kind::Transaction, id, &judged, fields);
        }
    }
    Err(Failure::new(Code::Exists, "This line was sorted and undone too many times."))
}

fn free(reader: &Reader, book: &BookId, id: &RecordId) -> Result<bool, Failure> {
    Ok(reader.state(book, Kind::Transaction, id)?.is_none())
}
