//! What opens places that ask for it: a user and a secret, by address. The secret lies in the
//! system's keychain where there is one, else in a file of its own that only its owner may read;
//! never in a book, an archive or a log. The file says which; what stands in it counts.

use crate::failure::{Code, Failure};
use commonhold_core::id::hex;
use commonhold_keychain::{Keychain, Trouble};
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
#[derive(Clone, PartialEq, Eq)]
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

/// Where a secret lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum Lies {
    /// In the system's keychain.
    Keychain,
    /// In the profile's file `credentials`.
    File,
}

impl fmt::Display for Lies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keychain => "in this computer's keychain",
            Self::File => "in a file only you can read",
        })
    }
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Kept {
    user: String,
    /// Empty where it lies in the keychain.
    #[serde(default)]
    secret: String,
    /// Under what name it lies in the keychain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keychain: Option<String>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = Zeroizing::new(std::mem::take(&mut self.secret));
    }
}

type All = BTreeMap<String, Kept>;

/// A keychain, if one is to be used.
pub type Chain<'a> = Option<&'a dyn Keychain>;

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

/// Lays a secret into the keychain and reads it back: the name it has there, if all that worked.
fn lay(chain: Chain<'_>, address: &str, secret: &str) -> Option<String> {
    let chain = chain.filter(|_| !secret.is_empty())?;
    let mut chance = [0; 8];
    getrandom::fill(&mut chance).ok()?;
    // A name of its own each time, so that two profiles do not take each other's.
    let account = format!("{address} {}", hex(&chance));
    chain.set(&account, secret).ok()?;
    if chain.get(&account).is_ok_and(|back| back.is_some_and(|back| *back == secret)) {
        return Some(account);
    }
    let _ = chain.remove(&account);
    None
}

fn unreachable(address: &str, trouble: Trouble) -> Failure {
    let what = format!(
        "The password for {address} lies in this computer's keychain, which cannot be read now."
    );
    Failure::new(Code::Unreachable, what).detail(trouble).hint(
        "Unlock the keychain and try again, or give the password again: commonhold remote add.",
    )
}

/// What opens a place; nothing where nothing was said. What lies in the file moves into the
/// keychain, if that takes it.
pub fn get(home: &Path, chain: Chain<'_>, address: &str) -> Result<Option<Credentials>, Failure> {
    let mut all = read(home)?;
    let Some(kept) = all.get_mut(address) else { return Ok(None) };
    let (user, account) = (kept.user.clone(), kept.keychain.clone());
    let Some(account) = account.filter(|_| kept.secret.is_empty()) else {
        let known = Credentials { user, secret: kept.secret.clone() };
        if let Some(account) = lay(chain, address, &known.secret) {
            let _ = Zeroizing::new(std::mem::take(&mut kept.secret));
            kept.keychain = Some(account);
            write(home, &all)?;
        }
        return Ok(Some(known));
    };
    let chain = chain.ok_or_else(|| unreachable(address, Trouble::Missing))?;
    match chain.get(&account) {
        Ok(Some(secret)) => Ok(Some(Credentials { user, secret: secret.to_string() })),
        Ok(None) => {
            let what = format!("The password for {address} is no longer in the keychain.");
            Err(Failure::new(Code::NotFound, what)
                .hint("Give it again: commonhold remote add, or in the window under Sync."))
        }
        Err(trouble) => Err(unreachable(address, trouble)),
    }
}

/// Keeps what opens a place, and says where it lies: in the keychain if that takes it, and gives it
/// back when asked at once.
pub fn set(
    home: &Path,
    chain: Chain<'_>,
    address: &str,
    credentials: &Credentials,
) -> Result<Lies, Failure> {
    let mut all = read(home)?;
    let keychain = lay(chain, address, &credentials.secret);
    let lies = if keychain.is_some() { Lies::Keychain } else { Lies::File };
    let secret = match lies {
        Lies::Keychain => String::new(),
        Lies::File => credentials.secret.clone(),
    };
    let kept = Kept { user: credentials.user.clone(), secret, keychain };
    let before = all.insert(address.to_owned(), kept);
    write(home, &all)?;
    if let (Some(account), Some(chain)) = (before.and_then(|kept| kept.keychain.clone()), chain) {
        // It opens nothing any more; should it stay, it is one too many.
        let _ = chain.remove(&account);
    }
    Ok(lies)
}

/// Forgets what opened a place, in the file and in the keychain.
pub fn remove(home: &Path, chain: Chain<'_>, address: &str) -> Result<(), Failure> {
    let mut all = read(home)?;
    let Some(kept) = all.remove(address) else { return Ok(()) };
    write(home, &all)?;
    let Some(account) = &kept.keychain else { return Ok(()) };
    if chain.is_some_and(|chain| chain.remove(account).is_ok()) {
        return Ok(());
    }
    let what = format!("{address} is forgotten, but its password is still in the keychain.");
    Err(Failure::new(Code::Unreachable, what).hint(format!("Take it away there: “{account}”.")))
}

/// Where the secret of a place lies, if there is one.
pub fn lies(home: &Path, address: &str) -> Result<Option<Lies>, Failure> {
    let all = read(home)?;
    Ok(all.get(address).map(|kept| match &kept.keychain {
        Some(_) if kept.secret.is_empty() => Lies::Keychain,
        _ => Lies::File,
    }))
}

#[cfg(test)]
mod tests;
