//! Texts in Markdown with YAML front matter: what others published about their incidents is kept as
//! it is; the own becomes the drafts of an incident and its review.
//!
//! The day in the front matter is the day of publication. When an incident began and ended, only a
//! person can say: such a draft has no times until somebody confirms them.

use super::json::{first, get, scalar};
use super::{About, Draft, Drafted, Error, clip, long, when, yaml};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The name of the format.
pub const FORMAT: &str = "markdown";
/// Longest front matter, in bytes.
const MAX_FRONT: usize = 64 * 1024;
/// Longest text that fits into a record; a longer one is kept as a file.
const MAX_TEXT: usize = 9_000;
/// Words that show that a text is about an incident.
const INCIDENT: &[&str] =
    &["postmortem", "post-mortem", "post mortem", "incident", "outage", "root cause", "downtime"];

/// The front matter and the text behind it; nothing where there is none.
fn parts(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let rest = text.strip_prefix("---")?;
    let rest = rest.strip_prefix('\n').or_else(|| rest.strip_prefix("\r\n"))?;
    let mut at = 0_usize;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            let front = rest.get(..at)?;
            return Some((front, rest.get(at.saturating_add(line.len())..)?));
        }
        at = at.saturating_add(line.len());
        if at > MAX_FRONT {
            return None;
        }
    }
    None
}

/// Whether the text begins with front matter.
pub(super) fn is(text: &str) -> bool {
    parts(text).is_some()
}

/// Reads such a text.
///
/// # Errors
/// When it is no text, has no front matter, or the front matter cannot be read.
pub fn read(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Error::OtherFile("The file is no text in UTF-8; save it as such."))?;
    let (front, body) = parts(text).ok_or(Error::OtherFile(
        "The file has no front matter (a part between two lines of --- at its beginning) that says \
         what it is; add one with a title.",
    ))?;
    if front.contains("{%") || body.trim_start().starts_with("<?xml") {
        return Err(Error::OtherFile(
            "The file is a template of a website, not a text; choose the text it is filled with.",
        ));
    }
    let front = yaml::parse(front)?;
    let mut out = Drafted::new(FORMAT);
    let heading = body.lines().find_map(|line| super::line(line.strip_prefix("# ")?));
    let Some(title) = first(&front, &["title", "linkTitle", "name"]).or(heading) else {
        out.refuse("front matter", "It names no title; add one, such as title: Manifesto.");
        return Ok(out);
    };
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if about.own && is_incident(&title, body) {
        own(&title, &front, body, &hash, &mut out);
    } else {
        others(&title, &front, body, &hash, about, &mut out);
    }
    Ok(out)
}

fn is_incident(title: &str, body: &str) -> bool {
    let title = title.to_lowercase();
    let heads = headings(body);
    let named = |heading: &str| INCIDENT.iter().any(|word| heading.contains(word));
    let sections = ["impact", "timeline", "root cause", "what happened", "lessons learned"];
    named(&title)
        || ["down", "expired"]
            .iter()
            .any(|word| title.split_whitespace().any(|w| w.trim_matches('?') == *word))
        || heads
            .iter()
            .filter(|(heading, _)| {
                let heading = heading.to_lowercase();
                named(&heading) || sections.iter().any(|section| heading.contains(section))
            })
            .count()
            > 1
}

/// Authors: a text, a list of texts, or a list with names.
fn authors(front: &Value) -> Option<String> {
    let found = get(front, "author").or_else(|| get(front, "authors"))?;
    let one = |value: &Value| scalar(value).or_else(|| first(value, &["name"]));
    match found {
        Value::Array(list) => {
            let names: Vec<String> = list.iter().take(20).filter_map(one).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        value => one(value),
    }
}

fn others(title: &str, front: &Value, body: &str, hash: &str, about: &About, out: &mut Drafted) {
    let Some(source) = about.source.clone().or_else(|| first(front, &["source", "service"])) else {
        out.refuse("file", "Say which service or organisation the text is from.");
        return;
    };
    let mut draft = Draft::new("commons", format!("commons:{hash}"));
    let said = first(front, &["type"]).map(|kind| kind.to_lowercase());
    let kind = ["runbook", "process", "postmortem"]
        .into_iter()
        .find(|kind| said.as_deref() == Some(*kind));
    draft.put("title", title);
    draft.put("type", kind.unwrap_or(if is_incident(title, body) { "postmortem" } else { "text" }));
    draft.put("source", source);
    draft.put("author", authors(front));
    let address =
        ["url", "canonical_url", "link"].iter().find_map(|path| super::json::address(front, path));
    draft.put("url", address);
    draft.put(
        "date",
        first(front, &["date"]).and_then(|date| when::day(&date)).map(|day| day.to_string()),
    );
    draft.put("sha256", hash);
    draft.put("licence", first(front, &["licence", "license"]));
    match long(body).filter(|text| text.len() <= MAX_TEXT) {
        Some(text) => draft.put("text", text),
        None => out.note("The text is too long for a record; keep the file beside it.".into()),
    }
    if first(front, &["licence", "license"]).is_none() {
        out.note("The file names no licence; say which one it is under before it is shown.".into());
    }
    out.push(draft);
}

fn own(title: &str, front: &Value, body: &str, hash: &str, out: &mut Drafted) {
    let origin = format!("postmortem:{hash}");
    let section = |names: &[&str]| {
        let found = headings(body).into_iter().find(|(heading, _)| {
            let heading = heading.to_lowercase();
            names.iter().any(|name| heading.contains(name))
        });
        found.and_then(|(_, text)| long(&text))
    };
    let mut incident = Draft::new("incident", origin.clone());
    incident.put("title", title);
    incident.put("severity", "sev3");
    incident.put("components", Vec::<String>::new());
    let told = section(&["impact", "affected"]).or_else(|| first(front, &["description"]));
    incident.put("impact", told.unwrap_or_default());
    incident.put("visibility", "public");
    out.push(incident);
    let mut review = Draft::new("review", format!("{origin}:review"));
    review.refer("incident", &origin);
    let short = |text: Option<String>| text.map(|text| clip(&text, MAX_TEXT));
    review.put("trigger", short(section(&["trigger"])));
    let causes = section(&["contributing", "root cause", "causes", "why"]).unwrap_or_default();
    review.put("contributing_factors", items(&causes));
    review.put("summary", long(body).unwrap_or_default());
    review.put("went_well", short(section(&["went well", "worked well"])));
    review.put("went_poorly", short(section(&["went poorly", "went wrong", "went badly"])));
    review.put("lucky", short(section(&["lucky", "luck"])));
    review.put(
        "published",
        first(front, &["date"]).and_then(|date| when::day(&date)).map(|day| day.to_string()),
    );
    out.push(review);
    out.note(
        "The text says when it was published, not when the incident began and ended, nor how \
         severe it was: a person has to confirm these."
            .into(),
    );
}

/// The headings of a text, each with what stands below it, up to the next of its height.
fn headings(body: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut fenced = false;
    for line in body.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") {
            fenced = !fenced;
        }
        let title = trimmed.trim_start_matches('#');
        let heading = !fenced && trimmed.starts_with('#') && title.starts_with(' ');
        if heading && out.len() < 500 {
            out.push((super::tidy(title), String::new()));
        } else if let Some((_, text)) = out.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    out
}

/// The items of a list; a text without one is a single item.
fn items(text: &str) -> Vec<String> {
    let mark = |line: &str| {
        let line = line.trim_start();
        let plain = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark));
        plain.and_then(super::line)
    };
    let found: Vec<String> = text.lines().filter_map(mark).take(20).collect();
    if found.is_empty() { super::line(text).into_iter().collect() } else { found }
}
