//! Amounts, days and other small things as a page shows them, each with what a machine reads.

use crate::messages::{Language, Messages};
use commonhold_core::date::{Date, Month, Time};
use commonhold_core::money::Money;
use maud::{Markup, html};

/// An amount: the number to the end of its cell, the currency quiet beside it.
pub fn money(m: &Messages, amount: Money) -> Markup {
    html! {
        data.a value=(amount) { (m.number(&amount.decimal())) " " span.c { (amount.currency) } }
    }
}

/// An amount as a report gives it, such as `412.35 EUR`; any other text as it is.
pub fn amount(m: &Messages, text: &str) -> Markup {
    match text.parse::<Money>() {
        Ok(parsed) => money(m, parsed),
        Err(_) => html! { (text) },
    }
}

/// An amount inside a sentence.
pub fn amount_words(m: &Messages, text: &str) -> String {
    match text.parse::<Money>() {
        Ok(parsed) => format!("{} {}", m.number(&parsed.decimal()), parsed.currency),
        Err(_) => text.to_owned(),
    }
}

/// A decimal number with its unit, such as `103.7 %`.
pub fn number(m: &Messages, decimal: &str, unit: &str) -> Markup {
    html! {
        data.a value=(decimal) { (m.number(decimal)) @if !unit.is_empty() { " " (unit) } }
    }
}

/// A value of a report with its unit at its end, such as `95.9 %` or `1.75 ct`.
pub fn with_unit(m: &Messages, value: &str) -> Markup {
    match value.split_once(' ') {
        Some((decimal, unit)) => number(m, decimal, unit),
        None => html! { (value) },
    }
}

/// The name of a month of the year, 1 to 12.
fn month_name(m: &Messages, month: i8) -> String {
    m.t(&format!("month.{month}"))
}

/// A day in words.
pub fn day_words(m: &Messages, day: Date) -> String {
    let (year, month, number) = (day.year(), month_name(m, day.month_of_year()), day.day());
    match m.language {
        Language::En => format!("{number} {month} {year}"),
        Language::De => format!("{number}. {month} {year}"),
    }
}

/// A day.
pub fn day(m: &Messages, day: Date) -> Markup {
    html! { time datetime=(day) { (day_words(m, day)) } }
}

/// A day that may be missing.
pub fn maybe_day(m: &Messages, found: Option<Date>) -> Markup {
    html! { @match found { Some(found) => { (day(m, found)) } None => { "–" } } }
}

/// A moment, to the minute, in UTC.
pub fn moment(m: &Messages, time: Time) -> Markup {
    let text = time.to_string();
    let clock: String = text.chars().skip(11).take(5).collect();
    html! { time datetime=(text) { span { (day_words(m, time.date())) "," } " " span { (clock) " UTC" } } }
}

/// A month in words.
pub fn month_words(m: &Messages, month: Month) -> String {
    let first = month.first_day();
    format!("{} {}", month_name(m, first.month_of_year()), first.year())
}

/// A month as a report gives it (`2026-07`), in words.
pub fn month_text(m: &Messages, text: &str) -> String {
    text.parse::<Month>().map_or_else(|_| text.to_owned(), |month| month_words(m, month))
}

/// An account's path without its root, with thin signs between its parts.
pub fn account_label(path: &str) -> String {
    match path.split_once(':') {
        Some((_, rest)) => rest.replace(':', " · "),
        None => path.to_owned(),
    }
}

/// The first line of a text, at most so many letters.
pub fn short(text: &str, most: usize) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    if line.chars().count() <= most {
        return line.to_owned();
    }
    let cut: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}
