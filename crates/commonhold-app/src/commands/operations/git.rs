//! What git says of a folder. It is asked as a program; where there is none, nothing is known.

use commonhold_core::Time;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Most commits of one deploy that are looked at.
const MAX_COMMITS: &str = "--max-count=5000";
/// Most lines of a changelog.
const MAX_LINES: usize = 20;
/// Most characters of a line of a changelog.
const MAX_LINE: usize = 200;

/// What is known of the commit that is deployed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The repository: the address of `origin` without what opens it, else the folder's name.
    pub repository: Option<String>,
    /// The commit, in full.
    pub commit: Option<String>,
    /// The branch that is checked out.
    pub reference: Option<String>,
}

/// What changed between two commits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// When the oldest was committed.
    pub committed: Option<Time>,
    /// The first line of each, newest first.
    pub changelog: Option<String>,
}

/// Asks git; nothing when it is not there or says no.
pub(crate) fn ask(folder: &Path, words: &[&str]) -> Option<String> {
    let out = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(words)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&out.stdout).trim_end().to_owned();
    out.status.success().then_some(text)
}

/// Whether a text is the id of a commit, whole or the first digits.
pub fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The folder all of a checkout lies in.
pub fn top(folder: &Path) -> Option<PathBuf> {
    ask(folder, &["rev-parse", "--show-toplevel"]).filter(|top| !top.is_empty()).map(PathBuf::from)
}

/// What is checked out in a folder; with `commit`, which commit that name means.
pub fn facts(folder: &Path, commit: Option<&str>) -> Facts {
    let wanted = format!("{}^{{commit}}", commit.unwrap_or("HEAD"));
    let found = ask(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]);
    Facts {
        repository: repository(folder),
        commit: found.filter(|commit| is_commit(commit)),
        reference: ask(folder, &["symbolic-ref", "--short", "--quiet", "HEAD"]),
    }
}

fn repository(folder: &Path) -> Option<String> {
    if let Some(address) = ask(folder, &["config", "--get", "remote.origin.url"]) {
        return Some(without_credentials(&address));
    }
    let own = ask(folder, &["rev-parse", "--absolute-git-dir"]).map(PathBuf::from)?;
    let path = top(folder).unwrap_or(own);
    let name = path.file_name()?.to_string_lossy().into_owned();
    Some(name.strip_suffix(".git").map_or(name.clone(), str::to_owned))
}

/// An address without a user's name, password or token.
fn without_credentials(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}/{path}")
}

/// What changed up to a commit since the one deployed before; of the commit alone where that is not
/// known, or is no ancestor.
pub fn changes(folder: &Path, since: Option<&str>, commit: &str) -> Changes {
    if !is_commit(commit) {
        return Changes::default();
    }
    let since = since.filter(|since| is_commit(since) && *since != commit);
    let range = since.map(|since| format!("{since}..{commit}"));
    let log = |what: &[&str]| {
        let mut words = vec!["log", "--format=%ct %s"];
        words.extend_from_slice(what);
        ask(folder, &words).filter(|text| !text.is_empty())
    };
    let found = range.and_then(|range| log(&[MAX_COMMITS, &range, "--"]));
    let found = found.or_else(|| log(&["--max-count=1", commit, "--"])).unwrap_or_default();
    let lines: Vec<(i64, &str)> = found
        .lines()
        .filter_map(|line| {
            let (seconds, subject) = line.split_once(' ').unwrap_or((line, ""));
            Some((seconds.parse::<i64>().ok()?, subject))
        })
        .collect();
    let oldest = lines.iter().map(|(seconds, _)| *seconds).min();
    let mut subjects: Vec<String> = lines
        .iter()
        .take(MAX_LINES)
        .map(|(_, subject)| subject.chars().take(MAX_LINE).collect())
        .collect();
    if let Some(more) = lines.len().checked_sub(MAX_LINES).filter(|more| *more > 0) {
        subjects.push(format!("and {more} more"));
    }
    let changelog = subjects.join("\n");
    Changes {
        committed: oldest.map(|seconds| Time(seconds.saturating_mul(1000))),
        changelog: (!changelog.trim().is_empty()).then_some(changelog),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_without_what_opens_it() {
        let clean = "https://forge.example/a/b.git";
        assert_eq!(without_credentials("https://u:p@forge.example/a/b.git"), clean);
        assert_eq!(without_credentials(clean), clean);
        assert_eq!(without_credentials("git@forge.example:a/b.git"), "git@forge.example:a/b.git");
        assert!(is_commit("0123abc") && !is_commit("HEAD~1") && !is_commit("--all"));
    }

    #[test]
    fn a_folder_without_git_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let facts = facts(folder.path(), None);
        assert_eq!((facts.commit, facts.reference), (None, None));
        assert_eq!(changes(folder.path(), None, "0123abc"), Changes::default());
    }
}
