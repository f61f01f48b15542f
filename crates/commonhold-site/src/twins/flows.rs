//! Income and expenses over time: now, by day, week, month, year, and in all.

use crate::Error;
use crate::gather::Book;
use crate::gather::money::Flow;
use crate::output::Output;
use commonhold_core::date::{Date, Month};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many days `day.json` holds.
const DAYS: u16 = 31;
/// How many weeks `week.json` holds.
const WEEKS: u16 = 53;

/// One span of time.
struct Span {
    name: String,
    from: Date,
    to: Date,
    flow: Flow,
}

/// Writes both, six files each.
pub fn write(book: &Book<'_>, out: &mut Output<'_>) -> Result<(), Error> {
    let day = book.day();
    let months = months(book);
    let all = |name: &str| Span {
        name: name.to_owned(),
        from: months.first().map_or(day, |span| span.from),
        to: day,
        flow: sum(months.iter().map(|span| span.flow)),
    };
    let this = day.month();
    let now = Span {
        name: this.to_string(),
        from: this.first_day(),
        to: day,
        flow: book.money.flow(&[this]),
    };
    let sets: [(&str, Vec<Span>); 6] = [
        ("now", vec![now]),
        ("day", days(book, day)),
        ("week", weeks(book, day)),
        ("month", Vec::new()),
        ("year", years(&months)),
        ("all", vec![all("all")]),
    ];
    for (name, spans) in &sets {
        let spans = if *name == "month" { &months } else { spans };
        for (folder, is_income) in [("income", true), ("expenses", false)] {
            let value = file(book, name, spans, is_income);
            super::put(out, &format!("api/{folder}/{name}.json"), &value)?;
        }
    }
    Ok(())
}

fn file(book: &Book<'_>, span: &str, spans: &[Span], is_income: bool) -> Value {
    let side = |flow: Flow| if is_income { flow.income } else { flow.expense };
    let total = spans.iter().fold(0_i64, |sum, span| sum.saturating_add(side(span.flow)));
    let lines: Vec<Value> = spans
        .iter()
        .map(|span| {
            json!({
                "period": span.name, "from": span.from, "to": span.to,
                "amount": book.money.money(side(span.flow)),
            })
        })
        .collect();
    json!({
        "as_of": book.day(),
        "currency": book.money.currency(),
        "by": span,
        "total": book.money.money(total),
        "periods": lines,
    })
}

fn sum(flows: impl Iterator<Item = Flow>) -> Flow {
    flows.fold(Flow::default(), |all, flow| Flow {
        income: all.income.saturating_add(flow.income),
        expense: all.expense.saturating_add(flow.expense),
    })
}

fn between(days: &BTreeMap<Date, Flow>, from: Date, to: Date) -> Flow {
    if to < from {
        return Flow::default();
    }
    sum(days.range(from..=to).map(|(_, flow)| *flow))
}

fn days(book: &Book<'_>, day: Date) -> Vec<Span> {
    (0..DAYS)
        .rev()
        .map(|back| {
            let at = day.days_earlier(back);
            Span { name: at.to_string(), from: at, to: at, flow: between(&book.money.days, at, at) }
        })
        .collect()
}

/// Weeks that end on the day: seven days each, named by their last.
fn weeks(book: &Book<'_>, day: Date) -> Vec<Span> {
    (0..WEEKS)
        .rev()
        .map(|back| {
            let to = day.days_earlier(back.saturating_mul(7));
            let from = to.days_earlier(6);
            Span { name: to.to_string(), from, to, flow: between(&book.money.days, from, to) }
        })
        .collect()
}

/// All months from the first with entries, the same numbers as on the pages.
fn months(book: &Book<'_>) -> Vec<Span> {
    let last = book.day().month();
    let first = book.months.last().map_or(last, |(month, _)| *month);
    (first.index()..=last.index())
        .map(Month::from_index)
        .map(|month| Span {
            name: month.to_string(),
            from: month.first_day(),
            to: month.last_day().min(book.day()),
            flow: book.money.flow(&[month]),
        })
        .collect()
}

fn years(months: &[Span]) -> Vec<Span> {
    let mut years: BTreeMap<i16, Span> = BTreeMap::new();
    for month in months {
        let year = years.entry(month.from.year()).or_insert_with(|| Span {
            name: month.from.year().to_string(),
            from: month.from,
            to: month.to,
            flow: Flow::default(),
        });
        year.to = month.to;
        year.flow = sum([year.flow, month.flow].into_iter());
    }
    years.into_values().collect()
}
