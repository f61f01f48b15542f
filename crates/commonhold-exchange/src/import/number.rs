//! Amounts as other programs write them, read exactly: never rounded, never through a float.

use super::DecimalMark;
use super::text::clip;
use commonhold_core::{Currency, Money};

/// Signs that stand for currencies; a dollar sign for any dollar.
const SYMBOLS: &[(char, &[&str])] = &[
    ('€', &["EUR"]),
    ('£', &["GBP"]),
    ('¥', &["JPY", "CNY"]),
    ('$', &["USD", "AUD", "CAD", "NZD", "HKD", "SGD", "MXN"]),
];

/// White space between thousands: a space, also no-break, thin, or narrow no-break.
const SPACES: [char; 4] = [' ', '\u{a0}', '\u{2009}', '\u{202f}'];

/// Reads an amount: a sign before or after it or brackets around it, a currency sign or code that
/// fits, and thousands separators in their places. All else is an error, a sentence.
pub(super) fn parse(text: &str, mark: DecimalMark, currency: Currency) -> Result<Money, String> {
    let shown = clip(text.trim(), 40);
    let (negative, body) = strip_sign(text.trim_matches(is_space), currency)
        .ok_or_else(|| format!("“{shown}” is not an amount in {currency}."))?;
    let (whole, fraction) = match body.split_once(mark.character()) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (body, None),
    };
    let digits = ungroup(whole, mark).ok_or_else(|| {
        format!("“{shown}” is not an amount when “{}” is the decimal mark.", mark.character())
    })?;
    let sign = if negative { "-" } else { "" };
    let plain = match fraction {
        Some(fraction) => format!("{sign}{digits}.{fraction}"),
        None => format!("{sign}{digits}"),
    };
    Money::from_decimal(&plain, currency)
}

/// Reads an amount of a machine's format: digits and at most one point or comma before the
/// decimals. Zeros behind the currency's last decimal say nothing and are left out (`8.85000`);
/// other digits there are an error, never rounded.
pub(super) fn exact(text: &str, currency: Currency) -> Result<Money, String> {
    let plain = text.trim().replacen(',', ".", 1);
    let Some((whole, fraction)) = plain.split_once('.') else {
        return Money::from_decimal(&plain, currency);
    };
    let decimals = usize::from(currency.decimals());
    let kept = match (fraction.get(..decimals), fraction.get(decimals..)) {
        (Some(kept), Some(rest)) if rest.bytes().all(|b| b == b'0') => kept,
        _ => fraction,
    };
    let whole = match whole {
        "" | "-" | "+" if !fraction.is_empty() => format!("{whole}0"),
        _ => whole.to_owned(),
    };
    let point = if kept.is_empty() { "" } else { "." };
    Money::from_decimal(&format!("{whole}{point}{kept}"), currency)
}

fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// Takes sign and currency off, in either order, the sign once.
fn strip_sign(text: &str, currency: Currency) -> Option<(bool, &str)> {
    let mut rest = text;
    let mut sign: Option<bool> = None;
    if let Some(inner) = rest.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        sign = Some(true);
        rest = inner.trim_matches(is_space);
    }
    let mut currency_seen = false;
    loop {
        let before = rest;
        let minus = ['-', '−'];
        for (found, stripped) in [
            (true, rest.strip_prefix(minus).or(rest.strip_suffix(minus))),
            (false, rest.strip_prefix('+').or(rest.strip_suffix('+'))),
        ] {
            if let Some(stripped) = stripped {
                if sign.is_some() {
                    return None;
                }
                sign = Some(found);
                rest = stripped.trim_matches(is_space);
                break;
            }
        }
        if !currency_seen && let Some(stripped) = strip_currency(rest, currency) {
            currency_seen = true;
            rest = stripped.trim_matches(is_space);
        }
        if before == rest {
            return Some((sign.unwrap_or(false), rest));
        }
    }
}

fn strip_currency(text: &str, currency: Currency) -> Option<&str> {
    let code = currency.code();
    if let Some(rest) = text.strip_prefix(code).or(text.strip_suffix(code)) {
        return Some(rest);
    }
    let fits = |(_, codes): &&(char, &[&str])| codes.contains(&code);
    SYMBOLS
        .iter()
        .filter(fits)
        .find_map(|(symbol, _)| text.strip_prefix(*symbol).or(text.strip_suffix(*symbol)))
}

/// The digits before the decimal mark, without thousands separators: all of one sort, every group
/// after the first of three digits. Nothing when it is otherwise.
fn ungroup(whole: &str, mark: DecimalMark) -> Option<String> {
    if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) {
        return Some(whole.to_owned());
    }
    let separator = whole.chars().find(|c| !c.is_ascii_digit())?;
    let other = if mark == DecimalMark::Dot { ',' } else { '.' };
    let known = separator == other || separator == '\'' || separator == '’';
    if !known && !SPACES.contains(&separator) {
        return None;
    }
    let mut digits = String::new();
    for (at, group) in whole.split(separator).enumerate() {
        let length = if at == 0 { 1..=3 } else { 3..=3 };
        if !length.contains(&group.len()) || !group.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, mark: DecimalMark, currency: &str) -> Result<String, String> {
        parse(text, mark, currency.parse().unwrap()).map(|money| money.to_string())
    }

    #[test]
    fn reads_what_others_write() {
        use DecimalMark::{Comma, Dot};
        for (text, mark, currency, amount) in [
            ("12,50-", Comma, "EUR", "-12.50 EUR"),
            ("-1.234,56", Comma, "EUR", "-1234.56 EUR"),
            ("1.234", Comma, "EUR", "1234.00 EUR"),
            ("1,234", Dot, "EUR", "1234.00 EUR"),
            ("1 234 567,8", Comma, "EUR", "1234567.80 EUR"),
            ("1\u{202f}234,50 €", Comma, "EUR", "1234.50 EUR"),
            ("1'234.50", Dot, "CHF", "1234.50 CHF"),
            ("-$5.00", Dot, "USD", "-5.00 USD"),
            ("$-5.00", Dot, "CAD", "-5.00 CAD"),
            ("+5", Dot, "EUR", "5.00 EUR"),
            ("−5.00", Dot, "EUR", "-5.00 EUR"),
            ("(5.00)", Dot, "EUR", "-5.00 EUR"),
            ("EUR 154185.12", Dot, "EUR", "154185.12 EUR"),
            ("1200", Dot, "JPY", "1200 JPY"),
            ("1.005", Dot, "KWD", "1.005 KWD"),
        ] {
            assert_eq!(read(text, mark, currency).as_deref(), Ok(amount), "{text}");
        }
    }

    #[test]
    fn exact_amounts_are_never_rounded() {
        for (text, currency, amount) in [
            ("8.85000", "EUR", Ok("8.85 EUR")),
            ("-00001500.0000", "USD", Ok("-1500.00 USD")),
            ("300,", "EUR", Ok("300.00 EUR")),
            ("-.5", "EUR", Ok("-0.50 EUR")),
            ("1200.00", "JPY", Ok("1200 JPY")),
            ("1.005", "KWD", Ok("1.005 KWD")),
            ("8.855", "EUR", Err("EUR")),
            ("1200.5", "JPY", Err("JPY")),
            ("1,234.56", "EUR", Err("")),
            ("1,234", "EUR", Err("EUR")),
            ("", "EUR", Err("")),
            (".", "EUR", Err("")),
            ("1e3", "EUR", Err("")),
        ] {
            let read = exact(text, currency.parse().unwrap()).map(|money| money.to_string());
            match amount {
                Ok(amount) => assert_eq!(read.as_deref(), Ok(amount), "{text}"),
                Err(named) => assert!(read.unwrap_err().contains(named), "{text}"),
            }
        }
    }

    #[test]
    fn refuses_what_is_open_to_doubt() {
        use DecimalMark::{Comma, Dot};
        for (text, mark, currency) in [
            ("12,50", Dot, "EUR"),
            ("1.234", Dot, "EUR"),
            ("1,234.5", Comma, "EUR"),
            ("1.23.456,00", Comma, "EUR"),
            ("1.234 567,00", Comma, "EUR"),
            ("--5", Dot, "EUR"),
            ("-5-", Dot, "EUR"),
            ("(-5)", Dot, "EUR"),
            ("$5.00", Dot, "EUR"),
            ("5.00 USD", Dot, "EUR"),
            ("", Dot, "EUR"),
            ("-", Dot, "EUR"),
            ("5.", Dot, "EUR"),
            ("1e3", Dot, "EUR"),
            ("12.345", Dot, "EUR"),
            ("99999999999999999999", Dot, "EUR"),
            ("５", Dot, "EUR"),
        ] {
            assert!(read(text, mark, currency).is_err(), "{text}");
        }
    }
}
