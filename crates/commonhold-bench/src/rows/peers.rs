//! Git as a peer: a repository in which every transaction is a file and every entry a commit.

use crate::Failed;
use crate::measure::{Measure, now};
use crate::place::Place;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

fn git(folder: &Path, words: &[&str]) -> Result<(), Failed> {
    let mut command = Command::new("git");
    for name in ["GIT_AUTHOR", "GIT_COMMITTER"] {
        command.env(format!("{name}_NAME"), "bench").env(format!("{name}_EMAIL"), "b@example.org");
    }
    let output = command.current_dir(folder).args(words).output()?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("git {words:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// `count` transactions as `git fast-import` and `fossil import --git` read them: a file each, `each`
/// in one commit, on top of `main` where there is one.
pub fn stream(name: &str, count: usize, each: usize, has: bool) -> String {
    let mut stream = String::new();
    for n in 0..count {
        if n.checked_rem(each) == Some(0) {
            let _ = write!(
                stream,
                "commit refs/heads/main\ncommitter b <b@example.org> {} +0000\ndata 1\nx\n",
                1_780_000_000_usize.saturating_add(n)
            );
            if n == 0 && has {
                stream.push_str("from refs/heads/main^0\n");
            }
        }
        let text = entry(name, n);
        let _ = write!(
            stream,
            "M 100644 inline {name}/{}/{n}.json\ndata {}\n{text}\n",
            n / 100,
            text.len()
        );
    }
    stream
}

/// One transaction as a peer keeps it.
pub fn entry(name: &str, n: usize) -> String {
    let cents = n % 100;
    format!(
        "{{\"date\":\"2026-03-04\",\"narration\":\"entered {name} {n}\",\"postings\":[{{\"account\":\"Assets:Bank\",\"amount\":\"-1.{cents:02} EUR\"}},{{\"account\":\"Expenses:Hosting\",\"amount\":\"1.{cents:02} EUR\"}}]}}"
    )
}

/// Commits `count` transactions, `each` in one commit, on top of what a repository has.
fn entries(
    place: &Place,
    folder: &Path,
    name: &str,
    count: usize,
    each: usize,
) -> Result<(), Failed> {
    let has = folder.join(".git/refs/heads/main").exists();
    let file = place.at("stream");
    std::fs::write(&file, stream(name, count, each, has))?;
    let mut command = Command::new("git");
    command.current_dir(folder).args(["fast-import", "--quiet"]).stdin(std::fs::File::open(file)?);
    if !command.status()?.success() {
        return Err("git fast-import failed".into());
    }
    git(folder, &["reset", "--quiet", "--hard", "main"])
}

/// A bare repository with a book of a size, as one import.
pub fn repository(place: &Place, size: usize) -> Result<std::path::PathBuf, Failed> {
    let (work, bare) = (place.at(&format!("git-{size}")), place.at(&format!("git-{size}.git")));
    if !bare.exists() {
        std::fs::create_dir(&work)?;
        git(&work, &["init", "--quiet", "-b", "main"])?;
        entries(place, &work, "old", size, 1000)?;
        git(
            &work,
            &[
                "clone",
                "--quiet",
                "--bare",
                &work.display().to_string(),
                &bare.display().to_string(),
            ],
        )?;
    }
    Ok(bare)
}

/// A fresh clone, over the protocol and not by hard links.
pub fn clone(
    place: &Place,
    bare: &Path,
    name: &str,
) -> Result<(std::path::PathBuf, Measure), Failed> {
    let to = place.at(name);
    if to.exists() {
        std::fs::remove_dir_all(&to)?;
    }
    let from = format!("file://{}", bare.display());
    let start = now();
    git(&place.at(""), &["clone", "--quiet", &from, &to.display().to_string()])?;
    Ok((to, Measure { time: start.elapsed(), peak: 0 }))
}

/// Two clones, each with `count` commits the other lacks: pull and push until both are equal.
pub fn two_clones(place: &Place, base: usize, count: usize, n: usize) -> Result<Measure, Failed> {
    let origin = repository(place, base)?;
    let bare = place.at(&format!("shared-{n}.git"));
    git(
        &place.at(""),
        &["clone", "--quiet", "--bare", &origin.display().to_string(), &bare.display().to_string()],
    )?;
    let (a, _) = clone(place, &bare, &format!("git-a-{n}"))?;
    let (b, _) = clone(place, &bare, &format!("git-b-{n}"))?;
    entries(place, &a, "a", count, 1)?;
    entries(place, &b, "b", count, 1)?;
    let start = now();
    git(&a, &["push", "--quiet", "origin", "main"])?;
    git(&b, &["pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main"])?;
    git(&b, &["push", "--quiet", "origin", "main"])?;
    git(&a, &["pull", "--quiet", "--ff-only", "origin", "main"])?;
    Ok(Measure { time: start.elapsed(), peak: 0 })
}
