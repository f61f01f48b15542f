//! Conventional Commits 1.0.0: what a commit's message says about the changelog.

use super::line;

/// A line of the changelog as a commit message gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// `added`, `changed`, `deprecated`, `removed`, `fixed` or `security` (Keep a Changelog).
    pub(super) category: &'static str,
    pub(super) text: String,
    pub(super) breaking: bool,
}

/// Types that say something to those who use the service, and where it belongs.
const TYPES: &[(&str, &str)] = &[
    ("feat", "added"),
    ("feature", "added"),
    ("add", "added"),
    ("fix", "fixed"),
    ("bugfix", "fixed"),
    ("hotfix", "fixed"),
    ("perf", "changed"),
    ("change", "changed"),
    ("deprecate", "deprecated"),
    ("remove", "removed"),
    ("revert", "changed"),
    ("security", "security"),
    ("sec", "security"),
];
/// Types that concern only those who build it; they count only when they break something.
const INNER: &[&str] = &[
    "build", "chore", "ci", "docs", "doc", "refactor", "style", "test", "tests", "wip", "release",
];

/// Reads a message.
///
/// # Errors
/// One sentence why it is no line of a changelog.
pub(super) fn read(message: &str) -> Result<Change, String> {
    let head = message.lines().next().unwrap_or_default().trim();
    let shown = super::clip(&super::tidy(head), 80);
    let untyped = || {
        format!("“{shown}” has no type (such as feat: or fix:), so it is no line of a changelog.")
    };
    let (front, text) = head.split_once(": ").ok_or_else(untyped)?;
    let (front, marked) = match front.strip_suffix('!') {
        Some(front) => (front, true),
        None => (front, false),
    };
    let (kind, scope) = match front.split_once('(') {
        Some((kind, scope)) => (kind, scope.strip_suffix(')').ok_or_else(untyped)?),
        None => (front, ""),
    };
    let kind = kind.trim().to_lowercase();
    if kind.is_empty() || !kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(untyped());
    }
    let breaking = marked || footer(message);
    let category = TYPES.iter().find(|(name, _)| *name == kind).map(|(_, category)| *category);
    let category = match category {
        Some("fixed") if scope.eq_ignore_ascii_case("security") => "security",
        Some(category) => category,
        None if breaking => "changed",
        None if INNER.contains(&kind.as_str()) => {
            return Err(format!("“{shown}” concerns only how the service is built ({kind})."));
        }
        None => return Err(untyped()),
    };
    let text = line(text).ok_or_else(untyped)?;
    Ok(Change { category, text, breaking })
}

/// Whether a footer says that something breaks: `BREAKING CHANGE:` or `BREAKING-CHANGE:`, in
/// capitals as the standard demands.
fn footer(message: &str) -> bool {
    let marks = ["BREAKING CHANGE: ", "BREAKING-CHANGE: "];
    message.lines().skip(1).any(|line| marks.iter().any(|mark| line.starts_with(mark)))
}
