//! Payment files: shown before, written, taken back.

use super::channels::{Handed, PayOut, Ready, way};
use super::gather::{Gathered, Gatherer};
use super::orders::{BatchDone, BatchLine, BatchOrder, BatchPreview};
use super::{Me, Seen, change, checked, new_act, withdrawal};
use crate::app::App;
use crate::commands::count;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::problem::Problem;
use commonhold_core::records::finance::batch::Batch;
use commonhold_core::records::finance::outcome::Outcome;
use commonhold_core::store::Reader;
use commonhold_core::{Currency, Date, Kind, Money, RecordId, Time};
use std::io::Write;
use std::path::Path;

/// What payments add up to.
fn total(gathered: &Gathered) -> Option<Money> {
    let lines = &gathered.order.lines;
    let currency = lines.first().map_or(Currency::EUR, |line| line.amount.currency);
    lines.iter().try_fold(Money::new(0, currency), |sum, line| sum.checked_add(line.amount))
}

/// Why this device may not write a payment file now; nothing when it may.
pub(super) fn lease_trouble(seen: &Seen) -> Option<String> {
    if let Some(why) = seen.may_not_pay() {
        return Some(why);
    }
    if seen.holds_lease().is_some() {
        return None;
    }
    Some(match &seen.desk.leases.holder {
        Some((_, lease)) => format!(
            "{} holds the lease until {}, so this device writes no payment files. Ask them to end \
             it, or take it over with a reason.",
            seen.desk.facts.name(&lease.person),
            lease.until.map(|until| until.date().to_string()).unwrap_or_default()
        ),
        None => "This device must take the lease before it writes a payment file.".into(),
    })
}

/// A name for a payment file.
pub(super) fn file_name(day: Date, message_id: &str, extension: &str) -> String {
    let short: String = message_id.chars().rev().take(8).collect::<Vec<_>>().iter().rev().collect();
    let dash = if short.is_empty() { "" } else { "-" };
    format!("payments-{day}{dash}{short}.{extension}")
}

/// A payment file before it is written: what it will hold, what must be mended first.
pub fn batch_preview(
    reader: &Reader,
    book: &BookId,
    now: Time,
    wanted: &BatchOrder,
) -> Result<BatchPreview, Failure> {
    let seen = Seen::read(reader, book, now, Me::of_reader(reader, book)?)?;
    let gatherer = Gatherer { reader, book, seen: &seen };
    let gathered = gatherer.gather(wanted, "PREVIEW")?;
    let way = way(reader, &gathered.channel)?;
    let mut problems: Vec<String> = lease_trouble(&seen).into_iter().collect();
    problems.extend(gathered.troubles.iter().map(|(_, why)| why.clone()));
    let mut preview = BatchPreview {
        total: total(&gathered).map(|total| total.to_string()).unwrap_or_default(),
        count: count(gathered.order.lines.len()),
        warnings: gathered.warnings.iter().map(|(_, why)| why.clone()).collect(),
        file_name: file_name(gathered.order.execute_on, "", way.extension()),
        format: way.format(&gathered.order).to_owned(),
        execute_on: gathered.order.execute_on.to_string(),
        ..BatchPreview::default()
    };
    preview.warnings.dedup();
    let lines = gathered.order.lines.iter();
    preview.lines = lines
        .map(|line| BatchLine {
            expense: line.expense,
            payee_name: line.payee_name.clone(),
            iban: line.iban.as_ref().map(|iban| iban.masked()).unwrap_or_default(),
            amount: line.amount.to_string(),
            remittance: line.remittance.clone(),
            end_to_end_id: line.end_to_end_id.clone(),
        })
        .collect();
    if gathered.troubles.is_empty() {
        match way.prepare(&gathered.order) {
            Ok(ready) => preview.changed = ready.changed,
            Err(troubles) => problems.extend(troubles.into_iter().map(|(_, why)| why)),
        }
    }
    preview.problems = problems;
    Ok(preview)
}

/// Writes a payment file and remembers it, under the lease of this device. The file is complete
/// and for its owner alone; it gets its name only once the book knows of it, so that no file is
/// about that nobody knows of.
pub fn batch_write(
    app: &mut App,
    book: &BookId,
    wanted: &BatchOrder,
    path: &Path,
) -> Result<BatchDone, Failure> {
    let seen = Seen::of(app, book)?;
    seen.payer()?;
    if let Some(why) = lease_trouble(&seen) {
        return Err(Failure::new(Code::NotAllowed, why));
    }
    let id = app.fresh_id()?;
    let message_id = message_id(&id);
    let gatherer = Gatherer { reader: app.reader(), book, seen: &seen };
    let gathered = gatherer.gather(wanted, &message_id)?;
    let way = way(app.reader(), &gathered.channel)?;
    let refuse = |troubles: Vec<super::channels::Trouble>| {
        let problems = troubles.into_iter().map(|(_, why)| Problem::new("expenses", why));
        Failure::invalid(problems.collect())
    };
    if !gathered.troubles.is_empty() {
        return Err(refuse(gathered.troubles));
    }
    let ready = way.prepare(&gathered.order).map_err(refuse)?;
    write_prepared(app, book, &seen, Prepared { id, wanted, gathered, ready, way }, path)
}

/// The id of a message, made from the batch's: 32 characters that no two share.
pub(super) fn message_id(batch: &RecordId) -> String {
    batch.simple().to_string().to_uppercase()
}

/// A payment file that is ready to be written.
pub(super) struct Prepared<'a> {
    pub id: RecordId,
    pub wanted: &'a BatchOrder,
    pub gathered: Gathered,
    pub ready: Ready,
    pub way: Box<dyn PayOut>,
}

pub(super) fn write_prepared(
    app: &mut App,
    book: &BookId,
    seen: &Seen,
    prepared: Prepared<'_>,
    path: &Path,
) -> Result<BatchDone, Failure> {
    let (person, device) = seen.payer()?;
    let Prepared { id, wanted, gathered, ready, way } = prepared;
    let order = &gathered.order;
    let batch = Batch {
        person,
        device: device.to_string(),
        lease: seen.holds_lease(),
        account: wanted.account,
        expenses: order.lines.iter().map(|line| line.expense.to_string()).collect(),
        amounts: order.lines.iter().map(|line| line.amount.to_string()).collect(),
        total: total(&gathered),
        channel: way.channel().to_owned(),
        format: way.format(order).to_owned(),
        message_id: order.message_id.clone(),
        file_sha256: ready.sha256.clone(),
        execute_on: Some(order.execute_on),
        written: Some(order.created),
    };
    let fields = checked(Kind::Batch, &batch)?;
    let act = new_act(Kind::Batch, id, "payments", fields);
    if path.exists() {
        let message = format!("{} is there already.", path.display());
        return Err(Failure::new(Code::Exists, message).hint("Choose another name."));
    }
    let failed = |error: std::io::Error| Failure::file(path, &error);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Files made like this are for their owner alone.
    let mut file =
        tempfile::Builder::new().prefix(".payments-").tempfile_in(folder).map_err(failed)?;
    file.write_all(&ready.bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    app.write(book, &[act], change(book, Kind::Batch, Some(id)), &mut |_| true)?;
    file.persist_noclobber(path).map_err(|error| {
        Failure::file(path, &error.error).hint(
            "The book knows of this payment file, but the file is not there: withdraw it here, \
             then write it again.",
        )
    })?;
    let shown = path.display().to_string();
    let mut sentence = way.next_step(&shown);
    let handed = way.hand_over(order);
    if !handed.is_empty() {
        sentence.push_str(&remember(app, book, (&id, person), &handed)?);
    }
    Ok(BatchDone {
        id,
        message_id: order.message_id.clone(),
        file: shown,
        file_sha256: ready.sha256,
        total: batch.total.map(|total| total.to_string()).unwrap_or_default(),
        count: count(order.lines.len()),
        execute_on: order.execute_on.to_string(),
        sentence,
    })
}

/// Writes what a way of paying did by itself, and says it in short.
fn remember(
    app: &mut App,
    book: &BookId,
    (batch, person): (&RecordId, RecordId),
    handed: &[Handed],
) -> Result<String, Failure> {
    let now = app.now();
    let mut acts = Vec::new();
    let (mut sent, mut refused, mut unknown) = (0_u32, 0_u32, 0_u32);
    for one in handed {
        let counter = match one.result {
            Some("sent") => &mut sent,
            Some(_) => &mut refused,
            None => &mut unknown,
        };
        *counter = counter.saturating_add(1);
        let Some(result) = one.result else { continue };
        let outcome = Outcome {
            expense: one.expense,
            batch: Some(*batch),
            result: result.to_owned(),
            reason: Some(one.said.clone()).filter(|said| !said.trim().is_empty()),
            person,
            at: Some(now),
            ..Outcome::default()
        };
        let fields = checked(Kind::Outcome, &outcome)?;
        acts.push(new_act(Kind::Outcome, app.fresh_id()?, "payments", fields));
    }
    if !acts.is_empty() {
        app.write(book, &acts, change(book, Kind::Expense, None), &mut |_| true)?;
    }
    let mut said = format!(" It took {sent} and refused {refused}.");
    if unknown > 0 {
        said.push_str(&format!(
            " Of {unknown} it is not known whether they were paid: look there before you try again."
        ));
    }
    Ok(said)
}

/// Takes a payment file out of effect: it was not handed to the bank and never will be. Its
/// expenses can be paid again.
pub fn batch_withdraw(
    app: &mut App,
    book: &BookId,
    id: &RecordId,
    reason: &str,
) -> Result<(), Failure> {
    let seen = Seen::of(app, book)?;
    seen.payer()?;
    match seen.desk.facts.batches.get(id) {
        None => return Err(Failure::new(Code::NotFound, "There is no such payment file.")),
        Some((_, true)) => {
            return Err(Failure::new(Code::Exists, "This payment file is withdrawn already."));
        }
        Some(_) => {}
    }
    if reason.trim().is_empty() {
        return Err(Failure::new(Code::Invalid, "Say why the payment file is withdrawn."));
    }
    let act = withdrawal(app, book, (Kind::Batch, id), reason.trim())?;
    app.write(book, &[act], change(book, Kind::Batch, Some(*id)), &mut |_| true)
}
