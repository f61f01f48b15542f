//! A bucket or a web folder as a place to exchange through: anything that speaks S3 or WebDAV.
//! What is in it is sealed and signed, so whoever runs it need not be trusted; a bucket that lies,
//! babbles or hangs costs an error and bounded memory.
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
//! Why these libraries: `docs/decisions/0028-bucket.md`.

mod address;
mod client;
mod fault;
mod listing;
mod s3;
mod webdav;

use crate::runtime::runtime;
use address::{Address, Kind};
use client::Client;
use commonhold_core::id::BookId;
use commonhold_sync::shelf::{Error, Item, Room, Shelf, Trouble, is_name};
use fault::Fault;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// How many names a listing may have at most. A room has one for some megabytes of a book, so this
/// is far beyond any; a longer listing is an error.
pub const MOST_NAMES: usize = 200_000;

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

/// A bucket or web folder. Opening it connects to nothing yet; copies share connections.
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
    pub fn open(address: &str, credentials: Option<&Credentials>) -> Result<Self, Error> {
        Self::open_with(address, credentials, Patience::default())
    }

    /// The same, with other waiting times.
    pub fn open_with(
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

    /// The shelf of a room.
    pub fn shelf(&self, room: &Room) -> BucketShelf {
        BucketShelf { bucket: self.clone(), folder: room.folder() }
    }

    /// All that lies below `commonhold/`, whatever room it is in.
    pub fn root(&self) -> BucketShelf {
        BucketShelf { bucket: self.clone(), folder: "commonhold/".to_owned() }
    }

    /// The books that have a folder here.
    pub fn books(&self) -> Result<Vec<BookId>, Error> {
        let Inner { client, site, .. } = &*self.0;
        let names = self.wait(client.within(async {
            match site {
                Site::S3(site) => site.folders(client, "commonhold/").await,
                Site::Dav(site) => site.folders(client, "commonhold/").await,
            }
        }))?;
        Ok(names.iter().filter(|name| is_name(name)).filter_map(|name| name.parse().ok()).collect())
    }

    /// Waits for a request on the calling thread.
    fn wait<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Error> {
        let runtime = runtime().map_err(|error| {
            let reason = format!("this computer cannot open connections now ({error}).");
            Fault::Trouble(Trouble::Broken, reason).at(&self.0.place)
        })?;
        runtime.block_on(work).map_err(|fault| fault.at(&self.0.place))
    }
}

/// The files of one room in a bucket.
#[derive(Clone, Debug)]
pub struct BucketShelf {
    bucket: Bucket,
    folder: String,
}

impl BucketShelf {
    /// The whole name of a file, if it is one a shelf may have.
    fn path(&self, name: &str) -> Result<String, Error> {
        if is_name(name) {
            return Ok(format!("{}{name}", self.folder));
        }
        let reason = "a file was to be used whose name no file of a book has.".to_owned();
        Err(Fault::Trouble(Trouble::Broken, reason).at(&self.bucket.0.place))
    }
}

impl Shelf for BucketShelf {
    fn place(&self) -> String {
        self.bucket.0.place.clone()
    }

    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, Error> {
        let Inner { client, site, .. } = &*self.bucket.0;
        self.bucket.wait(client.within(async {
            match site {
                Site::S3(site) => site.list(client, &self.folder, prefix).await,
                Site::Dav(site) => site.list(client, &self.folder, prefix).await,
            }
        }))
    }

    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        let path = self.path(name)?;
        let Inner { client, site, .. } = &*self.bucket.0;
        self.bucket.wait(async {
            match site {
                Site::S3(site) => site.get(client, &path, most).await,
                Site::Dav(site) => site.get(client, &path, most).await,
            }
        })
    }

    /// In S3 a file appears whole or not at all. In a web folder it is laid down under another
    /// name and then moved; where a server cannot move, it is laid down in its place at once, and
    /// readers may meet half of it until that is done.
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path(name)?;
        let Inner { client, site, .. } = &*self.bucket.0;
        self.bucket.wait(async {
            match site {
                Site::S3(site) => site.put(client, &path, bytes).await,
                Site::Dav(site) => site.put(client, &path, bytes).await,
            }
        })
    }

    fn remove(&mut self, name: &str) -> Result<(), Error> {
        let path = self.path(name)?;
        let Inner { client, site, .. } = &*self.bucket.0;
        self.bucket.wait(async {
            match site {
                Site::S3(site) => site.remove(client, &path).await,
                Site::Dav(site) => site.remove(client, &path).await,
            }
        })
    }
}
