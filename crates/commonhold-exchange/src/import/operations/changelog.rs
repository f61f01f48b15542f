//! Keep a Changelog 1.1.0: a Markdown file with versions, sections and lines; read and written.

use super::conventional::Change;
use super::{About, Draft, Drafted, Error, conventional, line};
use commonhold_core::Date;
use std::collections::HashMap;
use std::fmt::Write as _;

/// The name of the format.
pub const FORMAT: &str = "changelog";
/// The sections, in the order in which they are written.
pub const CATEGORIES: &[&str] = &["added", "changed", "deprecated", "removed", "fixed", "security"];
/// What stands before a line that breaks something.
const BREAKING: &str = "**Breaking:** ";
/// How the file begins.
const HEAD: &str = "# Changelog\n\nAll notable changes to this service are listed here. The format \
                    is [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).\n";

/// One line of a changelog.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// One of [`CATEGORIES`].
    pub category: String,
    /// What changed, on one line.
    pub text: String,
    /// Whether it breaks something others rely on.
    pub breaking: bool,
}

/// One version with its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its name; nothing for what is not released yet.
    pub name: Option<String>,
    /// When it was released.
    pub date: Option<Date>,
    /// Whether it was taken back (`[YANKED]`).
    pub yanked: bool,
    /// Its lines, in the order of the file.
    pub entries: Vec<Entry>,
}

/// Writes a changelog: versions in the order given, sections in the standard's order.
pub fn write(versions: &[Version]) -> String {
    let mut out = HEAD.to_owned();
    for version in versions {
        let name = version.name.as_deref().unwrap_or("Unreleased");
        let _ = write!(out, "\n## [{name}]");
        if let Some(date) = version.date {
            let _ = write!(out, " - {date}");
        }
        if version.yanked {
            out.push_str(" [YANKED]");
        }
        out.push('\n');
        for category in CATEGORIES {
            let of = || version.entries.iter().filter(|entry| entry.category == *category);
            if of().next().is_none() {
                continue;
            }
            let (first, rest) = category.split_at_checked(1).unwrap_or((category, ""));
            let _ = write!(out, "\n### {}{rest}\n\n", first.to_uppercase());
            for entry in of() {
                let mark = if entry.breaking { BREAKING } else { "" };
                let _ = writeln!(out, "- {mark}{}", super::tidy(&entry.text));
            }
        }
    }
    out
}

/// Whether the text is such a file: a heading that says so, or versions with their sections.
pub(super) fn is(text: &str) -> bool {
    let mut headings = text.lines().take(400).filter(|line| line.starts_with('#'));
    let title = headings.next().unwrap_or_default().to_lowercase().replace([' ', '-'], "");
    let named = title.starts_with("#") && title.contains("changelog");
    let versions = text.lines().take(400).any(|line| line.starts_with("## ["));
    let sections =
        text.lines().take(400).any(|line| line.starts_with("### ") && category(line).is_some());
    named || (versions && sections)
}

/// The versions of a file, and what is not understood, with its line from 1.
pub fn parse(text: &str) -> (Vec<Version>, Vec<(usize, String)>) {
    let mut versions: Vec<Version> = Vec::new();
    let mut wrong = Vec::new();
    let mut section: Option<&'static str> = None;
    let mut inside = false;
    for (number, raw) in (1_usize..).zip(text.lines()) {
        let trimmed = raw.trim();
        if let Some(heading) = trimmed.strip_prefix("## ") {
            versions.push(version(heading));
            (section, inside) = (None, false);
        } else if trimmed.starts_with("### ") {
            section = category(trimmed);
            inside = false;
            if section.is_none() {
                wrong.push((
                    number,
                    format!("“{}” is no section of a changelog.", super::clip(trimmed, 80)),
                ));
            }
        } else if let Some(item) = item(raw) {
            inside = false;
            let (Some(version), Some(section)) = (versions.last_mut(), section) else {
                if !versions.is_empty() {
                    wrong.push((number, "The line stands under no known section.".to_owned()));
                }
                continue;
            };
            let (text, breaking) = match item.strip_prefix(BREAKING.trim_end()) {
                Some(rest) => (rest.trim(), true),
                None => (item, false),
            };
            if let Some(text) = line(text) {
                version.entries.push(Entry { category: section.to_owned(), text, breaking });
                inside = true;
            }
        } else if inside && !trimmed.is_empty() && raw.starts_with([' ', '\t']) {
            // A line that goes on, or a list below it.
            let entry = versions.last_mut().and_then(|version| version.entries.last_mut());
            if let Some(entry) = entry.filter(|entry| entry.text.len() < super::MAX_LINE) {
                entry.text = line(&format!("{} {trimmed}", entry.text)).unwrap_or_default();
            }
        } else if trimmed.is_empty() || trimmed.starts_with('[') {
            inside = inside && trimmed.is_empty();
        } else {
            inside = false;
        }
    }
    (versions, wrong)
}

/// The text of an item of a list that is not indented.
fn item(raw: &str) -> Option<&str> {
    ["- ", "* ", "+ "].iter().find_map(|mark| raw.strip_prefix(mark)).map(str::trim)
}

fn category(heading: &str) -> Option<&'static str> {
    let name = heading.trim_start_matches('#').trim().trim_end_matches(':').to_lowercase();
    CATEGORIES.iter().find(|category| **category == name).copied()
}

/// `[1.2.0] - 2026-07-31 [YANKED]`, also without brackets, with a link, or in round brackets.
fn version(heading: &str) -> Version {
    let yanked = heading.contains("[YANKED]");
    let heading = heading.replace("[YANKED]", "");
    let date = heading.split_whitespace().rev().find_map(|word| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        (word.len() == 10).then(|| word.parse::<Date>().ok())?
    });
    let name = match heading.trim().strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => heading.split_whitespace().next().unwrap_or_default(),
    };
    let name = line(name).filter(|name| !name.eq_ignore_ascii_case("unreleased"));
    Version { name, date, yanked, entries: Vec::new() }
}

/// The lines of a release's text: its sections, else the items of its list.
pub(super) fn sections(text: &str) -> Vec<Change> {
    let (versions, _) = parse(&format!("## [x]\n{}", text.replace("\n## Added", "\n### Added")));
    let mut out: Vec<Change> = Vec::new();
    for entry in versions.into_iter().flat_map(|version| version.entries) {
        let known = CATEGORIES.iter().find(|known| **known == entry.category);
        let category = known.copied().unwrap_or("changed");
        out.push(Change { category, text: entry.text, breaking: entry.breaking });
    }
    if out.is_empty() {
        let items = text.lines().filter_map(|raw| line(item(raw)?));
        out.extend(items.map(|text| {
            let plain = Change { category: "changed", text: text.clone(), breaking: false };
            conventional::read(&text).unwrap_or(plain)
        }));
    }
    out
}

/// Reads a changelog.
///
/// # Errors
/// When the file is no text or no changelog.
pub fn read(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Error::OtherFile("The file is no text in UTF-8; save it as such."))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !is(text) {
        return Err(Error::OtherFile(
            "The file is no changelog: it has no heading that says so and no versions; choose \
             another format.",
        ));
    }
    let mut out = Drafted::new(FORMAT);
    let (versions, wrong) = parse(text);
    for (number, reason) in wrong {
        out.refuse(format!("line {number}"), reason);
    }
    let source = about.source.as_deref().unwrap_or("file");
    for version in versions {
        entries(version, source, about, &mut out);
    }
    if out.drafts.is_empty() && out.refused.is_empty() {
        out.refuse("file", "The changelog has no lines under a version yet.");
    }
    Ok(out)
}

fn entries(version: Version, source: &str, about: &About, out: &mut Drafted) {
    let name = version.name.clone();
    let shown = name.clone().unwrap_or_else(|| "Unreleased".to_owned());
    let date = version.date.or_else(|| about.fetched.map(|at| at.date()));
    if version.yanked {
        out.note(format!("Version {shown} was taken back by its authors (YANKED)."));
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for entry in version.entries {
        let Some(date) = date else {
            out.refuse(
                format!("version {shown}"),
                "The version has no day; write one behind it, such as “- 2026-07-31”.",
            );
            return;
        };
        // The text makes the line known again; the same text twice is two lines.
        let key = format!("{}:{}", entry.category, entry.text);
        let count = seen.entry(key).or_insert(0);
        *count = count.saturating_add(1);
        let digest = super::short_hash(&format!("{}\n{}\n{count}", entry.category, entry.text));
        let mut draft = Draft::new("change", format!("changelog:{source}:{shown}:{digest}"));
        draft.put("category", entry.category);
        draft.put("text", entry.text);
        draft.put("version", name.clone());
        draft.put("date", date.to_string());
        draft.put("breaking", entry.breaking);
        out.push(draft);
    }
}
