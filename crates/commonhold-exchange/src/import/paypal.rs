//! PayPal's activity report, in English and German.
//!
//! The account is the balance at PayPal, in one of its currencies for each row. Only completed rows
//! that change the balance count; holds do not. What comes from or goes to a bank account or card
//! is a transfer, and an exchange of currencies is two rows against one account.

use super::open_collective::category::{ONE_TIME, RECURRING};
use super::platform::{self, Columns, Ids, TRANSFERS};
use super::rows::{Row, Rows, read_all};
use super::text::{clip, field, fold};
use super::{DateFormat, DecimalMark, Draft, Error, Reading, csv, day, number};
use commonhold_core::Money;

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "paypal";

/// Where the two sides of an exchange of currencies meet.
const CONVERSIONS: &str = "Equity:Conversions";
/// Where money comes from that a card paid in.
const CARD: &str = "Liabilities:Card";

const ID: &[&str] = &["transaction id", "transaktionscode"];
const DATE: &[&str] = &["date", "datum"];
const CURRENCY: &[&str] = &["currency", "währung"];
const GROSS: &[&str] = &["gross", "brutto"];
const NET: &[&str] = &["net", "netto"];
const TYPE: &[&str] = &["type", "typ", "description", "beschreibung"];

/// Whether a header, folded, is that of an activity report.
pub(super) fn is_header(columns: &[String]) -> bool {
    let has = |names: &[&str]| columns.iter().any(|column| names.contains(&column.as_str()));
    has(ID) && has(NET) && has(GROSS)
}

/// Reads an activity report.
///
/// # Errors
/// When the file is no table or lacks a column that is needed.
pub fn read(bytes: &[u8]) -> Result<Reading, Error> {
    let text = platform::text(bytes)?;
    let separator = platform::separator(&text.text, is_header).unwrap_or_default();
    let mut rows = Rows::new(&text.text, separator.byte(), 0);
    let mut reading = Reading::new(FORMAT);
    let line = platform::header(&mut rows, &mut reading)?;
    let columns = Columns::new(&reading.columns);
    let [id, date, currency, gross, net, kind] =
        columns.needed(line, [ID, DATE, CURRENCY, GROSS, NET, TYPE])?;
    let zone = columns.find(&["timezone", "time zone", "zeitzone"]);
    let wanted = [date, net, zone.unwrap_or(date)];
    let seen = platform::look(&text.text, separator, &wanted);
    let of = |at: usize| seen.get(at).map_or(&[][..], Vec::as_slice);
    let german = columns.find(&["brutto"]).is_some();
    let (format, sure) = platform::date_format(of(0), hint(of(2)));
    let usual = if german { DecimalMark::Comma } else { DecimalMark::Dot };
    let plan = Plan {
        id,
        date,
        currency,
        gross,
        net,
        kind,
        fee: columns.find(&["fee", "gebühr", "entgelt"]),
        status: columns.find(&["status"]),
        impact: columns.find(&["balance impact", "auswirkung auf guthaben"]),
        payee: columns.find(&["name"]),
        texts: [
            columns.find(&["item title", "artikelbezeichnung"]),
            columns.find(&["subject", "betreff"]),
            columns.find(&["note", "hinweis"]),
            Some(kind),
        ],
        format,
        mark: platform::decimal_mark(of(1), usual),
    };
    reading.sure = sure;
    if !sure {
        reading.warnings.push(platform::DAYS_OPEN.into());
    }
    if plan.impact.is_none() {
        reading.warnings.push(
            "The file has no column “Balance Impact”, so rows that change nothing cannot be told; \
             compare the balance, or export again with that column."
                .into(),
        );
    }
    let mut ids = Ids::default();
    read_all(&mut rows, text.damaged, &mut reading, |row| plan.draft(row, &mut ids))?;
    if reading.rows == 0 {
        reading.warnings.push("The file has a header and no rows.".into());
    }
    Ok(reading)
}

/// American time zones go with MM/DD, others with DD/MM.
fn hint(zones: &[String]) -> Option<DateFormat> {
    let american = ["PST", "PDT", "MST", "MDT", "CST", "CDT", "EST", "EDT", "HST", "AKST", "AKDT"];
    let european = ["CET", "CEST", "GMT", "BST", "WET", "WEST", "EET", "EEST", "AEST", "AEDT"];
    let all = |known: &[&str]| {
        !zones.is_empty() && zones.iter().all(|zone| known.contains(&zone.as_str()))
    };
    if all(&american) {
        Some(DateFormat::MonthFirst)
    } else if all(&european) {
        Some(DateFormat::DayFirst)
    } else {
        None
    }
}

struct Plan {
    id: usize,
    date: usize,
    currency: usize,
    gross: usize,
    net: usize,
    kind: usize,
    fee: Option<usize>,
    status: Option<usize>,
    impact: Option<usize>,
    payee: Option<usize>,
    texts: [Option<usize>; 4],
    format: DateFormat,
    mark: DecimalMark,
}

impl Plan {
    fn draft(&self, row: &Row<'_>, ids: &mut Ids) -> Result<Draft, String> {
        let kind = fold(row.get(Some(self.kind)));
        self.moves_money(row, &kind)?;
        let date = day::parse(row.get(Some(self.date)), self.format)?;
        let currency = platform::currency(row.get(Some(self.currency)))?;
        let money = |at| number::parse(row.get(Some(at)), self.mark, currency);
        let (gross, net) = (money(self.gross)?, money(self.net)?);
        let charged = match row.get(self.fee) {
            "" | "..." => Money::new(0, currency),
            text => number::parse(text, self.mark, currency)?,
        };
        let id = row.get(Some(self.id));
        if id.is_empty() {
            return Err("The row has no transaction id.".into());
        }
        let mut label = platform::labelled(FORMAT, id, row, &self.texts);
        // The two rows of an exchange may share one id.
        label.identity = format!("{}/{net}", label.identity).replace(' ', "");
        let texts = self.texts.map(|at| row.get(at)).join(" ");
        let (account, donation) = account(&kind, &texts, gross);
        // The fee is written with the sign it has for the balance.
        let legs = platform::with_fee(account, gross, charged.negated(), net)?;
        ids.once(&label.identity, row.line)?;
        Ok(label.onto(Draft {
            payee: field(row.get(self.payee)),
            legs,
            donation,
            interval: if donation { platform::interval(&texts) } else { None },
            ..Draft::new(row.line, date, net)
        }))
    }

    /// Says why a row changes no balance.
    fn moves_money(&self, row: &Row<'_>, kind: &str) -> Result<(), String> {
        let status = fold(row.get(self.status));
        // A payment given back later was completed: the money came, and goes in another row.
        let done = [
            "completed",
            "abgeschlossen",
            "refunded",
            "partially refunded",
            "zurückgezahlt",
            "rückzahlung",
            "teilweise zurückgezahlt",
            "teilrückzahlung",
        ];
        if self.status.is_some() && !done.contains(&status.as_str()) {
            let status = clip(row.get(self.status), 40);
            return Err(format!("The row's status is “{status}”: no money moved by it."));
        }
        match fold(row.get(self.impact)).as_str() {
            "memo" => return Err("The row is a memo: it does not change the balance.".into()),
            "credit" | "debit" | "haben" | "soll" | "guthaben" | "gutschrift" | "belastung" => {}
            _ if self.impact.is_none() => {}
            other => {
                let other = clip(other, 40);
                return Err(format!("“{other}” does not say how the row changes the balance."));
            }
        }
        let word =
            |mark: &str| kind.split(|c: char| !c.is_alphabetic()).any(|w| w.starts_with(mark));
        let holds = ["hold", "authorization", "authorisation", "autorisierung", "reserve"];
        if holds.iter().any(|mark| word(mark)) || kind.contains("einbehalt") {
            return Err("The row holds money back or releases it: no money moved.".into());
        }
        Ok(())
    }
}

/// The account on the other side, and whether the row is a donation.
fn account(kind: &str, texts: &str, gross: Money) -> (&'static str, bool) {
    let has = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    let comes_in = gross.minor > 0;
    if has(&["currency conversion", "währungsumrechnung"]) {
        (CONVERSIONS, false)
    } else if has(&[
        "card deposit",
        "kreditkarteneinzahlung",
        "kreditkartengutschrift",
        "card withdrawal",
    ]) {
        (CARD, false)
    } else if has(&[
        "bank deposit",
        "withdrawal",
        "bankgutschrift",
        "bankeinzahlung",
        "abbuchung",
        "einzahlung",
        "transfer to bank",
        "überweisung auf bankkonto",
    ]) {
        (TRANSFERS, false)
    } else if has(&["refund", "reversal", "chargeback", "rückzahlung", "rückbuchung", "erstattung"])
    {
        // What is given back is booked where it came from.
        (if comes_in { csv::EXPENSE } else { csv::INCOME }, false)
    } else if comes_in && platform::says_donation(texts) {
        (if platform::says_recurring(texts) { RECURRING } else { ONE_TIME }, true)
    } else {
        (platform::uncategorised(gross), false)
    }
}

#[cfg(test)]
mod tests;
