//! Measurements of Prometheus: its text format 0.0.4, OpenMetrics 1.0, and the answers of its HTTP
//! API (`query`, `query_range`).
//!
//! Numbers stay exact decimals; what is none (`NaN`, `+Inf`) or longer than 18 digits is listed.

use super::json::{get, list, text};
use super::{About, Draft, Drafted, Error, json, when};
use commonhold_core::Time;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The name of the text formats; which of the two it is, the file's end says (`# EOF`).
pub const TEXT: &str = "prometheus-text";
/// The name of the answers of the HTTP API.
pub const API: &str = "prometheus-api";
/// Most labels of a sample, and longest line.
const MAX_LABELS: usize = 50;
const MAX_LINE: usize = 64 * 1024;

/// Whether the text has lines as Prometheus writes them.
pub(super) fn is(text: &str) -> bool {
    let typed = text.lines().take(200).any(|line| line.starts_with("# TYPE "));
    typed || text.trim_end().ends_with("\n# EOF")
}

/// Whether the JSON is an answer of the HTTP API.
pub(super) fn is_api(body: &Value) -> bool {
    get(body, "status").is_some()
        && (get(body, "data.resultType").is_some() || get(body, "errorType").is_some())
}

/// A sample: name, labels and what stands behind them.
struct Sample {
    metric: String,
    labels: BTreeMap<String, String>,
    value: String,
    at: Option<String>,
}

/// Reads a text file.
///
/// # Errors
/// When it is no such file.
pub fn read_text(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Error::OtherFile("The file is no text in UTF-8; fetch it again."))?;
    if !is(text) {
        return Err(Error::OtherFile(
            "The file has no line # TYPE as Prometheus writes it; choose another format.",
        ));
    }
    let mut out = Drafted::new(TEXT);
    let open = text.trim_end().ends_with("# EOF");
    let mut units: BTreeMap<String, String> = BTreeMap::new();
    let mut counters: BTreeSet<String> = BTreeSet::new();
    for (number, line) in (1_usize..).zip(text.lines()) {
        let place = || format!("line {number}");
        if line.trim().is_empty() || line == "# EOF" {
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            let mut words = comment.split_whitespace();
            match (words.next(), words.next(), words.next()) {
                (Some("TYPE"), Some(name), Some("counter")) => {
                    // In OpenMetrics the type is of `x`, its samples are called `x_total`.
                    let of = if open { format!("{name}_total") } else { name.to_owned() };
                    counters.insert(of);
                }
                (Some("UNIT"), Some(name), Some(unit)) => {
                    units.insert(name.to_owned(), unit.to_owned());
                }
                _ => {}
            }
            continue;
        }
        match sample(line) {
            None => out.refuse(place(), "It is no sample: a name, labels in braces and a number."),
            Some(found) => {
                let base = found.metric.trim_end_matches("_total").to_owned();
                let unit = units.get(&found.metric).or_else(|| units.get(&base)).cloned();
                let at = match &found.at {
                    Some(at) => time(at, open),
                    None => about.fetched,
                };
                push(&found, at, unit, &place(), &mut out);
            }
        }
    }
    if !open && counters.iter().any(|name| !name.ends_with("_total")) {
        out.note(
            "Some counters have no name with _total: the file may be OpenMetrics whose end \
             (# EOF) is missing."
                .into(),
        );
    }
    if !counters.is_empty() {
        out.note(format!(
            "{} metrics are counters: they count from when a program started, so only the \
             difference of two values says what happened between.",
            counters.len()
        ));
    }
    Ok(out)
}

/// A timestamp: milliseconds in 0.0.4, seconds with a fraction in OpenMetrics.
fn time(text: &str, open: bool) -> Option<Time> {
    let whole: i64 = text.split('.').next()?.parse().ok()?;
    when::seconds(if open { whole } else { whole.checked_div(1_000)? })
}

fn push(found: &Sample, at: Option<Time>, unit: Option<String>, place: &str, out: &mut Drafted) {
    let Some(at) = at else {
        out.refuse(place, "The sample has no time; say when the file was fetched.");
        return;
    };
    let Some(value) = decimal(&found.value) else {
        let shown = super::clip(&found.value, 40);
        out.refuse(place, format!("“{shown}” is no decimal number of at most 18 digits."));
        return;
    };
    let labels: Vec<String> =
        found.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let key = format!("prometheus:{}{{{}}}:{at}", found.metric, labels.join(","));
    let mut draft = Draft::new("measurement", super::shortened(&key));
    draft.put("metric", found.metric.clone());
    draft.put("labels", labels);
    draft.at("at", Some(at));
    draft.put("value", value);
    draft.put("unit", unit);
    draft.put("source", "prometheus");
    out.push(draft);
}

/// `name{label="value",…} value [time] [# exemplar]`.
fn sample(line: &str) -> Option<Sample> {
    if line.len() > MAX_LINE {
        return None;
    }
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))?;
    let (name, mut rest) = line.split_at_checked(end)?;
    let mut found = BTreeMap::new();
    if let Some(inside) = rest.trim_start().strip_prefix('{') {
        rest = labels(inside, &mut found)?;
    }
    let rest = rest.split(" # ").next()?;
    let mut words = rest.split_whitespace();
    let (value, at) = (words.next()?.to_owned(), words.next().map(str::to_owned));
    let sound = is_name(name) && words.next().is_none();
    sound.then(|| Sample { metric: name.to_owned(), labels: found, value, at })
}

/// The name of a metric, as records take it.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 200
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == ':')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
}

/// Reads labels up to the closing brace; hands back what follows it.
fn labels<'a>(mut rest: &'a str, found: &mut BTreeMap<String, String>) -> Option<&'a str> {
    loop {
        rest = rest.trim_start_matches([' ', ',']);
        if let Some(after) = rest.strip_prefix('}') {
            return Some(after);
        }
        let (name, after) = rest.split_once('=')?;
        let quoted = after.trim_start().strip_prefix('"')?;
        let mut value = String::new();
        let mut escaped = false;
        let mut end = None;
        for (at, character) in quoted.char_indices() {
            match (escaped, character) {
                (true, 'n') => value.push(' '),
                (true, other) => value.push(other),
                (false, '\\') => {}
                (false, '"') => {
                    end = Some(at);
                    break;
                }
                (false, other) => value.push(other),
            }
            escaped = !escaped && character == '\\';
        }
        rest = quoted.get(end?.saturating_add(1)..)?;
        let name = name.trim();
        let sound = is_name(name) && !name.contains(':') && found.len() < MAX_LABELS;
        if !sound || found.insert(name.to_owned(), super::tidy(&value)).is_some() {
            return None;
        }
    }
}

/// A number as an exact decimal: `1.5e3` is `1500`. Nothing for what is no number, or is longer
/// than 18 digits.
pub(super) fn decimal(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('+');
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.trim_start_matches('+').parse::<i32>().ok()?)
        }
        None => (text, 0),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all: String = format!("{whole}{part}");
    if all.is_empty()
        || !all.bytes().all(|b| b.is_ascii_digit())
        || all.len() > 40
        || exponent.abs() > 40
    {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let (whole, part) = match usize::try_from(point) {
        Ok(point) if point >= all.len() => {
            (format!("{all}{}", "0".repeat(point.saturating_sub(all.len()))), String::new())
        }
        Ok(point) => {
            let (whole, part) = all.split_at_checked(point)?;
            (whole.to_owned(), part.to_owned())
        }
        Err(_) => {
            let zeros = usize::try_from(point.checked_neg()?).ok()?;
            (String::new(), format!("{}{all}", "0".repeat(zeros)))
        }
    };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let part = part.trim_end_matches('0');
    let out =
        if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") };
    super::is_decimal(&out).then(|| if out == "-0" { "0".to_owned() } else { out })
}

/// Reads an answer of the HTTP API.
///
/// # Errors
/// When it is none, or one that says that the question failed.
pub fn read_api(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    let body = json::parse(bytes)?;
    if !is_api(&body) {
        return Err(Error::OtherFile(
            "The file is JSON, but no answer of Prometheus (status and data); choose another \
             format.",
        ));
    }
    if text(&body, "status").as_deref() != Some("success") {
        let said = text(&body, "error").unwrap_or_default();
        return Err(Error::Unusable(format!(
            "Prometheus did not answer the question ({}); ask again and save the answer.",
            super::clip(&said, 200)
        )));
    }
    let mut out = Drafted::new(API);
    let kind = text(&body, "data.resultType").unwrap_or_default();
    match kind.as_str() {
        "vector" | "matrix" => {
            for (number, one) in (1_usize..).zip(list(&body, "data.result")) {
                series(one, &format!("series {number}"), about, &mut out);
            }
        }
        "scalar" => match (get(&body, "data.result"), &about.metric) {
            (Some(pair), Some(metric)) => {
                pair_of(pair, metric, &BTreeMap::new(), "scalar", &mut out)
            }
            _ => out.refuse("scalar", "The number has no name; say what was measured."),
        },
        _ => out.refuse("data", format!("A result of the type “{kind}” is no measurement.")),
    }
    Ok(out)
}

fn series(one: &Value, place: &str, about: &About, out: &mut Drafted) {
    let fields = get(one, "metric").and_then(Value::as_object);
    let mut metric = about.metric.clone();
    let mut found = BTreeMap::new();
    for (name, value) in fields.into_iter().flatten().take(MAX_LABELS) {
        let value = value.as_str().unwrap_or_default();
        if name == "__name__" {
            metric = Some(value.to_owned());
        } else if is_name(name) && !name.contains(':') {
            found.insert(name.clone(), super::tidy(value));
        }
    }
    let Some(metric) = metric.filter(|name| is_name(name)) else {
        out.refuse(place, "The series has no name; say what was measured.");
        return;
    };
    if get(one, "histogram").is_some() || get(one, "histograms").is_some() {
        out.refuse(place, "Native histograms are not read.");
    }
    if let Some(pair) = get(one, "value") {
        pair_of(pair, &metric, &found, place, out);
    }
    for pair in list(one, "values") {
        pair_of(pair, &metric, &found, place, out);
    }
}

/// `[1435781451.781, "1"]`: the time in seconds and the value.
fn pair_of(
    pair: &Value,
    metric: &str,
    found: &BTreeMap<String, String>,
    place: &str,
    out: &mut Drafted,
) {
    let parts = pair.as_array().map_or(&[][..], Vec::as_slice);
    let [at, value] = parts else {
        out.refuse(place, "A value has no time or no number.");
        return;
    };
    let at = at.as_i64().or_else(|| at.to_string().split('.').next()?.parse().ok());
    let sample = Sample {
        metric: metric.to_owned(),
        labels: found.clone(),
        value: value.as_str().unwrap_or_default().to_owned(),
        at: None,
    };
    match at.and_then(when::seconds) {
        Some(at) => push(&sample, Some(at), None, place, out),
        None => out.refuse(place, "The time of a value cannot be read."),
    }
}
