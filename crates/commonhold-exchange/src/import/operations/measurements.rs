//! Measurements as a table of two columns: time and value (CSV, RFC 4180).

use super::{About, Draft, Drafted, Error, prometheus, when};
use commonhold_core::Time;

/// The name of the format.
pub const FORMAT: &str = "measurements-csv";
/// How the first column is called.
const TIMES: &[&str] = &["time", "timestamp", "date", "datetime", "at", "zeit", "datum"];

/// The names of the two columns, if the text is such a table.
pub(super) fn header(text: &str) -> Option<(String, u8)> {
    let first = text.trim_start_matches('\u{feff}').lines().find(|line| !line.trim().is_empty())?;
    [b',', b';', b'\t'].into_iter().find_map(|separator| {
        let mut cells = first.split(char::from(separator));
        let (time, value) = (cells.next()?, cells.next()?);
        let time = time.trim().trim_matches('"').to_lowercase();
        let value = value.trim().trim_matches('"').to_owned();
        (TIMES.contains(&&*time) && cells.next().is_none() && !value.is_empty())
            .then_some((value, separator))
    })
}

/// Reads a table. The metric is what the person says, else the name of the second column.
///
/// # Errors
/// When it is no such table, or nothing names what was measured.
pub fn read(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    let text = String::from_utf8_lossy(bytes);
    let (column, separator) = header(&text).ok_or(Error::OtherFile(
        "The file is no table of two columns, time and value, with a header; export it so.",
    ))?;
    let named = about.metric.clone().or_else(|| {
        (!column.eq_ignore_ascii_case("value")).then(|| column.replace([' ', '-', '.'], "_"))
    });
    let metric = named.filter(|name| prometheus::is_name(name)).ok_or_else(|| {
        Error::Unusable("Say what was measured, as a name such as users_weekly.".into())
    })?;
    let mut out = Drafted::new(FORMAT);
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut days = false;
    for row in rows.records() {
        let Ok(row) = row else {
            out.refuse("table", "A row cannot be read as CSV.");
            continue;
        };
        let place = format!("line {}", row.position().map_or(0, csv::Position::line));
        let (time, value) = (row.get(0).unwrap_or_default(), row.get(1).unwrap_or_default());
        let Some(at) = time_of(time, &mut days) else {
            out.refuse(
                place,
                format!("“{}” is no time such as 2026-07-31T09:30:00Z.", super::clip(time, 40)),
            );
            continue;
        };
        let Some(value) = prometheus::decimal(value) else {
            let shown = super::clip(value, 40);
            out.refuse(place, format!("“{shown}” is no decimal number with a point."));
            continue;
        };
        let source = about.source.as_deref().unwrap_or("csv");
        let mut draft =
            Draft::new("measurement", super::shortened(&format!("csv:{source}:{metric}:{at}")));
        draft.put("metric", metric.clone());
        draft.at("at", Some(at));
        draft.put("value", value);
        draft.put("source", source);
        out.push(draft);
    }
    if days {
        out.note("Days without a time are taken as their midnight (UTC).".into());
    }
    Ok(out)
}

/// RFC 3339, seconds since 1970, or a day.
fn time_of(text: &str, days: &mut bool) -> Option<Time> {
    let text = text.trim();
    if let Some(at) = when::moment(text) {
        return Some(at);
    }
    if let Ok(seconds) = text.parse::<i64>() {
        // Milliseconds are so long only from 1973 on.
        let seconds = if seconds > 99_999_999_999 { seconds.checked_div(1_000)? } else { seconds };
        return when::seconds(seconds).filter(|at| at.0 > 86_400_000);
    }
    let day = (text.len() == 10).then(|| when::day(text))??;
    *days = true;
    when::midnight(day)
}
