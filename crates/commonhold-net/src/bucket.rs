//! A bucket or a web folder as a place to exchange through: anything that speaks S3 or WebDAV.
//! What is asked of the server, and what its address looks like, is in `commonhold-bucket`, which a
//! relay uses too; here its files become those of a shelf. Whoever calls waits on a thread of theirs.

use crate::runtime::runtime;
use commonhold_bucket as store;
use commonhold_core::id::BookId;
use commonhold_sync::shelf::{Error, Item, Room, Shelf, Trouble, is_name};

pub use commonhold_bucket::{Credentials, MOST_NAMES, Patience};

/// A bucket or web folder. Opening it connects to nothing yet; copies share connections.
#[derive(Clone, Debug)]
pub struct Bucket(store::Bucket);

fn error(error: store::Error) -> Error {
    let trouble = match error.trouble {
        store::Trouble::Away => Trouble::Away,
        store::Trouble::Denied => Trouble::Denied,
        store::Trouble::Full => Trouble::Full,
        store::Trouble::Broken => Trouble::Broken,
    };
    Error { place: error.place, trouble, reason: error.reason }
}

impl Bucket {
    /// A bucket at an address of one of the forms `commonhold-bucket` lists. An address that holds
    /// credentials, or whose form is unknown, is refused; no error repeats what it cannot read.
    pub fn open(address: &str, credentials: Option<&Credentials>) -> Result<Self, Error> {
        Self::open_with(address, credentials, Patience::default())
    }

    /// The same, with other waiting times.
    pub fn open_with(
        address: &str,
        credentials: Option<&Credentials>,
        patience: Patience,
    ) -> Result<Self, Error> {
        store::Bucket::open(address, credentials, patience).map(Self).map_err(error)
    }

    /// Where it is, in words for people; without credentials.
    pub fn place(&self) -> &str {
        self.0.place()
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
        let names = self.wait(self.0.folders("commonhold/"))?;
        Ok(names.iter().filter(|name| is_name(name)).filter_map(|name| name.parse().ok()).collect())
    }

    /// Waits for a request on the calling thread.
    fn wait<T>(&self, work: impl Future<Output = Result<T, store::Error>>) -> Result<T, Error> {
        let runtime = runtime().map_err(|why| {
            let reason = format!("this computer cannot open connections now ({why}).");
            Error { place: self.place().to_owned(), trouble: Trouble::Broken, reason }
        })?;
        runtime.block_on(work).map_err(error)
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
        Err(Error { place: self.place(), trouble: Trouble::Broken, reason })
    }
}

impl Shelf for BucketShelf {
    fn place(&self) -> String {
        self.bucket.place().to_owned()
    }

    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, Error> {
        let items = self.bucket.wait(self.bucket.0.list(&self.folder, prefix))?;
        let items = items.into_iter().filter(|item| is_name(&item.name));
        Ok(items.map(|item| Item { name: item.name, bytes: item.bytes }).collect())
    }

    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        self.bucket.wait(self.bucket.0.get(&self.path(name)?, most))
    }

    /// In S3 a file appears whole or not at all. In a web folder it is laid down under another
    /// name and then moved; where a server cannot move, it is laid down in its place at once, and
    /// readers may meet half of it until that is done.
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.bucket.wait(self.bucket.0.put(&self.path(name)?, bytes))
    }

    fn remove(&mut self, name: &str) -> Result<(), Error> {
        self.bucket.wait(self.bucket.0.remove(&self.path(name)?))
    }
}
