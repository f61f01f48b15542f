//! What needs somebody, as alerts: the same facts the window lists, as sentences for programs that
//! look after the service and for mail.

mod sentences;

use super::needs::{NeedsItem, needs_you};
use crate::app::App;
use crate::failure::Failure;
use commonhold_core::BookId;
use sentences::SENTENCES;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::str::FromStr;

/// How pressing an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Something waits for somebody, and nothing is wrong.
    Notice,
    /// Something should have been done.
    Warning,
    /// Something is wrong now: users feel it, or money may be lost.
    Critical,
}

impl Level {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Notice, Self::Warning, Self::Critical];
        all.into_iter()
            .find(|level| level.name() == text)
            .ok_or_else(|| format!("“{text}” is no level; there are notice, warning and critical."))
    }
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Its own name, the same each time while it lasts.
    pub id: String,
    /// Which thing.
    pub what: String,
    /// How pressing it is.
    pub level: Level,
    /// What it is, in one sentence. Secrets, and incidents that are kept back, are not named.
    pub text: String,
    /// Since when, where that is known.
    pub since: Option<String>,
}

/// Everything that needs somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Alerts {
    /// The most pressing first.
    pub alerts: Vec<Alert>,
    /// Why something is left out, where it is: what only the person at this device can do is not
    /// known while another program holds the profile.
    pub incomplete: Option<String>,
}

/// Lists what needs somebody from a level on. Works offline, and while another program writes.
pub fn alerts(app: &mut App, book: &BookId, from: Level) -> Result<Alerts, Failure> {
    let found = needs_you(app, book)?.items.into_iter().map(alert);
    let mut alerts: Vec<Alert> = found.filter(|alert| alert.level >= from).collect();
    alerts.sort_by_key(|alert| std::cmp::Reverse(alert.level));
    Ok(Alerts { alerts, incomplete: app.read_only().map(str::to_owned) })
}

fn alert(item: NeedsItem) -> Alert {
    let known = SENTENCES.iter().find(|known| known.what == item.what);
    let one = item.args.get("n") == Some(&Value::from(1));
    let text = match known {
        Some(known) => filled(if one { known.one } else { known.other }, &item),
        None => item.what.clone(),
    };
    let level = known.map_or(Level::Warning, |known| known.level);
    Alert { id: item.id, what: item.what, level, text, since: item.since }
}

/// A sentence with its names and numbers, on one line.
fn filled(sentence: &str, item: &NeedsItem) -> String {
    let mut parts = sentence.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        match item.args.get(name) {
            Some(Value::String(value)) => text.push_str(value),
            Some(value) => text.push_str(&value.to_string()),
            None => text.push('?'),
        }
        text.push_str(rest);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
