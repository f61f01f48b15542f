//! Hooks of git: a change that is merged deploys by itself (`infra.automatic`).

use super::git;
use crate::failure::{Code, Failure};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// The line by which our own hooks are known.
const MARK: &str = "# Written by Commonhold";
/// Hooks after which something can be deployed.
pub const KINDS: &[&str] = &["post-commit", "post-merge", "post-receive"];

/// What a hook is to do.
#[derive(Clone, Debug, Default)]
pub struct HookPlan {
    /// One of [`KINDS`]; post-receive where nothing is checked out, else post-commit.
    pub kind: Option<String>,
    /// The branch whose changes are deployed.
    pub branch: String,
    /// The program `commonhold`, by its whole path.
    pub program: PathBuf,
    /// The profile's folder.
    pub home: PathBuf,
    /// The service, by name or id.
    pub service: String,
    /// Where it goes; what the repository declares when it is not given.
    pub environment: Option<String>,
    /// What undoes a deploy that failed; what the repository declares when it is empty.
    pub rollback: Vec<String>,
    /// The command; what the repository declares when it is empty.
    pub command: Vec<String>,
}

/// A hook that was written or taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hook {
    /// One of [`KINDS`].
    pub kind: String,
    /// Its file.
    pub path: PathBuf,
}

/// The folder a repository has its hooks in.
fn folder(repository: &Path) -> Result<PathBuf, Failure> {
    let found = git::ask(repository, &["rev-parse", "--git-path", "hooks"]);
    let found = found.ok_or_else(|| {
        let message = format!("{} is no git repository.", repository.display());
        Failure::new(Code::NotFound, message)
            .hint("Name its folder, and see that git is installed.")
    })?;
    Ok(repository.join(found))
}

/// A word as a shell reads it back unchanged.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The call that deploys the commit in `$commit`.
fn call(plan: &HookPlan) -> String {
    let mut words = vec![
        quoted(&plan.program.to_string_lossy()),
        "--home".into(),
        quoted(&plan.home.to_string_lossy()),
        "--service".into(),
        quoted(&plan.service),
        "deploy run --trigger commit --commit \"$commit\" --reference".into(),
        quoted(&plan.branch),
    ];
    if let Some(environment) = &plan.environment {
        words.push(format!("--environment {}", quoted(environment)));
    }
    words.extend(plan.rollback.iter().map(|part| format!("--rollback-arg={}", quoted(part))));
    if !plan.command.is_empty() {
        words.push("--".into());
        words.extend(plan.command.iter().map(|part| quoted(part)));
    }
    words.push("</dev/null".into());
    words.join(" ")
}

fn script(kind: &str, plan: &HookPlan) -> String {
    let (call, branch) = (call(plan), quoted(&plan.branch));
    let head = format!(
        "#!/bin/sh\n{MARK}: what comes to {branch} deploys by itself.\n\
         # Take it away with: commonhold hook remove\n\
         unset GIT_INDEX_FILE GIT_PREFIX\n"
    );
    let body = match kind {
        "post-receive" => format!(
            "while read -r old commit name; do\n  \
             [ \"$name\" = refs/heads/{branch} ] || continue\n  \
             case \"$commit\" in *[!0]*) ;; *) continue ;; esac\n  {call}\ndone\n"
        ),
        _ => format!(
            "[ \"$(git symbolic-ref --short -q HEAD)\" = {branch} ] || exit 0\n\
             commit=$(git rev-parse HEAD) || exit 1\n{call}\n"
        ),
    };
    head + &body
}

fn ours(path: &Path) -> Result<Option<bool>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).contains(MARK))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file(path, &error)),
    }
}

/// Writes a hook. One of somebody else is left alone.
pub fn install(repository: &Path, plan: &HookPlan) -> Result<Hook, Failure> {
    let folder = folder(repository)?;
    let bare = git::ask(repository, &["rev-parse", "--is-bare-repository"]);
    let bare = bare.as_deref() == Some("true");
    let kind = plan.kind.clone();
    let kind = kind.unwrap_or_else(|| if bare { "post-receive" } else { "post-commit" }.to_owned());
    if !KINDS.contains(&kind.as_str()) {
        let message = format!("“{kind}” is no hook after which something can be deployed.");
        return Err(Failure::new(Code::Invalid, message).hint(format!("Use {}.", KINDS.join(", "))));
    }
    if bare && plan.command.is_empty() {
        let message = "Nothing is checked out there, so the command must be named.";
        return Err(Failure::new(Code::Invalid, message).hint("Write it behind --."));
    }
    let words = plan.command.iter().chain(&plan.rollback);
    let mut words = words.chain([&plan.branch, &plan.service]).chain(&plan.environment);
    if words.any(|word| word.contains(['\0', '\n', '\r'])) {
        return Err(Failure::new(Code::Invalid, "No part of a hook may have several lines."));
    }
    let path = folder.join(&kind);
    if ours(&path)? == Some(false) {
        let message = format!("{} is there already and is not ours.", path.display());
        return Err(Failure::new(Code::Exists, message)
            .hint(format!("Nothing was changed. Let it end with: {}", call(plan))));
    }
    fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, &error))?;
    let unfinished = folder.join(format!(".{kind}.commonhold"));
    fs::write(&unfinished, script(&kind, plan))
        .and_then(|()| executable(&unfinished))
        .and_then(|()| fs::rename(&unfinished, &path))
        .map_err(|error| Failure::file(&path, &error))?;
    Ok(Hook { kind, path })
}

#[cfg(unix)]
fn executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Takes our hooks away; those of others are left alone.
pub fn remove(repository: &Path) -> Result<Vec<Hook>, Failure> {
    let folder = folder(repository)?;
    let mut gone = Vec::new();
    for kind in KINDS {
        let path = folder.join(kind);
        if ours(&path)? == Some(true) {
            fs::remove_file(&path).map_err(|error| Failure::file(&path, &error))?;
            gone.push(Hook { kind: (*kind).to_owned(), path });
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_from_the_shell_as_they_were() {
        let word = "it's $(touch x) \"`y`\" \\ end";
        let out = std::process::Command::new("sh")
            .args(["-c", &format!("printf %s {}", quoted(word))])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(out.stdout).unwrap(), word);
    }

    #[test]
    fn a_folder_that_is_no_repository_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let failure = install(folder.path(), &HookPlan::default()).unwrap_err();
        assert_eq!(failure.code, Code::NotFound);
    }
}
