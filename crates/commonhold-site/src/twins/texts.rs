//! Plain texts for programs: metrics, calendar, the description for search engines.

use crate::Error;
use crate::gather::{Book, text};
use crate::output::Output;
use commonhold_core::date::{Date, Time};
use commonhold_core::id::RecordId;
use serde_json::json;

/// Writes them.
pub fn write(book: &Book<'_>, out: &mut Output<'_>) -> Result<(), Error> {
    out.whole("metrics.txt", metrics(book).as_bytes())?;
    out.whole("calendar.ics", calendar(book).as_bytes())?;
    super::put(out, "service.jsonld", &described(book))
}

/// A label's value (Prometheus text format 0.0.4).
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The decimal number in a report's text, such as `103.7` of `103.7 %`.
fn decimal(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

/// What each fund holds, with its labels.
fn balances(book: &Book<'_>) -> Vec<(String, String)> {
    let all = &book.money;
    let line = |fund: &commonhold_core::reports::finance::overview::FundBalance| {
        let labels = format!(
            "{{fund=\"{}\",id=\"{}\",restriction=\"{}\",currency=\"{}\"}}",
            label(&all.fund(&fund.fund)),
            fund.fund,
            fund.restriction,
            all.currency()
        );
        (labels, decimal(&fund.total).to_owned())
    };
    all.overview.balances.iter().map(line).collect()
}

fn metrics(book: &Book<'_>) -> String {
    let all = &book.money;
    let currency = all.currency();
    let mut out = String::new();
    let mut gauge = |name: &str, help: &str, lines: Vec<(String, String)>| {
        let lines: Vec<_> = lines.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        if !lines.is_empty() {
            out.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
        }
        for (labels, value) in lines {
            out.push_str(&format!("{name}{labels} {value}\n"));
        }
    };
    let one = |value: Option<&str>| vec![(String::new(), value.unwrap_or_default().to_owned())];
    let seconds = book.public.morning().0.div_euclid(1000).to_string();
    gauge("commonhold_as_of_seconds", "The moment the numbers are of.", one(Some(&seconds)));
    gauge("commonhold_fund_balance", "Money of a fund.", balances(book));
    let total = format!("{{currency=\"{currency}\"}}");
    let total = vec![(total, decimal(&all.overview.total).to_owned())];
    gauge("commonhold_balance", "All money.", total);
    let flow = all.flow(&[book.day().month()]);
    let of = |minor| vec![(format!("{{currency=\"{currency}\"}}"), all.money(minor).decimal())];
    gauge("commonhold_income_month", "Income of the present month.", of(flow.income));
    gauge("commonhold_expense_month", "Expense of the present month.", of(flow.expense));
    gauge("commonhold_cost_month_average", "Expense of an average month.", of(all.cost_month));
    let runway = &all.overview.runway;
    gauge(
        "commonhold_runway_months",
        "Months unrestricted money lasts without income.",
        one(runway.months.as_deref()),
    );
    gauge(
        "commonhold_coverage_percent",
        "Percent of expenses paid by recurring income.",
        one(all.coverage.percent.as_deref()),
    );
    let areas = book.conformance.areas.iter();
    let kept = areas.clone().map(|a| (format!("{{area=\"{}\"}}", a.area), a.holds.to_string()));
    gauge(
        "commonhold_requirements_kept",
        "Requirements of the framework that are kept.",
        kept.collect(),
    );
    let asked = areas.map(|a| (format!("{{area=\"{}\"}}", a.area), a.of.to_string()));
    gauge("commonhold_requirements", "Requirements of the framework.", asked.collect());
    gauge(
        "commonhold_transactions_shown",
        "Entries that are public.",
        one(Some(&book.shown.to_string())),
    );
    gauge(
        "commonhold_transactions_unpublished",
        "Entries that are not public yet.",
        one(Some(&book.unpublished.to_string())),
    );
    let open = book.operations.incidents.iter().filter(|i| i.moment("resolved").is_none()).count();
    gauge(
        "commonhold_incidents_open",
        "Public incidents that are not resolved.",
        one(Some(&open.to_string())),
    );
    out
}

/// One event of the calendar.
struct Event {
    id: RecordId,
    what: &'static str,
    starts: String,
    ends: Option<String>,
    title: String,
}

/// A moment as iCalendar writes it.
fn stamp(time: Time) -> String {
    time.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect()
}

fn whole_day(day: Date) -> String {
    format!(";VALUE=DATE:{}", day.to_string().replace('-', ""))
}

fn events(book: &Book<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    for vote in &book.votes {
        if let Some(closes) = vote.proposal.closes {
            let (starts, title) = (format!(":{}", stamp(closes)), vote.proposal.title.clone());
            events.push(Event { id: vote.id, what: "vote", starts, ends: None, title });
        }
    }
    for (id, session) in &book.operations.sessions {
        let Ok(starts) = text(session, "starts").parse::<Time>() else { continue };
        let ends = text(session, "ends").parse::<Time>().ok().map(|end| format!(":{}", stamp(end)));
        let title = text(session, "title").to_owned();
        events.push(Event {
            id: *id,
            what: "session",
            starts: format!(":{}", stamp(starts)),
            ends,
            title,
        });
    }
    for (id, phase) in &book.phases {
        for (what, day) in [("phase", phase.date), ("end", phase.ends)] {
            if let Some(day) = day {
                let title = format!(
                    "{}: {}",
                    book.service.name,
                    if what == "end" { "closed" } else { &phase.to }
                );
                let ends = Some(whole_day(day.next()));
                events.push(Event { id: *id, what, starts: whole_day(day), ends, title });
            }
        }
    }
    events.sort_by(|a, b| (&a.starts, a.id, a.what).cmp(&(&b.starts, b.id, b.what)));
    events
}

/// A line of a calendar, folded after 75 bytes (RFC 5545, 3.1), never inside a letter.
fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut width = 0_usize;
    for letter in line.chars() {
        let more = letter.len_utf8();
        if width.saturating_add(more) > 74 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(letter);
        width = width.saturating_add(more);
    }
    out.push_str("\r\n");
    out
}

fn calendar(book: &Book<'_>) -> String {
    let escape = |text: &str| {
        let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
        let one_line = text.replace(['\n', '\r'], " ");
        one_line.chars().filter(|c| !c.is_control()).collect::<String>()
    };
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Commonhold//Public page//EN".to_owned(),
        format!("X-WR-CALNAME:{}", escape(&book.service.name)),
    ];
    for event in events(book) {
        lines.push("BEGIN:VEVENT".to_owned());
        lines.push(format!("UID:{}-{}", event.what, event.id));
        lines.push(format!("DTSTAMP:{}", stamp(book.public.morning())));
        lines.push(format!("DTSTART{}", event.starts));
        lines.extend(event.ends.map(|ends| format!("DTEND{ends}")));
        lines.push(format!("SUMMARY:{}", escape(&event.title)));
        lines.push("END:VEVENT".to_owned());
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| fold(line)).collect()
}

/// The service in words of schema.org.
fn described(book: &Book<'_>) -> serde_json::Value {
    let service = &book.service;
    let mut value = json!({
        "@context": "https://schema.org",
        "@type": "Service",
        "name": service.name,
        "description": service.purpose,
        "serviceType": service.category,
        "url": service.homepage,
        "provider": { "@type": "Organization", "name": service.name },
        "potentialAction": book.channels.iter().filter_map(|(_, channel)| {
            Some(json!({ "@type": "DonateAction", "name": channel.name, "target": channel.url.as_ref()? }))
        }).collect::<Vec<_>>(),
    });
    if let serde_json::Value::Object(fields) = &mut value {
        fields.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
    }
    value
}
