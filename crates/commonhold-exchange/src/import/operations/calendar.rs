//! iCalendar 2.0 (RFC 5545): meetings become the drafts of sessions.
//!
//! Times are turned into UTC by the rules of the time zone's name (IANA); names that only end in
//! one, such as `/ics.py/2020.1/Europe/Berlin`, are understood. What comes again is written out, up
//! to a bound.

mod lines;
mod repeat;
mod zone;

use super::{About, Draft, Drafted, Error, long, when};
use commonhold_core::Time;
use jiff::civil::DateTime;
use lines::{Component, Property};
use std::collections::{BTreeMap, BTreeSet};
use zone::Zone;

/// The name of the format.
pub const FORMAT: &str = "icalendar";
/// Longest notes of a session, in bytes.
const MAX_NOTES: usize = 9_000;
/// How far dates that come again are written out where nobody says how far: two years.
const AHEAD: i64 = 2 * 366 * 24 * 3_600;

/// Whether the text is a calendar.
pub(super) fn is(text: &str) -> bool {
    let head = text.trim_start_matches('\u{feff}').trim_start();
    head.get(..15).is_some_and(|head| head.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

/// Reads a calendar.
///
/// # Errors
/// When it is none, or its parts do not close.
pub fn read(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    let text = String::from_utf8_lossy(bytes);
    if !is(&text) {
        return Err(Error::OtherFile(
            "The file is no calendar (it does not begin with BEGIN:VCALENDAR); choose another \
             format.",
        ));
    }
    let components = lines::parse(&text)?;
    let mut reader = Reader {
        zones: zone::Zones::of(&components),
        about,
        seen: BTreeSet::new(),
        steps: repeat::STEPS,
        out: Drafted::new(FORMAT),
    };
    let mut moved: BTreeMap<&str, BTreeSet<Time>> = BTreeMap::new();
    let events: Vec<&Component> = components.iter().filter(|part| part.name == "VEVENT").collect();
    // A date that was moved stands in an event of its own, with the time it had before.
    for event in &events {
        let was = event.get("RECURRENCE-ID").and_then(|one| moment(one, &reader.zones).ok());
        if let Some(was) = was {
            moved.entry(event.value("UID").unwrap_or_default()).or_default().insert(was.utc);
        }
    }
    for event in events {
        let skip = moved.get(event.value("UID").unwrap_or_default());
        let skip = skip.filter(|_| event.get("RECURRENCE-ID").is_none());
        if let Err(reason) = reader.session(event, skip) {
            reader.out.refuse(format!("line {}", event.line), reason);
        }
    }
    let mut out = reader.out;
    for name in ["VTODO", "VJOURNAL", "VFREEBUSY"] {
        let count = components.iter().filter(|part| part.name == name).count();
        if count > 0 {
            out.note(format!("{count} entries {name} are no meetings and are left out."));
        }
    }
    if out.drafts.is_empty() && out.refused.is_empty() {
        out.refuse("calendar", "The calendar holds no meeting (VEVENT).");
    }
    Ok(out)
}

/// What is gathered while a calendar is read.
struct Reader<'a> {
    zones: zone::Zones,
    about: &'a About,
    seen: BTreeSet<String>,
    /// How many steps all rules together may still take.
    steps: usize,
    out: Drafted,
}

/// A time of the file: as it is said there, and in UTC.
#[derive(Clone, Copy, Debug)]
struct Said {
    local: DateTime,
    utc: Time,
}

/// The time of a property, with its zone.
fn moment(property: &Property, zones: &zone::Zones) -> Result<Said, String> {
    let zone = zones.named(property.parameter("TZID"))?;
    said(property.value.split(',').next().unwrap_or_default(), &zone)
}

/// `20230123T150500`, with `Z` for UTC; a day alone is its midnight.
fn said(text: &str, zone: &Zone) -> Result<Said, String> {
    let shown = super::clip(&super::tidy(text), 40);
    let wrong = || format!("“{shown}” is no time of a calendar such as 20260731T093000Z.");
    let text = text.trim();
    let (plain, utc) = match text.strip_suffix(['Z', 'z']) {
        Some(plain) => (plain, true),
        None => (text, false),
    };
    let local = lines::date_time(plain).ok_or_else(wrong)?;
    let zone = if utc { &Zone::Utc } else { zone };
    let utc = zone.utc(local).ok_or_else(wrong)?;
    Ok(Said { local, utc })
}

impl Reader<'_> {
    /// Adds the sessions of an event, without the dates that stand elsewhere.
    fn session(&mut self, event: &Component, moved: Option<&BTreeSet<Time>>) -> Result<(), String> {
        if event.value("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")) {
            return Err("The meeting was cancelled.".into());
        }
        let starts = event.get("DTSTART").ok_or("The meeting has no beginning (DTSTART).")?;
        let title = event.text("SUMMARY").and_then(|text| super::line(&text));
        let title = title.ok_or("The meeting has no title (SUMMARY).")?;
        let first = moment(starts, &self.zones)?;
        let length = length(event, &self.zones, first)?;
        let mut hidden = moved.cloned().unwrap_or_default();
        hidden.extend(self.listed(event, "EXDATE")?.into_iter().map(|said| said.utc));
        let mut times = self.repeated(event, starts, first, &title)?;
        times.extend(self.listed(event, "RDATE")?);
        times.sort_by_key(|said| said.utc);
        times.dedup_by_key(|said| said.utc);
        let uid = event.value("UID").and_then(super::line);
        for said in times.into_iter().filter(|said| !hidden.contains(&said.utc)) {
            let known = uid.clone().unwrap_or_else(|| super::short_hash(&title));
            let key = super::shortened(&format!("ical:{known}:{}", said.utc));
            if self.seen.len() >= super::MAX_DRAFTS || !self.seen.insert(key.clone()) {
                continue;
            }
            let mut draft = Draft::new("session", key);
            draft.put("title", title.clone());
            draft.at("starts", Some(said.utc));
            draft.at("ends", length.map(|seconds| later(said.utc, seconds)));
            draft.put("held", false);
            draft.put("notes", notes(event));
            draft.put("uid", uid.clone());
            self.out.push(draft);
        }
        Ok(())
    }

    /// The times a rule gives; without one, the first.
    fn repeated(
        &mut self,
        event: &Component,
        starts: &Property,
        first: Said,
        title: &str,
    ) -> Result<Vec<Said>, String> {
        let rules: Vec<&str> = event.all("RRULE").map(|rule| rule.value.as_str()).collect();
        if rules.len() > 1 {
            return Err("The meeting has several rules (RRULE); only one is read.".into());
        }
        let Some(rule) = rules.first().filter(|_| event.get("RECURRENCE-ID").is_none()) else {
            return Ok(vec![first]);
        };
        let zone = self.zones.named(starts.parameter("TZID"))?;
        let from = self.about.fetched.unwrap_or(first.utc).max(first.utc);
        let far = self.about.until.unwrap_or_else(|| later(from, AHEAD));
        let found = repeat::expand(rule, first, &zone, far, &mut self.steps)?;
        if found.cut {
            let shown = super::clip(title, 80);
            self.out.note(format!("“{shown}” comes again beyond what was written out."));
        }
        Ok(found.times)
    }

    /// The times of a property that lists them.
    fn listed(&self, event: &Component, name: &str) -> Result<Vec<Said>, String> {
        let mut out = Vec::new();
        for property in event.all(name) {
            let zone = self.zones.named(property.parameter("TZID"))?;
            for text in property.value.split(',').take(repeat::MOST) {
                out.push(said(text, &zone)?);
            }
        }
        Ok(out)
    }
}

/// A moment some seconds later.
fn later(at: Time, seconds: i64) -> Time {
    Time(at.0.saturating_add(seconds.saturating_mul(1_000)))
}

/// What is said about the meeting, and where it is.
fn notes(event: &Component) -> Option<String> {
    let parts = [
        event.text("DESCRIPTION"),
        event.text("LOCATION").map(|place| format!("Where: {place}")),
        event.value("URL").and_then(super::url),
    ];
    let text: Vec<String> = parts.into_iter().flatten().collect();
    long(&text.join("\n\n")).map(|text| super::clip(&text, MAX_NOTES))
}

/// How long it lasts, in seconds: from its end or its duration.
fn length(event: &Component, zones: &zone::Zones, first: Said) -> Result<Option<i64>, String> {
    if let Some(end) = event.get("DTEND") {
        let end = moment(end, zones)?;
        let seconds = end.utc.0.saturating_sub(first.utc.0).checked_div(1_000).unwrap_or(0);
        if seconds < 0 {
            return Err("The meeting ends before it begins.".into());
        }
        return Ok(Some(seconds));
    }
    match event.value("DURATION") {
        Some(text) => lines::duration(text)
            .map(Some)
            .ok_or_else(|| format!("“{}” is no duration such as PT50M.", super::clip(text, 40))),
        None => Ok(None),
    }
}

/// Whether a moment can be given at all; keeps the reader's bounds in one place.
fn in_range(seconds: i64) -> Option<Time> {
    when::seconds(seconds)
}
