//! What the commands of the archive answer.

use commonhold_core::BookId;
use serde::Serialize;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ArchiveExported {
    /// Where it lies.
    pub path: String,
    /// Its size.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes: u64,
    /// Files in it.
    pub files: u32,
    /// Its SHA-256.
    pub sha256: String,
    /// Records in it.
    pub records: u32,
}

/// What an archive is and whether it is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ArchiveVerified {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// The service's name.
    pub name: String,
    /// When it was written, as it says.
    pub written: String,
    /// Records in it.
    pub records: u32,
    /// Documents in it.
    pub documents: u32,
    /// Signed objects in it.
    pub objects: u32,
    /// Devices that signed.
    pub signers: u32,
    /// What is wrong.
    pub problems: Vec<String>,
}

/// A service taken from an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Restored {
    /// The book.
    #[cfg_attr(test, ts(type = "string"))]
    pub book: BookId,
    /// The service's name.
    pub name: String,
    /// Objects taken in.
    pub objects: u32,
    /// Attachments taken in.
    #[cfg_attr(test, ts(as = "Option<u32>", optional))]
    pub attachments: u32,
}
