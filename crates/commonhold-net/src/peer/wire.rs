//! What two devices say to each other, as bytes (`docs/PEER.md`). Everything here is a plain
//! function over bytes from outside: every length is judged before memory is taken for it.

use commonhold_core::id::BookId;
use commonhold_sync::{bundle, shelf};

/// What both sides name when they connect (ALPN, RFC 7301).
pub const ALPN: &[u8] = b"commonhold/1";
/// Longest request in bytes: a `Get` with the longest name.
pub const MAX_REQUEST: usize = 256;
/// Length of every notice in bytes.
pub const NOTICE: usize = 37;
/// Length in bytes of what stands before an answer's body.
pub const HEAD: usize = 5;
/// Longest body of a listing in bytes, packed or unpacked.
pub const MAX_LISTING: usize = 16 << 20;

const LIST: u8 = 1;
const GET: u8 = 2;
const CHANGED: u8 = 16;
const FINISHED: u8 = 17;

/// What one side asks the other, on a stream of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The files of a book, and the number of the listing this connection brought last (0: none).
    List(BookId, u32),
    /// One file of a book: its name, and how many bytes of it at most.
    Get(BookId, String, u64),
}

impl Request {
    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::List(book, seen) => [&[LIST], book.0.as_slice(), &seen.to_be_bytes()].concat(),
            Self::Get(book, name, most) => {
                [&[GET], book.0.as_slice(), &most.to_be_bytes(), name.as_bytes()].concat()
            }
        }
    }

    /// Reads a request; nothing when it is none.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_REQUEST {
            return None;
        }
        let (kind, rest) = bytes.split_first()?;
        let (book, rest) = rest.split_first_chunk::<32>()?;
        match *kind {
            LIST => Some(Self::List(BookId(*book), u32::from_be_bytes(rest.try_into().ok()?))),
            GET => {
                let (most, name) = rest.split_first_chunk::<8>()?;
                let name = std::str::from_utf8(name).ok().filter(|name| shelf::is_name(name))?;
                Some(Self::Get(BookId(*book), name.to_owned(), u64::from_be_bytes(*most)))
            }
            _ => None,
        }
    }
}

/// What one side tells the other without being asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// There is something new in a book.
    Changed(BookId),
    /// Everything wanted has been taken, of the listing with this number.
    Finished(BookId, u32),
}

impl Notice {
    /// Its bytes, always [`NOTICE`] of them.
    pub fn encode(&self) -> Vec<u8> {
        let (kind, book, number) = match self {
            Self::Changed(book) => (CHANGED, book, 0),
            Self::Finished(book, number) => (FINISHED, book, *number),
        };
        [&[kind], book.0.as_slice(), &number.to_be_bytes()].concat()
    }

    /// Reads a notice; nothing when it is none.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        let (book, rest) = rest.split_first_chunk::<32>()?;
        let number = u32::from_be_bytes(rest.try_into().ok()?);
        match *kind {
            CHANGED if number == 0 => Some(Self::Changed(BookId(*book))),
            FINISHED => Some(Self::Finished(BookId(*book), number)),
            _ => None,
        }
    }
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No: not let in, no such book, no such file, not to be read. One answer for all, without a
    /// body.
    No,
    /// A listing, see [`listing`](super::listing).
    Listing,
    /// A file's bytes.
    File,
    /// It would be let in, but cannot be answered; without a body.
    Fault,
}

/// What stands before an answer's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// What follows.
    pub kind: Kind,
    /// How many bytes follow.
    pub bytes: u32,
}

impl Head {
    /// Its bytes.
    pub fn encode(self) -> [u8; HEAD] {
        let kind = match self.kind {
            Kind::No => 0,
            Kind::Listing => 1,
            Kind::File => 2,
            Kind::Fault => 3,
        };
        let [a, b, c, d] = self.bytes.to_be_bytes();
        [kind, a, b, c, d]
    }

    /// Reads a head; nothing when it is none or says more than an answer may have.
    pub fn decode(bytes: [u8; HEAD]) -> Option<Self> {
        let [kind, length @ ..] = bytes;
        let bytes = u32::from_be_bytes(length);
        let (kind, most) = match kind {
            0 => (Kind::No, 0),
            1 => (Kind::Listing, u64::try_from(MAX_LISTING).ok()?),
            2 => (Kind::File, bundle::MAX_BYTES),
            3 => (Kind::Fault, 0),
            _ => return None,
        };
        (u64::from(bytes) <= most).then_some(Self { kind, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_and_nothing_else() {
        let book = BookId([7; 32]);
        let list = Request::List(book, 3);
        let get = Request::Get(book, "a1/keys/0f.chk".to_owned(), 9);
        for request in [&list, &get] {
            assert_eq!(Request::decode(&request.encode()).as_ref(), Some(request));
        }
        assert_eq!(list.encode().len(), 37);
        for notice in [Notice::Changed(book), Notice::Finished(book, 4)] {
            assert_eq!(notice.encode().len(), NOTICE);
            assert_eq!(Notice::decode(&notice.encode()), Some(notice));
        }
        // A name ends with its stream, so only what has none is too short.
        let encoded = get.encode();
        assert!((0..=41).all(|length| Request::decode(&encoded[..length]).is_none()));
        for name in ["", "../a", "/a", "A", "a\0"] {
            assert!(Request::decode(&Request::Get(book, name.to_owned(), 9).encode()).is_none());
        }
        assert!(Request::decode(&vec![GET; 5000]).is_none());
        assert!(Request::decode(&[&list.encode()[..], &[0]].concat()).is_none());
        assert!(Notice::decode(&[0; NOTICE]).is_none() && Notice::decode(&[CHANGED; 90]).is_none());
    }

    #[test]
    fn an_answer_that_says_more_than_it_may_is_none() {
        let most = u32::try_from(bundle::MAX_BYTES).unwrap();
        for (kind, bytes, fits) in [
            (Kind::No, 0, true),
            (Kind::No, 1, false),
            (Kind::Fault, 1, false),
            (Kind::File, most, true),
            (Kind::File, most + 1, false),
            (Kind::Listing, 16 << 20, true),
            (Kind::Listing, u32::MAX, false),
        ] {
            let head = Head { kind, bytes };
            assert_eq!(Head::decode(head.encode()), fits.then_some(head));
        }
        assert!(Head::decode([9, 0, 0, 0, 0]).is_none());
    }
}
