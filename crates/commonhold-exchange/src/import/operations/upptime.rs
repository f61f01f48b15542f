//! Upptime: `history/summary.json` and the files `history/<slug>.yml`.
//!
//! A summary says for some days how many minutes a site was down, not when: that is a measurement.
//! Only a day of 1,440 such minutes is a state over its whole time. Days it does not name stay
//! unknown: nothing says that anybody looked.

use super::json::{get, text};
use super::{About, Draft, Drafted, Error, json, when, yaml};
use commonhold_core::{Date, Time};
use serde_json::Value;

/// The name of the format.
pub const FORMAT: &str = "upptime";
/// Minutes of a day.
const DAY: u64 = 1_440;

/// Whether the JSON is a summary.
pub(super) fn is(body: &Value) -> bool {
    let site = |one: &Value| get(one, "slug").is_some() && get(one, "uptime").is_some();
    body.as_array().is_some_and(|sites| !sites.is_empty() && sites.iter().all(site))
}

/// Whether the text is a file of one site.
pub(super) fn is_site(text: &str) -> bool {
    let has = |name: &str| text.lines().take(40).any(|line| line.starts_with(name));
    has("url:") && has("status:") && (has("responseTime:") || has("lastUpdated:"))
}

/// Reads a summary or the file of a site.
///
/// # Errors
/// When it is neither.
pub fn read(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    let mut out = Drafted::new(FORMAT);
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if is_site(text) {
        site(&yaml::parse(text)?, about, &mut out);
        return Ok(out);
    }
    let body = json::parse(bytes)?;
    if !is(&body) {
        return Err(Error::OtherFile(
            "The file is no summary of Upptime (a list of sites with slug and uptime) and no file \
             of one site; choose another format.",
        ));
    }
    for (number, one) in (1_usize..).zip(body.as_array().map_or(&[][..], Vec::as_slice)) {
        summary(one, &format!("site {number}"), about, &mut out);
    }
    Ok(out)
}

fn summary(one: &Value, place: &str, about: &About, out: &mut Drafted) {
    let Some(slug) = text(one, "slug") else {
        out.refuse(place, "The site has no slug.");
        return;
    };
    let name = text(one, "name").unwrap_or_else(|| slug.clone());
    let days = get(one, "dailyMinutesDown").and_then(Value::as_object);
    for (key, minutes) in days.into_iter().flatten() {
        let day: Option<Date> = key.parse().ok();
        let (Some(day), Some(minutes)) = (day, minutes.as_u64().filter(|m| *m <= DAY)) else {
            out.refuse(format!("{place}, {key}"), "It is no day with 0 to 1,440 minutes.");
            continue;
        };
        down(&slug, &name, day, minutes, out);
    }
    match about.fetched {
        Some(at) => {
            for (field, metric, unit) in
                [("time", "response_time_ms", "ms"), ("uptime", "uptime_percent", "%")]
            {
                let value = text(one, field).map(|value| value.trim_end_matches('%').to_owned());
                if let Some(value) = value.filter(|value| super::is_decimal(value)) {
                    measured(metric, &slug, at, &value, unit, out);
                }
            }
        }
        None => out.note(
            "The summary does not say when it was made; say when it was fetched to record \
             response times and shares of uptime."
                .into(),
        ),
    }
}

/// What is known of a day with minutes down.
fn down(slug: &str, name: &str, day: Date, minutes: u64, out: &mut Drafted) {
    let Some(start) = when::midnight(day) else { return };
    measured("minutes_down", slug, start, &minutes.to_string(), "min", out);
    if minutes == DAY {
        let mut draft = Draft::new("availability", format!("upptime:{slug}:{day}:down"));
        draft.put("component", name);
        draft.at("from", Some(start));
        draft.at("until", Some(start.plus_hours(24)));
        draft.put("state", "down");
        draft.put("source", "upptime");
        out.push(draft);
    }
}

fn measured(metric: &str, slug: &str, at: Time, value: &str, unit: &str, out: &mut Drafted) {
    let mut draft = Draft::new("measurement", format!("upptime:{slug}:{metric}:{at}"));
    draft.put("metric", metric);
    draft.put("labels", vec![format!("site={slug}")]);
    draft.at("at", Some(at));
    draft.put("value", value);
    draft.put("unit", unit);
    draft.put("source", "upptime");
    out.push(draft);
}

/// The file of one site holds its last look.
fn site(body: &Value, about: &About, out: &mut Drafted) {
    let address = text(body, "url").unwrap_or_default();
    let slug = about.source.clone().or_else(|| {
        let (_, rest) = address.split_once("://")?;
        rest.split('/').next().map(str::to_owned)
    });
    let at = text(body, "lastUpdated").and_then(|text| when::moment(&text));
    let (Some(slug), Some(at)) = (slug.filter(|slug| !slug.is_empty()), at) else {
        out.refuse("site", "The file does not say its address or when it was last looked at.");
        return;
    };
    match text(body, "responseTime").filter(|value| super::is_decimal(value)) {
        Some(value) => measured("response_time_ms", &slug, at, &value, "ms", out),
        None => out.refuse("site", "The file holds no response time."),
    }
    let state = text(body, "status").unwrap_or_default();
    out.note(format!(
        "The site was “{state}” at {at}; one look says nothing about the time before and after, \
         so no state is recorded."
    ));
}
