//! The page as a branch of a git repository. Nothing of the repository is touched but that branch:
//! the commit is made of the page's folder with an index of its own, and nothing is checked out.

use super::folder::{LIST, parse_list};
use crate::failure::{Code, Failure};
use commonhold_core::Time;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Most bytes that are read of what git says.
const MAX_SAID: usize = 64 << 20;

/// A repository, the branch the page lies on, and where it is sent to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Branch {
    /// The repository's folder.
    #[cfg_attr(test, ts(type = "string"))]
    pub repository: PathBuf,
    /// The branch.
    pub branch: String,
    /// The remote it is pushed to, if any.
    pub push: Option<String>,
}

/// What the commit says.
pub struct Words<'a> {
    /// Its message.
    pub message: &'a str,
    /// Who writes it, where git has nobody.
    pub author: &'a str,
    /// When.
    pub at: Time,
}

/// Git, run in a folder for one repository with an index of its own.
struct Git<'a> {
    directory: &'a str,
    folder: &'a Path,
    index: &'a Path,
}

/// What belongs to another git that runs this program, such as a hook.
const OTHERS: [&str; 6] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
];

fn failed(what: &str, said: &str) -> Failure {
    let first = said.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    Failure::new(Code::Storage, format!("git could not {what}: {first}"))
}

/// Git, with nothing of another git's that runs this program.
fn program() -> Command {
    let mut command = Command::new("git");
    for name in OTHERS {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0");
    command
}

fn run(mut command: Command, what: &str, input: &[u8]) -> Result<Vec<u8>, Failure> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        Failure::new(Code::Unsupported, format!("git could not be started: {error}."))
            .hint("Install git, or write the page into a folder: commonhold site build FOLDER")
    })?;
    let (stdin, bytes) = (child.stdin.take(), input.to_vec());
    let told = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&bytes)));
    let out = child.wait_with_output().map_err(|error| failed(what, &error.to_string()))?;
    let _ = told.join();
    if !out.status.success() {
        return Err(failed(what, &String::from_utf8_lossy(&out.stderr)));
    }
    if out.stdout.len() > MAX_SAID {
        return Err(failed(what, "it said more than can be read"));
    }
    Ok(out.stdout)
}

impl Git<'_> {
    fn ask(&self, what: &str, words: &[&str], input: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut command = program();
        command.arg("--git-dir").arg(self.directory).arg("--work-tree").arg(self.folder);
        // The bytes are the page's, whatever the person's git does to line ends.
        command.args(["-c", "core.autocrlf=false", "-c", "core.fileMode=false"]);
        command.args(words).current_dir(self.folder).env("GIT_INDEX_FILE", self.index);
        run(command, what, input)
    }

    fn line(&self, what: &str, words: &[&str]) -> Result<String, Failure> {
        let said = self.ask(what, words, b"")?;
        Ok(String::from_utf8_lossy(&said).trim().to_owned())
    }

    /// The commit of a branch, if there is one.
    fn tip(&self, reference: &str) -> Option<String> {
        self.line("look", &["rev-parse", "--quiet", "--verify", &format!("{reference}^{{commit}}")])
            .ok()
    }
}

/// Where the repository's own files lie.
fn directory(repository: &Path) -> Result<String, Failure> {
    let mut command = program();
    command.arg("-C").arg(repository).args(["rev-parse", "--absolute-git-dir"]);
    let said = run(command, "find a repository", b"").map_err(|failure| {
        if failure.code == Code::Unsupported {
            return failure;
        }
        let message = format!("{} is no git repository.", repository.display());
        Failure::new(Code::NotFound, message).hint("Name the folder of one; git init makes one.")
    })?;
    Ok(String::from_utf8_lossy(&said).trim_end_matches(['\n', '\r']).to_owned())
}

/// Refuses a name git does not take, and a branch somebody works on.
fn check(git: &Git<'_>, to: &Branch, reference: &str) -> Result<(), Failure> {
    let sound = !to.branch.starts_with('-')
        && git.line("check the name", &["check-ref-format", reference]).is_ok();
    if !sound {
        return Err(Failure::new(
            Code::Invalid,
            format!("“{}” cannot be the name of a branch.", to.branch),
        ));
    }
    let trees = git.line("list the work trees", &["worktree", "list", "--porcelain"])?;
    if trees.lines().any(|line| line.strip_prefix("branch ") == Some(reference)) {
        return Err(Failure::new(
            Code::Exists,
            format!("The branch {} is checked out in {}.", to.branch, to.repository.display()),
        )
        .hint("Choose a branch for the page alone, such as pages."));
    }
    Ok(())
}

fn joined<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<u8> {
    let mut out = Vec::new();
    for path in paths {
        out.extend_from_slice(path.as_bytes());
        out.push(0);
    }
    out
}

/// Fills the index: what others have on the branch, and the page.
fn fill(git: &Git<'_>, tip: Option<&str>, paths: &BTreeSet<String>) -> Result<(), Failure> {
    if let Some(tip) = tip {
        git.ask("read the branch", &["read-tree", tip], b"")?;
        let listed = git.ask("list the branch", &["ls-files", "-z"], b"")?;
        let there: BTreeSet<String> = listed
            .split(|byte| *byte == 0)
            .filter(|path| !path.is_empty())
            .map(|path| String::from_utf8_lossy(path).into_owned())
            .collect();
        let list = git.ask("read the list", &["show", &format!("{tip}:{LIST}")], b"");
        let list = parse_list(&String::from_utf8_lossy(&list.unwrap_or_default()));
        let mut ours: BTreeSet<String> = list.into_iter().flatten().map(|(path, _)| path).collect();
        if !ours.is_empty() {
            ours.insert(LIST.to_owned());
        }
        if let Some(other) =
            paths.iter().find(|path| there.contains(*path) && !ours.contains(*path))
        {
            return Err(Failure::new(
                Code::Exists,
                format!("{other} on the branch was not written by Commonhold."),
            )
            .hint("Choose a branch for the page alone, such as pages."));
        }
        let gone = ours.iter().filter(|path| there.contains(*path) && !paths.contains(*path));
        let gone = joined(gone.map(String::as_str));
        git.ask("take files away", &["update-index", "-z", "--force-remove", "--stdin"], &gone)?;
    }
    let all = joined(paths.iter().map(String::as_str));
    git.ask("add the files", &["update-index", "--add", "-z", "--stdin"], &all)?;
    Ok(())
}

/// Makes the files of a folder the branch, as one commit after what is there. Files of others on the
/// branch stay. Answers the commit; nothing where the branch is like that already.
pub fn commit(
    folder: &Path,
    paths: &BTreeSet<String>,
    to: &Branch,
    words: &Words<'_>,
) -> Result<Option<String>, Failure> {
    let own = tempfile::tempdir().map_err(|error| Failure::file(folder, &error))?;
    let (directory, index) = (directory(&to.repository)?, own.path().join("index"));
    let git = Git { directory: &directory, folder, index: &index };
    let reference = format!("refs/heads/{}", to.branch);
    check(&git, to, &reference)?;
    let tip = git.tip(&reference);
    fill(&git, tip.as_deref(), paths)?;
    let tree = git.line("write the tree", &["write-tree"])?;
    let same = match &tip {
        Some(tip) => git.line("look", &["rev-parse", &format!("{tip}^{{tree}}")])? == tree,
        None => false,
    };
    let made = if same { None } else { Some(make(&git, &tree, tip.as_deref(), words)?) };
    if let Some(made) = &made {
        let before = tip.as_deref().unwrap_or_default();
        let name = ["update-ref", "-m", "the public page", &reference, made, before];
        git.line("move the branch", &name)?;
    }
    if let Some(remote) = &to.push {
        let refspec = format!("{reference}:{reference}");
        let mut command = program();
        // In the repository's own folder: the way to a remote may begin there.
        command.arg("-C").arg(&to.repository).args(["push", "--quiet", "--end-of-options"]);
        run(command_with(command, &[remote, &refspec]), "push the branch", b"")?;
    }
    Ok(made)
}

fn command_with(mut command: Command, words: &[&str]) -> Command {
    command.args(words);
    command
}

fn make(
    git: &Git<'_>,
    tree: &str,
    tip: Option<&str>,
    words: &Words<'_>,
) -> Result<String, Failure> {
    let mut command = program();
    command.arg("--git-dir").arg(git.directory);
    if git.line("look", &["config", "--get", "user.email"]).is_err() {
        let name: String = words.author.chars().filter(|c| !c.is_control()).collect();
        let name = format!("user.name={}", name.replace(['<', '>'], ""));
        command.args(["-c", &name, "-c", "user.email=commonhold@localhost"]);
    }
    let when = format!("{} +0000", words.at.0.div_euclid(1000));
    command.env("GIT_AUTHOR_DATE", &when).env("GIT_COMMITTER_DATE", &when);
    command.args(["commit-tree", tree, "-m", words.message]);
    if let Some(tip) = tip {
        command.args(["-p", tip]);
    }
    let said = run(command, "write the commit", b"")?;
    Ok(String::from_utf8_lossy(&said).trim().to_owned())
}
