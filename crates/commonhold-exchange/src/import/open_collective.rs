//! Open Collective's transactions CSV: the default columns of 2026, older and newer machine names,
//! and display names.
//!
//! Names and meanings are from the source of its REST service (`account-transactions.ts`): amounts
//! are in the host's currency, moments are in UTC, `shortId` is the first 8 characters of `id`, and
//! since 2021-06 fees are rows of their own unless the export was asked to flatten them.
//! `netAmount` is what is booked. `balance` is never read: it is empty or wrong in many real rows.

pub(super) mod category;
mod fees;

use super::csv::{NO_TEXT, missing_columns};
use super::rows::{Row, Rows, decode, read_all};
use super::text::{field, fold};
use super::{Draft, Encoding, Error, Reading, Separator, day, refuse};
use category::Entry;
use commonhold_core::{Currency, Date, Money};
use std::collections::{BTreeSet, HashMap};

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "open-collective";

/// The column groups: what each is for, and the names it may have, the best first.
const DATE: &[&str] =
    &["datetime", "Date & Time", "effectiveDate", "Effective Date & Time", "date", "Date"];
const NET: &[&str] = &["netAmount", "Amount Single Column"];
const CURRENCY: &[&str] = &["currency", "Currency"];
const ID: &[&str] = &[
    "id",
    "Transaction GraphQL ID",
    "publicId",
    "Transaction Public ID",
    "legacyId",
    "Transaction ID",
    "shortId",
    "Short Transaction ID",
];
/// Row counts at which the service cuts a file: its default and its largest limit.
const ROW_LIMITS: [u64; 2] = [1_000, 10_000];

/// Reads a transactions CSV.
///
/// # Errors
/// When the file is no table or has no column for the day, the net amount, the currency or the id.
pub fn read(bytes: &[u8]) -> Result<Reading, Error> {
    refuse::check(bytes)?;
    let encoding = if refuse::is_utf_16le(bytes) { Encoding::Utf16Le } else { Encoding::Utf8 };
    let text = decode(bytes, encoding);
    let separator = separator(&text.text)?;
    let mut rows = Rows::new(&text.text, separator.byte(), 0);
    let mut reading = Reading::new(FORMAT);
    let columns = {
        let header = rows.next()?.ok_or(Error::Empty)?;
        reading.columns = header.fields.iter().map(|name| name.trim().to_owned()).collect();
        Columns::find(&reading.columns, header.line)?
    };
    let mut state = State::default();
    read_all(&mut rows, text.damaged, &mut reading, |row| draft(&columns, row, &mut state))?;
    warn(&columns, &state, &mut reading);
    oldest_first(&mut reading.drafts);
    Ok(reading)
}

/// A comma, unless a spreadsheet saved the file with another separator since.
fn separator(text: &str) -> Result<Separator, Error> {
    for separator in [Separator::Comma, Separator::Semicolon, Separator::Tab] {
        if let Some(header) = Rows::new(text, separator.byte(), 0).next()?
            && header.fields.iter().any(|name| NET.contains(&name.trim()))
        {
            return Ok(separator);
        }
    }
    Ok(Separator::Comma)
}

/// Whether a header is that of a transactions CSV.
pub(super) fn is_header(columns: &[String]) -> bool {
    let has = |names: &[&str]| columns.iter().any(|column| names.contains(&column.trim()));
    has(NET) && has(ID) && has(DATE)
}

/// Where the columns are.
struct Columns {
    date: usize,
    net: usize,
    currency: usize,
    id: usize,
    /// Whether the id is the short one of 8 characters.
    short_id: bool,
    gross: Option<usize>,
    fees: [Option<usize>; 4],
    kind: Option<usize>,
    description: Option<usize>,
    memo: Option<usize>,
    frequency: Option<usize>,
    expense_type: Option<usize>,
    expense_tags: Option<usize>,
    refund: Option<usize>,
    account: Option<usize>,
    payee: Option<usize>,
    payee_handle: Option<usize>,
}

impl Columns {
    fn find(columns: &[String], line: u64) -> Result<Self, Error> {
        let find = |names: &[&str]| {
            names.iter().find_map(|name| columns.iter().position(|column| column == name))
        };
        let (date, net, currency, id) = (find(DATE), find(NET), find(CURRENCY), find(ID));
        let (Some(date), Some(net), Some(currency), Some(id)) = (date, net, currency, id) else {
            let needed =
                [(date, "datetime"), (net, "netAmount"), (currency, "currency"), (id, "id")];
            let missing: Vec<&str> =
                needed.iter().filter(|(at, _)| at.is_none()).map(|(_, name)| *name).collect();
            return Err(missing_columns(line, &missing, columns));
        };
        let short_id = columns.get(id).is_some_and(|name| name.to_lowercase().starts_with("short"));
        Ok(Self {
            date,
            net,
            currency,
            id,
            short_id,
            gross: find(&["amount", "Gross Amount"]),
            fees: [
                find(&["hostFee", "Host Fee"]),
                find(&["paymentProcessorFee", "Payment Processor Fee"]),
                find(&["platformFee", "Platform Fee"]),
                find(&["taxAmount", "Tax Amount"]),
            ],
            kind: find(&["kind", "Kind"]),
            description: find(&["description", "Description"]),
            memo: find(&["orderMemo", "Contribution Memo"]),
            frequency: find(&["orderFrequency", "Contribution Frequency"]),
            expense_type: find(&["expenseType", "Expense Type"]),
            expense_tags: find(&["expenseTags", "Expense Tags"]),
            refund: find(&["isRefund", "Is Refund", "isReverse", "Is Reverse"]),
            account: find(&["accountSlug", "Account Handle"]),
            payee: find(&["oppositeAccountName", "Opposite Account Name"]),
            payee_handle: find(&["oppositeAccountSlug", "Opposite Account Handle"]),
        })
    }
}

/// What is known from the rows before.
#[derive(Default)]
struct State {
    /// Line and content of every id.
    ids: HashMap<String, (u64, u64)>,
    accounts: BTreeSet<String>,
    unknown_kinds: BTreeSet<String>,
    unexplained_fees: u64,
}

fn draft(columns: &Columns, row: &Row<'_>, state: &mut State) -> Result<Draft, String> {
    let date = date(row.get(Some(columns.date)))?;
    let currency: Currency = row.get(Some(columns.currency)).parse()?;
    let amount = Money::from_decimal(row.get(Some(columns.net)), currency)?;
    let id = row.get(Some(columns.id));
    if id.is_empty() {
        return Err("The row has no id.".into());
    }
    let refund = match fold(row.get(columns.refund)).as_str() {
        "" | "false" | "no" | "0" => false,
        "refund" | "reverse" | "true" | "yes" | "1" => true,
        other => {
            return Err(format!("“{other}” does not say whether the row is a refund."));
        }
    };
    let entry = Entry {
        kind: row.get(columns.kind),
        positive: if refund { amount.minor < 0 } else { amount.minor >= 0 },
        expense_type: row.get(columns.expense_type),
        expense_tags: row.get(columns.expense_tags),
        frequency: row.get(columns.frequency),
        description: row.get(columns.description),
    };
    let (account, known) = entry.account();
    let (legs, explained) = fees::legs(columns, row, amount, refund, account)?;
    once(id, row, state)?;
    if !known {
        state.unknown_kinds.insert(super::text::clip(entry.kind, 40));
    }
    if !explained {
        state.unexplained_fees = state.unexplained_fees.saturating_add(1);
    }
    if state.accounts.len() < 100 {
        state.accounts.insert(super::text::clip(row.get(columns.account), 60));
    }
    let identity = format!("{FORMAT}:{}", super::text::clip(&super::text::tidy(id), 200));
    Ok(Draft {
        bank_ref: Some(super::text::clip_chars(&super::text::tidy(id), 100)),
        interval: entry.interval(),
        donation: entry.kind == "CONTRIBUTION" && amount.minor > 0,
        payee: field(row.get(columns.payee)).or_else(|| field(row.get(columns.payee_handle))),
        narration: field(entry.description)
            .or_else(|| field(row.get(columns.memo)))
            .unwrap_or_else(|| NO_TEXT.to_owned()),
        legs,
        source: identity.clone(),
        identity,
        ..Draft::new(row.line, date, amount)
    })
}

fn date(text: &str) -> Result<Date, String> {
    if text.is_empty() {
        return Err("The row has no day.".into());
    }
    day::parse_utc(text)
}

/// An id counts once in a file: a second row of the same id is told from a different row that only
/// shares a short id.
fn once(id: &str, row: &Row<'_>, state: &mut State) -> Result<(), String> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    row.raw.hash(&mut hasher);
    let content = hasher.finish();
    match state.ids.get(id) {
        None => {
            state.ids.insert(id.to_owned(), (row.line, content));
            Ok(())
        }
        Some((line, same)) if *same == content => {
            Err(format!("The row repeats line {line}, which has the same id; it counts once."))
        }
        Some((line, _)) => Err(format!(
            "The row has the same id as line {line} and says something else; export again with \
             the column id."
        )),
    }
}

/// Oldest first. The service writes the newest first, so rows of one day are turned round too.
fn oldest_first(drafts: &mut [Draft]) {
    let newest_first = match (drafts.first(), drafts.last()) {
        (Some(first), Some(last)) => first.date > last.date,
        _ => false,
    };
    if newest_first {
        drafts.reverse();
    }
    drafts.sort_by_key(|draft| draft.date);
}

fn warn(columns: &Columns, state: &State, reading: &mut Reading) {
    let warnings = &mut reading.warnings;
    if ROW_LIMITS.contains(&reading.rows) {
        warnings.push(format!(
            "The file has exactly {} rows and may be cut at the site's row limit; export shorter \
             periods and import each.",
            reading.rows
        ));
    }
    if columns.short_id {
        warnings.push(
            "The file has only short ids; import later files with the same columns, or the same \
             rows will count as new."
                .into(),
        );
    }
    let accounts: Vec<&str> =
        state.accounts.iter().map(String::as_str).filter(|slug| !slug.is_empty()).collect();
    if accounts.len() > 1 {
        warnings.push(format!(
            "The file holds rows of {} accounts ({}); choose a file of one of them.",
            accounts.len(),
            accounts.iter().take(5).copied().collect::<Vec<_>>().join(", ")
        ));
    }
    if state.unexplained_fees > 0 {
        warnings.push(format!(
            "Rows whose net amount has fees taken off that the file does not name: {}; the fees \
             are booked as {}.",
            state.unexplained_fees,
            category::FEES
        ));
    }
    if !state.unknown_kinds.is_empty() {
        let kinds: Vec<&str> = state.unknown_kinds.iter().take(5).map(String::as_str).collect();
        warnings.push(format!(
            "Some rows are of a kind that is not known ({}); they are booked as uncategorised.",
            kinds.join(", ")
        ));
    }
    if reading.rows == 0 {
        warnings.push("The file has a header and no rows.".into());
    }
}

#[cfg(test)]
mod tests;
