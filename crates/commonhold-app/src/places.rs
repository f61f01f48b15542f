//! Places to exchange through, by their addresses.

use crate::failure::{Code, Failure};
use commonhold_core::BookId;
use commonhold_sync::shelf::{Room, Shelf};
use commonhold_sync::transport::file::{self, File};
use commonhold_sync::transport::folder::Folder;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// What kind of place an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// A folder both sides reach.
    Folder,
    /// One file that is handed over.
    File,
}

impl PlaceKind {
    /// Whether it needs a network.
    pub fn is_network(self) -> bool {
        match self {
            Self::Folder | Self::File => false,
        }
    }

    /// Whether it tells by itself that something changed there.
    pub fn tells(self) -> bool {
        match self {
            Self::Folder => true,
            Self::File => false,
        }
    }
}

/// The address of a place: a path, or what its scheme says. It never holds a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What kind it is.
    pub kind: PlaceKind,
    text: String,
}

impl Address {
    /// Reads what a person typed or chose.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Failure::new(Code::Invalid, "Say where to exchange.")
                .hint("A folder both of you can reach will do."));
        }
        let kind = match Path::new(text).extension() {
            Some(end) if end == file::EXTENSION && !Path::new(text).is_dir() => PlaceKind::File,
            _ => PlaceKind::Folder,
        };
        Ok(Self { kind, text: text.to_owned() })
    }

    /// What is shown in front of others, such as in an invitation: where a folder lies on this
    /// computer is nobody else's business.
    pub fn hint(&self) -> String {
        let name = Path::new(&self.text).file_name();
        name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A place, opened.
#[derive(Clone)]
pub enum Place {
    /// A folder.
    Folder(Folder),
    /// A file.
    File(File),
}

impl Place {
    /// Opens a place. The tag, short and of this device alone, marks what is being written.
    pub fn open(address: &Address, tag: &str) -> Result<Self, Failure> {
        let path = PathBuf::from(&address.text);
        Ok(match address.kind {
            PlaceKind::Folder => Self::Folder(Folder::open(&path, tag)?),
            PlaceKind::File => Self::File(File::open(&path)?),
        })
    }

    /// A room of it.
    pub fn shelf(&self, room: &Room) -> Box<dyn Shelf> {
        match self {
            Self::Folder(folder) => Box::new(folder.shelf(room)),
            Self::File(file) => Box::new(file.shelf(room)),
        }
    }

    /// All that lies there, where rooms are told apart by their names.
    pub fn root(&self) -> Option<Box<dyn Shelf>> {
        match self {
            Self::Folder(folder) => Some(Box::new(folder.root())),
            Self::File(file) => Some(Box::new(file.root())),
        }
    }

    /// The books that lie there, where that can be seen.
    pub fn books(&self) -> Result<Vec<BookId>, Failure> {
        Ok(match self {
            Self::Folder(folder) => folder.books()?,
            Self::File(file) => file.books(),
        })
    }

    /// Whether a room can be entered only with a key, so that there is one for each key.
    pub fn by_topic(&self) -> bool {
        false
    }

    /// Writes what is written only at the end.
    pub fn finish(&self) -> Result<(), Failure> {
        match self {
            Self::Folder(_) => Ok(()),
            Self::File(file) => Ok(file.finish()?),
        }
    }
}
