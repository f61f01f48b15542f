//! A measurement: one number about the service at one moment.

use crate::date::Time;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Most labels of one measurement.
const MAX_LABELS: usize = 50;

/// Whether a text is a metric's name (Prometheus data model: `[a-zA-Z_:][a-zA-Z0-9_:]*`).
pub fn is_metric(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ':';
    name.chars().next().is_some_and(letter)
        && name.len() <= 200
        && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// Whether a text is an exact decimal number: an optional minus, digits, an optional point and
/// digits; 18 digits at most.
pub fn is_decimal(text: &str) -> bool {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let sound = match plain.split_once('.') {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(plain),
    };
    sound && plain.chars().filter(char::is_ascii_digit).count() <= 18
}

/// Whether labels read `name=value`, each name once, sorted by name.
fn sound_labels(labels: &[String]) -> bool {
    let names: Vec<&str> =
        labels.iter().filter_map(|label| Some(label.split_once('=')?.0)).collect();
    let sorted = names.iter().zip(names.iter().skip(1)).all(|(one, next)| one < next);
    let named = |name: &&str| is_metric(name) && !name.contains(':');
    labels.len() <= MAX_LABELS && names.len() == labels.len() && sorted && names.iter().all(named)
}

/// One sample of a metric, as OpenMetrics names them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Measurement {
    /// The name of the metric, such as users_weekly.
    pub metric: String,
    /// Its labels, name=value each, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// When it was measured (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Time>,
    /// The number, an exact decimal.
    pub value: String,
    /// Its unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What measured it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it was imported from, with its id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Record for Measurement {
    const KIND: Kind = Kind::Measurement;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("metric", T::Text, "The name of the metric, such as users_weekly."),
        column("labels", T::List, "Its labels, name=value each, sorted."),
        column("at", T::Moment, "When it was measured (UTC)."),
        column("value", T::Text, "The number, an exact decimal."),
        column("unit", T::Text, "Its unit."),
        column("source", T::Text, "What measured it."),
        column("origin", T::Text, "Where it was imported from, with its id there."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "metric", &self.metric, "The name of the metric");
        require_some(problems, "at", self.at.is_some(), "When it was measured");
        require(problems, "value", &self.value, "The number");
        if !self.metric.is_empty() && !is_metric(&self.metric) {
            let message = "A metric is named with letters, digits, _ and :, such as users_weekly.";
            problems.push(Problem::new("metric", message));
        }
        if !self.value.is_empty() && !is_decimal(&self.value) {
            let message =
                "The number is a plain decimal such as 1204 or -3.75, of 18 digits at most.";
            problems.push(Problem::new("value", message));
        }
        if !sound_labels(&self.labels) {
            let message = "Labels read name=value, each name once, in the order of the alphabet.";
            problems.push(Problem::new("labels", message));
        }
    }

    fn home(&self) -> Home {
        self.at.map_or(Home::Charter, |moment| Home::Operations(moment.date()))
    }

    fn title(&self) -> String {
        let labels = self.labels.join(",");
        let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
        format!("{}{labels} {}", self.metric, self.value)
    }

    fn words(&self) -> String {
        format!("{} {}", self.metric, self.labels.join(" "))
    }

    fn purpose(&self) -> Option<String> {
        self.origin.clone()
    }
}
