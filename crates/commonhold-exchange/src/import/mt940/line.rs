//! Fields 60, 61 and 62: balances and the line of a row.

use crate::import::number::exact;
use crate::import::text::clip;
use commonhold_core::{Currency, Date, Money};

/// What a line `:61:` says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The day it was booked; the value day where no other stands there.
    pub date: Date,
    /// Digits and a comma.
    pub amount: String,
    /// Whether money goes out.
    pub negative: bool,
    /// Whether it takes an earlier row back.
    pub reversal: bool,
    /// Whether it is only expected (marks `EC` and `ED`).
    pub expected: bool,
    /// The reference for the account's owner, where it is one.
    pub reference: Option<String>,
    /// The bank's own reference, behind `//`.
    pub bank_reference: Option<String>,
    /// Text in the same line behind the references.
    pub rest: String,
}

impl Line {
    /// Whether the reference only says that field 86 names an end-to-end id.
    pub(super) fn names_end_to_end(&self) -> bool {
        self.reference.as_deref().is_some_and(|text| text.trim_start().starts_with("EREF"))
    }
}

/// Reads a line: value day `YYMMDD`, booking day `MMDD` (optional), mark, third letter of the
/// currency (optional), amount, kind of four letters, reference, `//` and the bank's reference.
pub(super) fn parse(text: &str) -> Result<Line, String> {
    let wrong = |what: &str| format!("The row has no {what} where one must stand.");
    let text = text.trim_start();
    let value = text.get(..6).filter(|day| digits(day)).ok_or_else(|| wrong("day (YYMMDD)"))?;
    let mut rest = text.get(6..).unwrap_or_default();
    let booking = rest.get(..4).filter(|day| digits(day));
    if booking.is_some() {
        rest = rest.get(4..).unwrap_or_default();
    }
    let date = booked_on(value, booking)?;
    let marks = [
        ("RC", true, true, false),
        ("RD", false, true, false),
        ("EC", false, false, true),
        ("ED", true, false, true),
        ("C", false, false, false),
        ("D", true, false, false),
    ];
    let found = marks.iter().find(|(mark, ..)| rest.starts_with(mark));
    let (mark, negative, reversal, expected) = found.ok_or_else(|| wrong("mark (C or D)"))?;
    rest = rest.get(mark.len()..).unwrap_or_default();
    if rest.starts_with(|c: char| c.is_ascii_uppercase()) {
        rest = rest.get(1..).unwrap_or_default();
    }
    let length = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.');
    let (amount, behind) =
        rest.split_at_checked(length.unwrap_or(rest.len())).unwrap_or((rest, ""));
    if !amount.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(wrong("amount"));
    }
    let (reference, bank_reference, rest) = references(behind);
    Ok(Line {
        date,
        amount: amount.to_owned(),
        negative: *negative,
        reversal: *reversal,
        expected: *expected,
        reference,
        bank_reference,
        rest,
    })
}

/// Behind the amount: four letters of the kind, at most 16 of the reference, `//` and at most 16 of
/// the bank's; what stands behind is text.
fn references(text: &str) -> (Option<String>, Option<String>, String) {
    let kind = text.char_indices().nth(4).map_or(text.len(), |(at, _)| at);
    let text = text.get(kind..).unwrap_or_default();
    let (own, bank) = match text.split_once("//") {
        Some((own, bank)) => (own, Some(bank)),
        None => (text, None),
    };
    let cut = |text: &str, max: usize| {
        let end = text.char_indices().nth(max).map_or(text.len(), |(at, _)| at);
        let (kept, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        (named(kept), rest.to_owned())
    };
    match bank {
        // Some banks write longer references before the slashes.
        Some(bank) => {
            let (bank, rest) = cut(bank, 16);
            (named(own), bank, rest)
        }
        None => {
            let (own, rest) = cut(own, 16);
            (own, None, rest)
        }
    }
}

fn named(text: &str) -> Option<String> {
    let text = text.trim();
    let none = ["", "NONREF", "NOREF", "NOTPROVIDED"];
    (!none.contains(&text)).then(|| text.to_owned())
}

/// The booking day has no year: that of the value day, or the one beside it at a turn of the year.
fn booked_on(value: &str, booking: Option<&str>) -> Result<Date, String> {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<i8>().ok()).unwrap_or(0);
    let year = year(value.get(..2).unwrap_or_default());
    let (month, day) = (number(value.get(2..4)), number(value.get(4..6)));
    let Some(booking) = booking else {
        return Date::new(year, month, day).ok_or_else(|| format!("“{value}” is not a day."));
    };
    let (booked_month, booked_day) = (number(booking.get(..2)), number(booking.get(2..4)));
    let year = match (month, booked_month) {
        (12, 1) => year.saturating_add(1),
        (1, 12) => year.saturating_sub(1),
        _ => year,
    };
    Date::new(year, booked_month, booked_day)
        .or_else(|| Date::new(year, month, day))
        .ok_or_else(|| format!("“{value}{booking}” holds no day."))
}

/// Two digits of a year: 80 to 99 are of the last century (SWIFT).
fn year(text: &str) -> i16 {
    let short = text.parse::<i16>().unwrap_or(0);
    short.saturating_add(if short >= 80 { 1900 } else { 2000 })
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Reads a balance: mark, day, currency, amount. Where the currency is missing, the other
/// balance's.
pub(super) fn balance(text: &str, known: Option<Currency>) -> Result<(Date, Money), String> {
    let wrong =
        || format!("“{}” is not a balance (C or D, day, currency, amount).", clip(text, 40));
    let negative = match text.get(..1) {
        Some("C") => false,
        Some("D") => true,
        _ => return Err(wrong()),
    };
    let day = text.get(1..7).filter(|day| digits(day)).ok_or_else(wrong)?;
    let day = booked_on(day, None)?;
    let rest = text.get(7..).unwrap_or_default();
    let (currency, amount) = match rest.get(..3).and_then(|code| code.parse::<Currency>().ok()) {
        Some(currency) => (currency, rest.get(3..).unwrap_or_default()),
        None => (known.ok_or_else(wrong)?, rest),
    };
    if !amount.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(wrong());
    }
    let amount = exact(amount.trim(), currency)?;
    Ok((day, if negative { amount.negated() } else { amount }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(text: &str) -> String {
        match parse(text) {
            Ok(l) => format!(
                "{} {}{} {}{} {:?} {:?} {:?}",
                l.date,
                if l.negative { "-" } else { "+" },
                l.amount,
                if l.reversal { "R" } else { "" },
                if l.expected { "E" } else { "" },
                l.reference,
                l.bank_reference,
                l.rest
            ),
            Err(reason) => reason,
        }
    }

    #[test]
    fn lines_as_banks_write_them() {
        for (text, read) in [
            ("0709040904CR300,NTRFA 1//B2", "2007-09-04 +300,  Some(\"A 1\") Some(\"B2\") \"\""),
            ("131017D6800,NCHK16703074", "2013-10-17 -6800,  Some(\"16703074\") None \"\""),
            ("0709070907RC204,88NTRFNONREF", "2007-09-07 -204,88 R None None \"\""),
            ("0709070907RD5,NTRFNONREF", "2007-09-07 +5, R None None \"\""),
            ("070907EC5,NTRFNONREF", "2007-09-07 +5, E None None \"\""),
            ("1602300301DR6,00N024NONREF", "2016-03-01 -6,00  None None \"\""),
            ("2512311231D1,NMSC", "2025-12-31 -1,  None None \"\""),
            ("2512310102D1,NMSC", "2026-01-02 -1,  None None \"\""),
            ("2601021231D1,NMSC", "2025-12-31 -1,  None None \"\""),
            (
                "0203170320CM5000,00S05168790452",
                "2002-03-20 +5000,00  Some(\"68790452\") None \"\"",
            ),
            ("970101C1,", "1997-01-01 +1,  None None \"\""),
            (
                "110527D28N0440121470966      W.P. Jansen",
                "2011-05-27 -28  Some(\"0121470966\") None \"W.P. Jansen\"",
            ),
        ] {
            assert_eq!(short(text), read, "{text}");
        }
        for text in ["", "2", "ä", "110230C5,NTRF", "1811261126CR", "110101X5,N", "110101C,5N"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn balances_as_banks_write_them() {
        let eur = Some(Currency::EUR);
        for (text, known, read) in [
            ("C140507EUR0,", None, "0.00 EUR"),
            ("D140829EUR000000000147,64", None, "-147.64 EUR"),
            ("C02032495000,00", eur, "95000.00 EUR"),
            ("C180410JPY15,00", None, "15 JPY"),
        ] {
            assert_eq!(balance(text, known).unwrap().1.to_string(), read, "{text}");
        }
        for text in ["", "X140507EUR0,", "C140507EUR", "C140507EUR1,234", "C149999EUR1,"] {
            assert!(balance(text, None).is_err(), "{text}");
        }
    }
}
