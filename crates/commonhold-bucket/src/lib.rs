//! Files in a bucket or a web folder: anything that speaks S3 or WebDAV. Devices exchange through
//! one, and a relay can keep its files in one; what is in them is sealed and signed, so whoever runs
//! it need not be trusted. A bucket that lies, babbles or hangs costs an error and bounded memory.
//!
//! | address | fits |
//! |---|---|
//! | `s3://NAME?region=eu-central-1` | Amazon S3 |
//! | `s3://NAME?endpoint=https://minio.example.org` | MinIO, Ceph (RADOS gateway), SeaweedFS |
//! | `s3://NAME?endpoint=https://s3.example.org&region=garage` | Garage (the region its settings name) |
//! | `s3://NAME?endpoint=https://fsn1.your-objectstorage.com&region=fsn1` | Hetzner object storage |
//! | `s3://NAME?endpoint=https://s3.fr-par.scw.cloud&region=fr-par` | Scaleway |
//! | `s3://NAME?endpoint=https://s3.example.org&style=host` | where the bucket is part of the host's name |
//! | `webdav+https://cloud.example.org/remote.php/dav/files/USER/FOLDER` | Nextcloud, ownCloud; with an app password |
//! | `webdav+https://USER.your-storagebox.de/FOLDER` | Hetzner storage box |
//! | `webdav+https://host/path` | Apache, lighttpd, rclone, Synology and any other with passwords of the kind “Basic” |
//!
//! `s3://NAME/some/folder?…` uses a folder within the bucket. The bucket, and the folder a WebDAV
//! address names, must exist; what is below is made as needed. Credentials never stand in the
//! address. Plain `http` is fine without credentials and on this computer itself. A server whose
//! certificate a team's own authority signed is trusted when the computer trusts that authority.
//!
//! This crate knows no books and no other crate of ours. Why these libraries:
//! `docs/decisions/0028-bucket.md`.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

mod address;
mod client;
mod fault;
mod listing;
mod s3;
mod webdav;

use address::{Address, Kind};
use client::Client;
use fault::Fault;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// How many names a listing may have at most. A room has one for some megabytes of a book, so this
/// is far beyond any; a longer listing is an error.
pub const MOST_NAMES: usize = 200_000;

/// A file, as a listing says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name within the folder that was listed.
    pub name: String,
    /// Its length in bytes, as the server says.
    pub bytes: u64,
}

/// What kind of trouble there is; what to do follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot be reached now: try again later.
    Away,
    /// It does not let us in: credentials, permissions, a clock.
    Denied,
    /// It takes nothing more: quota, rate, a full disk.
    Full,
    /// It answers what makes no sense, or cannot do what was asked.
    Broken,
}

/// Why a bucket could not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct Error {
    /// Where, in words for people; never with a password.
    pub place: String,
    /// What kind of trouble it is.
    pub trouble: Trouble,
    /// What happened, in words for people.
    pub reason: String,
}

/// Who asks: the id of an access key and its secret for S3, a user and a password for WebDAV.
/// What is held here is wiped when it is dropped; what the connection's library copies is not.
#[derive(Clone)]
pub struct Credentials {
    user: String,
    secret: Zeroizing<String>,
}

impl Credentials {
    /// Credentials of a user name or key id, and the password or secret key.
    pub fn new(user: &str, secret: &str) -> Self {
        Self { user: user.to_owned(), secret: Zeroizing::new(secret.to_owned()) }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// How long to wait for a server.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// While nothing moves. After a big upload the server gets four times as long to answer, since
    /// much of it may still be on its way; a whole listing may take twenty times as long. What
    /// moves, but at less than 4 KiB a second, is given up after four times this.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), idle: Duration::from_secs(30) }
    }
}

/// Whether a name is one a file here may have: parts of small letters, digits, points and hyphens
/// with `/` between, none of which begins with a point; 200 characters in a part and 400 in all.
/// Anything else a server lists is passed over.
pub fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
        !part.is_empty() && part.len() <= 200 && !part.starts_with('.') && part.bytes().all(fits)
    };
    name.len() <= 400 && name.split('/').all(part)
}

/// A bucket or web folder. Opening it connects to nothing yet; copies share connections. What it
/// does, it does inside a runtime of tokio with time and network.
#[derive(Clone)]
pub struct Bucket(Arc<Inner>);

struct Inner {
    place: String,
    client: Client,
    site: Site,
}

enum Site {
    S3(s3::Site),
    Dav(webdav::Site),
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.0.place).finish()
    }
}

impl Bucket {
    /// A bucket at an address of one of the forms above. An address that holds credentials, or
    /// whose form is unknown, is refused; no error repeats what it cannot read.
    pub fn open(
        address: &str,
        credentials: Option<&Credentials>,
        patience: Patience,
    ) -> Result<Self, Error> {
        let Address { place, encrypted, near, kind } =
            Address::parse(address, credentials.is_some())?;
        let wrong = |fault: Fault| fault.at(&place);
        let client = Client::new(encrypted, near, patience).map_err(wrong)?;
        let site = match kind {
            Kind::S3 { bucket, prefix } => Site::S3(s3::Site::new(*bucket, prefix, credentials)),
            Kind::Dav { base } => Site::Dav(webdav::Site::new(base, credentials).map_err(wrong)?),
        };
        Ok(Self(Arc::new(Inner { place, client, site })))
    }

    /// Where it is, in words for people; without credentials.
    pub fn place(&self) -> &str {
        &self.0.place
    }

    fn said<T>(&self, done: Result<T, Fault>) -> Result<T, Error> {
        done.map_err(|fault| fault.at(&self.0.place))
    }

    /// The whole name of a file, if it is one a file may have.
    fn sound<'a>(&self, name: &'a str) -> Result<&'a str, Error> {
        if is_name(name) {
            return Ok(name);
        }
        let reason = "a file was to be used whose name is none.".to_owned();
        Err(Fault::Trouble(Trouble::Broken, reason).at(&self.0.place))
    }

    /// The names directly below a folder that have something below them. The folder is empty for
    /// all, or ends with `/`.
    pub async fn folders(&self, folder: &str) -> Result<Vec<String>, Error> {
        let Inner { client, site, .. } = &*self.0;
        let names = client.within(async {
            match site {
                Site::S3(site) => site.folders(client, folder).await,
                Site::Dav(site) => site.folders(client, folder).await,
            }
        });
        self.said(names.await)
    }

    /// The files below a folder whose names begin so, at most [`MOST_NAMES`]; names that are none
    /// of ours ([`is_name`]) are left out.
    pub async fn list(&self, folder: &str, prefix: &str) -> Result<Vec<Item>, Error> {
        let Inner { client, site, .. } = &*self.0;
        let items = client.within(async {
            match site {
                Site::S3(site) => site.list(client, folder, prefix).await,
                Site::Dav(site) => site.list(client, folder, prefix).await,
            }
        });
        self.said(items.await)
    }

    /// A file's bytes, at most so many; nothing if there is none.
    pub async fn get(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        let (Inner { client, site, .. }, name) = (&*self.0, self.sound(name)?);
        self.said(match site {
            Site::S3(site) => site.get(client, name, most).await,
            Site::Dav(site) => site.get(client, name, most).await,
        })
    }

    /// Lays down a file, in place of another of its name. In S3 it appears whole or not at all. In
    /// a web folder it is laid down under another name and then moved; where a server cannot move,
    /// it is laid down in its place at once, and readers may meet half of it until that is done.
    pub async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let (Inner { client, site, .. }, name) = (&*self.0, self.sound(name)?);
        self.said(match site {
            Site::S3(site) => site.put(client, name, bytes).await,
            Site::Dav(site) => site.put(client, name, bytes).await,
        })
    }

    /// Takes a file away, if there is one.
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        let (Inner { client, site, .. }, name) = (&*self.0, self.sound(name)?);
        self.said(match site {
            Site::S3(site) => site.remove(client, name).await,
            Site::Dav(site) => site.remove(client, name).await,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_none() {
        assert!(is_name("a1/keys/0f.chk") && is_name(&format!("{}/x", "0a".repeat(100))));
        for name in ["", "/", "a/", "a//b", "../a", ".a", "a/.b", "A", "a b", "a%2fb", "ä"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(!is_name(&"a".repeat(201)) && !is_name(&"a/".repeat(201)));
    }
}
