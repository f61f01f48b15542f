//! Places that need no connection.

pub mod file;
pub mod folder;

use crate::shelf::{Error, Trouble};
use std::io;
use std::path::Path;

/// Trouble with a file or folder, in words.
fn at(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    use io::ErrorKind as Kind;
    move |error| {
        let (trouble, reason) = match error.kind() {
            Kind::NotFound => (Trouble::Away, "it is not there".to_owned()),
            Kind::NotADirectory => (Trouble::Away, "it is a file, not a folder".to_owned()),
            Kind::IsADirectory => (Trouble::Broken, "it is a folder, not a file".to_owned()),
            Kind::PermissionDenied => {
                (Trouble::Denied, "it may not be opened or written by you".to_owned())
            }
            Kind::ReadOnlyFilesystem => {
                (Trouble::Denied, "it lies on a disk that is read-only".to_owned())
            }
            Kind::StorageFull | Kind::QuotaExceeded => {
                (Trouble::Full, "the disk is full".to_owned())
            }
            _ => (Trouble::Broken, error.to_string()),
        };
        Error { place: path.display().to_string(), trouble, reason }
    }
}
