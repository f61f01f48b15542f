//! What opens places that ask for it: a user and a secret, by address. They lie in a file of their
//! own that only its owner may read, never in a book, an archive or a log.

use crate::failure::Failure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Longest file of credentials read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Who one is in a place, and what proves it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// A user's name or the id of a key; empty where the secret alone says it.
    pub user: String,
    /// A password, key or token.
    pub secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({}, …)", self.user)
    }
}

impl Drop for Credentials {
    fn drop(&mut self) {
        // The memory is wiped when this is.
        let _ = Zeroizing::new(std::mem::take(&mut self.secret));
    }
}

type All = BTreeMap<String, Credentials>;

fn path(home: &Path) -> PathBuf {
    home.join("credentials")
}

fn read(home: &Path) -> Result<All, Failure> {
    let path = path(home);
    match fs::metadata(&path) {
        Ok(meta) if meta.len() > MAX_BYTES => return Ok(All::new()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(All::new()),
        Err(error) => return Err(Failure::file(&path, &error)),
    }
    let bytes = Zeroizing::new(fs::read(&path).map_err(|error| Failure::file(&path, &error))?);
    // A damaged file is as good as none: whoever needs what was in it says it again.
    Ok(serde_json::from_slice(&bytes).unwrap_or_default())
}

fn write(home: &Path, all: &All) -> Result<(), Failure> {
    let path = path(home);
    let bytes = Zeroizing::new(serde_json::to_vec(all).unwrap_or_default());
    let mut file = tempfile::Builder::new()
        .prefix(".credentials")
        .tempfile_in(home)
        .map_err(|error| Failure::file(home, &error))?;
    // Files made like this are for their owner alone.
    let written = file.write_all(&bytes).and_then(|()| file.as_file().sync_all());
    written.map_err(|error| Failure::file(&path, &error))?;
    file.persist(&path).map_err(|error| Failure::file(&path, &error.error))?;
    Ok(())
}

/// What opens a place; nothing where nothing was said.
pub fn get(home: &Path, address: &str) -> Result<Option<Credentials>, Failure> {
    Ok(read(home)?.remove(address))
}

/// Keeps what opens a place.
pub fn set(home: &Path, address: &str, credentials: Credentials) -> Result<(), Failure> {
    let mut all = read(home)?;
    all.insert(address.to_owned(), credentials);
    write(home, &all)
}

/// Forgets what opened a place.
pub fn remove(home: &Path, address: &str) -> Result<(), Failure> {
    let mut all = read(home)?;
    match all.remove(address) {
        Some(_) => write(home, &all),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn they_are_kept_for_their_owner_alone_and_never_shown() {
        let home = tempfile::tempdir().unwrap();
        let (user, secret) = ("AKID".to_owned(), "wJalrXUtnFEMI".to_owned());
        let known = Credentials { user, secret };
        assert!(!format!("{known:?}").contains("wJalr"));
        set(home.path(), "s3://ours", known.clone()).unwrap();
        assert_eq!(get(home.path(), "s3://ours").unwrap(), Some(known));
        assert_eq!(get(home.path(), "s3://others").unwrap(), None);
        let mode = fs::metadata(path(home.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        remove(home.path(), "s3://ours").unwrap();
        assert_eq!(get(home.path(), "s3://ours").unwrap(), None);
        assert!(!fs::read_to_string(path(home.path())).unwrap().contains("wJalr"));
    }
}
