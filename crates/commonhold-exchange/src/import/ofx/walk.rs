//! From tags to statements and rows. Which tags hold others is known from a list: a tag without an
//! end and without a text cannot be told from one that holds others in any other way.

use super::FORMAT;
use super::sgml::Token;
use crate::import::bank::{Entry, Ledger};
use crate::import::number::{self, exact};
use crate::import::text::{clip, tidy};
use crate::import::{DateFormat, DecimalMark, Error, Reading, day};
use commonhold_core::{Currency, Date, Money};

/// Tags that hold others, as far as they matter.
const HOLDERS: &[&str] = &[
    "OFX",
    "SONRS",
    "STATUS",
    "STMTTRNRS",
    "CCSTMTTRNRS",
    "INVSTMTTRNRS",
    "ACCTINFO",
    "STMTRS",
    "CCSTMTRS",
    "INVSTMTRS",
    "BANKACCTFROM",
    "CCACCTFROM",
    "INVACCTFROM",
    "BANKTRANLIST",
    "INVTRANLIST",
    "STMTTRN",
    "LEDGERBAL",
    "AVAILBAL",
    "CURRENCY",
    "ORIGCURRENCY",
    "PAYEE",
    "BANKACCTTO",
    "CCACCTTO",
    "INVBANKTRAN",
    "BANKTRANLISTP",
    "STMTTRNP",
];
/// Most fields of one row.
const MAX_FIELDS: usize = 100;
/// Longest field of one row that is kept, in bytes.
const MAX_FIELD: usize = 20_000;

/// A row while it is read.
struct Row {
    line: u64,
    from: usize,
    fields: Vec<(String, String)>,
}

impl Row {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }
}

/// What else the file holds, to say why there is no statement.
#[derive(Default)]
struct Others {
    ofx: bool,
    ended: bool,
    investments: u64,
    accounts: bool,
    /// Code and message of what went wrong at the bank.
    failed: Option<(String, String)>,
    code: String,
}

/// The state between tags.
pub(super) struct Walk<'t> {
    text: &'t str,
    ledger: Ledger,
    holders: Vec<String>,
    /// The tag whose text is read, and the text.
    leaf: Option<(String, String)>,
    row: Option<Row>,
    currency: Option<String>,
    closing: Option<String>,
    others: Others,
    counted: (usize, u64),
}

impl<'t> Walk<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            ledger: Ledger::new(FORMAT),
            holders: Vec::new(),
            leaf: None,
            row: None,
            currency: None,
            closing: None,
            others: Others::default(),
            counted: (0, 1),
        }
    }

    pub(super) fn take(&mut self, token: Token<'_>) -> Result<(), Error> {
        match token {
            Token::Text(text) => {
                if let Some((_, value)) = &mut self.leaf
                    && value.len() < MAX_FIELD
                {
                    value.push_str(&text);
                }
                Ok(())
            }
            Token::Begin(name, at) => {
                self.flush();
                if HOLDERS.contains(&name) {
                    self.close(name, at, false)?;
                    self.open(name, at)
                } else {
                    self.leaf = Some((name.to_owned(), String::new()));
                    Ok(())
                }
            }
            Token::End(name, at) => {
                self.flush();
                if HOLDERS.contains(&name) { self.close(name, at, true) } else { Ok(()) }
            }
        }
    }

    fn inside(&self, name: &str) -> bool {
        self.holders.iter().any(|holder| holder == name)
    }

    fn open(&mut self, name: &str, at: usize) -> Result<(), Error> {
        let line = self.line(at);
        self.holders.push(name.to_owned());
        match name {
            "OFX" => self.others.ofx = true,
            "ACCTINFO" => self.others.accounts = true,
            "INVSTMTRS" => {
                self.others.investments = self.others.investments.saturating_add(1);
            }
            "STMTRS" | "CCSTMTRS" => {
                self.finish_statement();
                self.currency = None;
                self.ledger.begin(line)?;
            }
            "STMTTRN" if !self.inside("INVSTMTRS") => {
                self.row = Some(Row { line, from: at, fields: Vec::new() });
            }
            _ => {}
        }
        Ok(())
    }

    /// Closes a holder and all that is open in it. `said` is false where the tag that ends it is
    /// missing and the next one begins.
    fn close(&mut self, name: &str, at: usize, said: bool) -> Result<(), Error> {
        let Some(place) = self.holders.iter().rposition(|holder| holder == name) else {
            return Ok(());
        };
        for holder in self.holders.split_off(place).iter().rev() {
            match holder.as_str() {
                "STMTTRN" => self.finish_row(at)?,
                "STMTRS" | "CCSTMTRS" => self.finish_statement(),
                "OFX" if said => self.others.ended = true,
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes the text of a tag where it belongs.
    fn flush(&mut self) {
        let Some((name, value)) = self.leaf.take() else { return };
        let value = tidy(&value);
        let holder = self.holders.last().map(String::as_str).unwrap_or_default();
        match (holder, name.as_str()) {
            ("STATUS", "CODE") => self.others.code = clip(&value, 20),
            ("STATUS", "SEVERITY") if value.eq_ignore_ascii_case("ERROR") => {
                self.others.failed = Some((self.others.code.clone(), String::new()));
            }
            ("STATUS", "MESSAGE") => {
                if let Some((_, message)) = &mut self.others.failed
                    && message.is_empty()
                {
                    *message = clip(&value, 200);
                }
            }
            (_, _) if self.row.is_some() => {
                let field = if holder == "STMTTRN" { name } else { format!("{holder}.{name}") };
                if let Some(row) = &mut self.row
                    && row.fields.len() < MAX_FIELDS
                {
                    row.fields.push((field, value));
                }
            }
            (_, "CURDEF") if !self.inside("INVSTMTRS") => self.currency = Some(value),
            ("BANKACCTFROM" | "CCACCTFROM", "ACCTID") if self.ledger.is_open() => {
                self.ledger.set_account(&value);
            }
            ("BANKTRANLIST", "DTSTART") => {
                let from = date(&value).ok();
                if let Some(info) = self.ledger.info() {
                    info.from = from;
                }
            }
            ("BANKTRANLIST", "DTEND") => {
                let to = date(&value).ok();
                if let Some(info) = self.ledger.info() {
                    info.to = to;
                }
            }
            ("LEDGERBAL", "BALAMT") => self.closing = Some(value),
            _ => {}
        }
    }

    fn finish_statement(&mut self) {
        let closing = self.closing.take();
        let currency = self.currency.as_deref().and_then(|code| code.parse::<Currency>().ok());
        if self.ledger.is_open()
            && let (Some(closing), Some(currency)) = (closing, currency)
            && let Some(info) = self.ledger.info()
        {
            info.closing = amount(&closing, currency).ok();
        }
        self.ledger.end();
    }

    fn finish_row(&mut self, at: usize) -> Result<(), Error> {
        let Some(row) = self.row.take() else { return Ok(()) };
        match self.entry(&row) {
            Ok(entry) => self.ledger.book(entry),
            Err(reason) => {
                let raw = self.text.get(row.from..at).unwrap_or("");
                self.ledger.refuse(row.line, raw, reason, true)
            }
        }
    }

    fn entry(&self, row: &Row) -> Result<Entry, String> {
        let posted = row.get("DTPOSTED").ok_or("The row has no day (DTPOSTED).")?;
        let date = date(posted)?;
        let currency = self.currency_of(row)?;
        let money = amount(row.get("TRNAMT").ok_or("The row has no amount (TRNAMT).")?, currency)?;
        let check = row.get("CHECKNUM").filter(|number| number.chars().any(|c| c != '0'));
        let payee = row.get("NAME").or(row.get("PAYEE.NAME")).map(str::to_owned);
        Ok(Entry {
            text: row
                .get("MEMO")
                .or(payee.as_deref())
                .map(str::to_owned)
                .or_else(|| check.map(|number| format!("Check {number}"))),
            payee,
            bank_ref: row.get("FITID").map(str::to_owned),
            counterparty_account: row
                .get("BANKACCTTO.ACCTID")
                .or(row.get("CCACCTTO.ACCTID"))
                .map(str::to_owned),
            ..Entry::new(row.line, date, money)
        })
    }

    /// The account's currency. A row that names another is in that one (OFX 1.0.3, 5.2), which an
    /// account of one currency cannot hold.
    fn currency_of(&self, row: &Row) -> Result<Currency, String> {
        let own = self.currency.as_deref().filter(|code| !code.is_empty());
        match (own, row.get("CURRENCY.CURSYM")) {
            (Some(own), Some(other)) if !own.eq_ignore_ascii_case(other) => Err(format!(
                "The row is in {}, its account in {}; enter it by hand.",
                clip(other, 10),
                clip(own, 10)
            )),
            (Some(code), _) | (None, Some(code)) => code.to_ascii_uppercase().parse(),
            (None, None) => Err("Neither the row nor its account names a currency.".into()),
        }
    }

    fn line(&mut self, at: usize) -> u64 {
        let (from, line) = self.counted;
        let passed = self.text.as_bytes().get(from..at).unwrap_or(&[]);
        let ends = passed.iter().filter(|byte| **byte == b'\n').count();
        let line = line.saturating_add(u64::try_from(ends).unwrap_or(0));
        self.counted = (at.max(from), line);
        line
    }

    /// The reading, or why there is none.
    pub(super) fn finish(mut self) -> Result<Reading, Error> {
        self.flush();
        if let Some(row) = self.row.take() {
            let raw = self.text.get(row.from..).unwrap_or("");
            let reason = "The file ends inside this row; export it again.".to_owned();
            self.ledger.refuse(row.line, raw, reason, true)?;
        }
        self.finish_statement();
        if self.ledger.reading.statements.is_empty() {
            return Err(Error::Unusable(self.others.reason()));
        }
        if self.others.ofx && !self.others.ended {
            self.ledger.warn(
                "The file has no end (</OFX>) and may be cut off; compare its last row.".into(),
            );
        }
        if self.others.investments > 0 {
            self.ledger.warn(format!(
                "The file also holds statements of investment accounts ({}), which are not read.",
                self.others.investments
            ));
        }
        if let Some((code, message)) = &self.others.failed {
            let sentence = format!("The bank reports an error for a part ({code}): {message}");
            self.ledger.warn(format!("{}.", sentence.trim_end_matches('.')));
        }
        Ok(self.ledger.finish())
    }
}

impl Others {
    fn reason(&self) -> String {
        if let Some((code, message)) = &self.failed {
            return format!(
                "The file holds no statement but an error of the bank ({code}: {}); download it \
                 again.",
                if message.is_empty() { "no message" } else { message }
            );
        }
        let reason = if !self.ofx {
            "This is no OFX file: it has no tag <OFX>; choose another format."
        } else if self.investments > 0 {
            "The file holds only statements of investment accounts, which are not read; enter \
             what moves between them and the bank from the bank's statement."
        } else if self.accounts {
            "The file is a list of accounts without their rows; download the statement of one."
        } else {
            "The file holds no statement, only the sign-on to the bank; download it again."
        };
        reason.to_owned()
    }
}

/// A day as the bank writes it: `YYYYMMDD`, a time and a zone may follow.
fn date(text: &str) -> Result<Date, String> {
    let wrong = || format!("“{}” is not a day of the form YYYYMMDD.", clip(text, 40));
    let day = text.get(..8).ok_or_else(wrong)?;
    let rest = text.get(8..).unwrap_or("");
    if rest.starts_with(|c: char| c.is_alphabetic() || c == '-') {
        return Err(wrong());
    }
    day::parse(day, DateFormat::Compact).map_err(|_| wrong())
}

/// An amount: with a point or comma, also with marks between thousands where both stand there.
fn amount(text: &str, currency: Currency) -> Result<Money, String> {
    match (text.rfind(','), text.rfind('.')) {
        (Some(comma), Some(point)) => {
            let mark = if comma > point { DecimalMark::Comma } else { DecimalMark::Dot };
            number::parse(text, mark, currency)
        }
        _ => exact(text, currency),
    }
}
