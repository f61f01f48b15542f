//! The history of a repository as `git log` prints it, read as lines of a changelog.

use super::forge::{change_draft, commit};
use super::{About, Drafted, Error, conventional, when};

/// The name of the format.
pub const FORMAT: &str = "git-log";
/// What to give to `git log -z --format=…`: whole hash, when it was committed (RFC 3339), subject
/// and body, each with a NUL behind it (`-z` puts one after the commit), since a message may hold
/// anything else.
///
/// `git log -z --format='%H%x00%cI%x00%s%x00%b'`
pub const GIT_FORMAT: &str = "%H%x00%cI%x00%s%x00%b";
/// Fields of one commit.
const FIELDS: usize = 4;

/// Whether the bytes begin like such a log.
pub(super) fn is(bytes: &[u8]) -> bool {
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    let hash = parts.next().unwrap_or_default();
    let date = parts.next().unwrap_or_default();
    (hash.len() == 40 || hash.len() == 64)
        && hash.iter().all(u8::is_ascii_hexdigit)
        && std::str::from_utf8(date).is_ok_and(|date| when::moment(date).is_some())
        && parts.next().is_some()
}

/// Reads a log.
///
/// # Errors
/// When it is not in [`GIT_FORMAT`].
pub fn read(bytes: &[u8], about: &About) -> Result<Drafted, Error> {
    if !is(bytes) {
        return Err(wrong_form());
    }
    let mut out = Drafted::new(FORMAT);
    let text = String::from_utf8_lossy(bytes);
    let parts: Vec<&str> = text.split('\0').collect();
    let source = about.source.clone();
    let prefix = source.map_or_else(|| "git".to_owned(), |source| format!("git:{source}"));
    for (number, fields) in (1_usize..).zip(parts.chunks(FIELDS)) {
        let place = format!("commit {number}");
        let [hash, date, subject, body] = fields else {
            if fields.iter().any(|field| !field.trim().is_empty()) {
                out.refuse(place, "The log ends within a commit.");
            }
            break;
        };
        let hash = commit(Some(hash.trim().to_owned()));
        let (Some(hash), Some(at)) = (hash, when::moment(date)) else {
            out.refuse(place, "The commit has no hash or time; the log is damaged here.");
            continue;
        };
        match conventional::read(&format!("{subject}\n\n{body}")) {
            Err(reason) => out.refuse(format!("commit {}", super::clip(&hash, 12)), reason),
            Ok(change) => {
                let mut draft = change_draft(format!("{prefix}:commit:{hash}"), &change, at);
                draft.put("commit", hash);
                out.push(draft);
            }
        }
    }
    Ok(out)
}

/// What to say of a log in another form.
pub(super) fn wrong_form() -> Error {
    Error::Unusable(format!(
        "The file is no log of git in the form that is read; write it with: git log -z \
         --format='{GIT_FORMAT}'."
    ))
}
