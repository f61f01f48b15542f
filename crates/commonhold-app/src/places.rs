//! Places to exchange through, by their addresses.

use crate::credentials::Credentials;
use crate::failure::{Code, Failure};
use commonhold_core::{BookId, Device};
use commonhold_net::bucket::{self, Bucket};
use commonhold_net::peer::{PeerAddress, Peers};
use commonhold_net::relay::Relay;
use commonhold_sync::shelf::{Room, Shelf, Trouble};
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
    /// Storage space: S3 or WebDAV.
    Bucket,
    /// A relay that stores what it cannot read.
    Relay,
    /// Another device, reached directly.
    Peer,
}

impl PlaceKind {
    /// Whether it needs a network.
    pub fn is_network(self) -> bool {
        matches!(self, Self::Bucket | Self::Relay | Self::Peer)
    }

    /// Whether it tells by itself that something changed there.
    pub fn tells(self) -> bool {
        matches!(self, Self::Folder | Self::Relay | Self::Peer)
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
    /// Reads what a person typed or chose: `s3://…`, `webdav+https://…`, `https://…` for a relay,
    /// `peer:…`, or a path; a file of exchange ends in `.commonhold`.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Failure::new(Code::Invalid, "Say where to exchange.")
                .hint("A folder both of you can reach will do."));
        }
        let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
        let kind = if begins(&["s3://", "webdav+http://", "webdav+https://"]) {
            PlaceKind::Bucket
        } else if begins(&["http://", "https://"]) {
            PlaceKind::Relay
        } else if begins(&["peer:"]) {
            text.parse::<PeerAddress>().map_err(|why| Failure::new(Code::Invalid, why))?;
            PlaceKind::Peer
        } else {
            match Path::new(text).extension() {
                Some(end) if end == file::EXTENSION && !Path::new(text).is_dir() => PlaceKind::File,
                _ => PlaceKind::Folder,
            }
        };
        Ok(Self { kind, text: text.to_owned() })
    }

    /// What others are shown, such as in an invitation: where a folder lies on this computer is
    /// nobody else's business, and a device's address is only its own.
    pub fn hint(&self) -> String {
        match self.kind {
            PlaceKind::Bucket | PlaceKind::Relay => self.text.clone(),
            PlaceKind::Peer => String::new(),
            PlaceKind::Folder | PlaceKind::File => {
                let name = Path::new(&self.text).file_name();
                name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            }
        }
    }

    /// The device, where the address is one's.
    pub fn device(&self) -> Option<Device> {
        let peer = self.text.parse::<PeerAddress>().ok()?;
        (self.kind == PlaceKind::Peer).then_some(peer.device)
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
    /// Storage space.
    Bucket(Bucket),
    /// A relay.
    Relay(Relay),
    /// Another device, and this one among others.
    Peer(PeerAddress, Peers),
}

/// What opening a place may need.
pub struct Access<'a> {
    /// Short and of this device alone: marks what is being written.
    pub tag: &'a str,
    /// Who one is there.
    pub credentials: Option<Credentials>,
    /// This device among others, if it takes part.
    pub peers: Option<&'a Peers>,
}

impl Place {
    /// Opens a place. No connection is made yet.
    pub fn open(address: &Address, access: &Access<'_>) -> Result<Self, Failure> {
        let path = PathBuf::from(&address.text);
        let opens = access.credentials.as_ref();
        Ok(match address.kind {
            PlaceKind::Folder => {
                let folder = Folder::open(&path, access.tag);
                Self::Folder(folder.map_err(|error| {
                    let gone = error.trouble == Trouble::Away;
                    let failure = Failure::from(error);
                    let hint = "Choose another folder, or plug in the disk it lies on.";
                    match gone {
                        true => Failure { code: Code::NotFound, ..failure.hint(hint) },
                        false => failure,
                    }
                })?)
            }
            PlaceKind::File => Self::File(File::open(&path)?),
            PlaceKind::Bucket => {
                let opens = opens.map(|opens| bucket::Credentials::new(&opens.user, &opens.secret));
                Self::Bucket(Bucket::open(&address.text, opens.as_ref())?)
            }
            PlaceKind::Relay => {
                let token = opens.map(|opens| opens.secret.as_str());
                Self::Relay(Relay::new(&address.text, token)?)
            }
            PlaceKind::Peer => {
                let peer = address.text.parse().map_err(|why: String| {
                    Failure::new(Code::Invalid, why).hint("Copy it from the other device.")
                })?;
                let peers = access.peers.ok_or_else(|| {
                    Failure::new(Code::Unreachable, "Direct connections are switched off here.")
                        .hint("Switch them on: commonhold live on, or in the window under Sync.")
                })?;
                Self::Peer(peer, peers.clone())
            }
        })
    }

    /// A room of it.
    pub fn shelf(&self, room: &Room) -> Result<Box<dyn Shelf>, Failure> {
        Ok(match (self, room) {
            (Self::Folder(folder), _) => Box::new(folder.shelf(room)),
            (Self::File(file), _) => Box::new(file.shelf(room)),
            (Self::Bucket(bucket), _) => Box::new(bucket.shelf(room)),
            (Self::Relay(relay), _) => Box::new(relay.shelf(room)?),
            (Self::Peer(peer, peers), Room::Book(book, _)) => Box::new(peers.shelf(peer, book)),
            (Self::Peer(..), Room::Meeting(..)) => {
                let what = "Nobody can be invited over a direct connection.";
                return Err(Failure::new(Code::Unsupported, what)
                    .hint("Choose a folder, a file, storage space or a relay for it."));
            }
        })
    }

    /// All that lies there, where rooms are told apart by their names.
    pub fn root(&self) -> Option<Box<dyn Shelf>> {
        match self {
            Self::Folder(folder) => Some(Box::new(folder.root())),
            Self::File(file) => Some(Box::new(file.root())),
            Self::Bucket(bucket) => Some(Box::new(bucket.root())),
            Self::Relay(_) | Self::Peer(..) => None,
        }
    }

    /// The books that lie there, where that can be seen.
    pub fn books(&self) -> Result<Vec<BookId>, Failure> {
        Ok(match self {
            Self::Folder(folder) => folder.books()?,
            Self::File(file) => file.books(),
            // Whose storage it is knows what is in it; a list of it costs a request each time.
            Self::Bucket(_) | Self::Relay(_) | Self::Peer(..) => Vec::new(),
        })
    }

    /// The same, where asking costs something.
    pub fn find_books(&self) -> Result<Vec<BookId>, Failure> {
        match self {
            Self::Bucket(bucket) => Ok(bucket.books()?),
            _ => self.books(),
        }
    }

    /// Whether a room can be entered only with a key, so that there is one for each key.
    pub fn by_topic(&self) -> bool {
        matches!(self, Self::Relay(_))
    }

    /// Says that all that is wanted of a book was taken; writes what is written only at the end.
    pub fn finish(&self, book: &BookId) -> Result<(), Failure> {
        match self {
            Self::File(file) => Ok(file.finish()?),
            Self::Peer(peer, peers) => {
                peers.finished(&peer.device, book);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_what_kind_they_are() {
        let kind = |text: &str| Address::parse(text).map(|address| address.kind);
        assert_eq!(kind(" /media/stick "), Ok(PlaceKind::Folder));
        assert_eq!(kind("to-ben.commonhold"), Ok(PlaceKind::File));
        assert_eq!(kind("s3://ours/books?endpoint=https://s3.example"), Ok(PlaceKind::Bucket));
        assert_eq!(kind("webdav+https://cloud.example/dav"), Ok(PlaceKind::Bucket));
        assert_eq!(kind("https://relay.example"), Ok(PlaceKind::Relay));
        let peer = format!("peer:{}@192.0.2.1:4433", "0a".repeat(32));
        assert_eq!(kind(&peer), Ok(PlaceKind::Peer));
        assert!(kind("peer:ben").is_err() && kind(" ").is_err());
        assert_eq!(Address::parse(&peer).unwrap().hint(), "");
        assert_eq!(Address::parse("/home-of/ann/Shared").unwrap().hint(), "Shared");
    }
}
