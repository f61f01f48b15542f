//! Inviting and joining over any place both can write to, which may read, alter, repeat or forget
//! everything that passes through it.
//!
//! Three messages. The *offer* lies there from the moment of inviting: number of the invitation,
//! when it ends, first half of a SPAKE2 (RFC 9382 describes its kin). The *request* of the joiner
//! carries the second half and, sealed under the key both then have, who it is. The *welcome* is
//! the answer. Who does not know the words learns nothing from all three and may try one guess
//! with each request of his own; nothing can be tried out at home.
//!
//! The whole exchange goes into every key: another invitation, another end, another book on the
//! ticket, one flipped bit, and nothing opens. Who *does* know the words (overheard on the phone)
//! can still put himself between; the three words that both people compare tell them.
//!
//! This module must not know the time, files, records or roles: whether an invitation has ended,
//! was used or was called back is for its caller to ask.

mod exchange;
mod joiner;
mod password;
mod qr;
mod ticket;
mod wire;

pub use joiner::Joining;
pub use qr::{qr_svg, qr_terminal};
pub use ticket::Ticket;

use commonhold_core::id::Hash;
#[cfg(doc)]
use commonhold_core::id::LogId;
use commonhold_core::keys::{SealingPublic, Secret};
use commonhold_core::{BookId, Device, RecordId};
use exchange::{Bound, Session};
use password::Password;
use serde::{Deserialize, Serialize};
use std::fmt;
use wire::{Reader, Writer};
use zeroize::Zeroizing;

const OFFER: &[u8; 4] = b"CHI1";
const REQUEST: &[u8; 4] = b"CHR1";
const WELCOME: &[u8; 4] = b"CHW1";
/// Longest request and longest welcome accepted, in bytes.
pub const MAX_BYTES: usize = 4096;
/// Most letters of a name, label, reason or folder in messages and tickets.
pub const MAX_TEXT: usize = 200;

/// What an inviter keeps of an invitation. Who has it can answer in the inviter's name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Random number of the invitation.
    #[serde(with = "wire::hexadecimal")]
    pub id: [u8; 16],
    /// The book it leads to.
    pub book: BookId,
    /// Six words ([`commonhold_core::keys::words::six`]) or 32 random bytes as 64 hexadecimal
    /// digits; the latter for tickets that are never read out.
    pub secret: String,
    /// 32 random bytes that make the inviter's half of the exchange again.
    #[serde(with = "wire::hexadecimal")]
    pub seed: [u8; 32],
    /// The device that invites.
    pub inviter: Device,
    /// The person invited, if already in the book.
    pub person: Option<RecordId>,
    /// The name of the person invited.
    pub name: String,
    /// The roles the person will have.
    pub roles: Vec<String>,
    /// When it ends, in milliseconds since 1970.
    pub expires: i64,
    /// The shared folder, as a hint for the joiner; may be empty.
    pub folder: String,
    /// Whether somebody was accepted with it.
    pub used: bool,
    /// Whether it was called back.
    pub revoked: bool,
}

/// What opens the room where an invitation's two sides meet, from its six words or 64 digits; or
/// why they are none.
pub fn meeting_secret(secret: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    Ok(Zeroizing::new(Password::parse(secret)?.normal().into_bytes()))
}

impl Invitation {
    /// Message 1, for the shared place: no names, no book. Always the same bytes.
    pub fn offer(&self) -> Vec<u8> {
        let (_, half) = exchange::inviter(&self.id, &self.password(), &self.seed);
        Offer { id: self.id, expires: self.expires, half }.bytes()
    }

    /// What is handed over as text, file or QR code, with the name of the service in it; or why
    /// the secret is none.
    pub fn ticket(&self, service: &str) -> Result<Ticket, String> {
        Ok(Ticket {
            id: self.id,
            book: self.book,
            inviter: self.inviter,
            expires: self.expires,
            name: service.into(),
            folder: self.folder.clone(),
            secret: Password::parse(&self.secret)?,
        })
    }

    /// Opens message 2: proof that its sender knows the secret and has the key of the device it
    /// names. Works out the words to compare, which takes about as long as a blink.
    pub fn open_request(&self, message: &[u8]) -> Result<OpenRequest, String> {
        let (head, sealed) = RequestHead::read(message).ok_or(NO_REQUEST)?;
        if head.id != self.id {
            return Err("This request to join answers another invitation.".into());
        }
        let (state, half) = exchange::inviter(&self.id, &self.password(), &self.seed);
        let offer = Offer { id: self.id, expires: self.expires, half };
        let shared = state.finish(&head.half).map_err(|_| NO_REQUEST)?;
        let bound = head.ticket.then_some(Bound { book: self.book, inviter: self.inviter });
        let session = Session::new(&shared, &offer, &head, bound);
        let plain = session.request.open(REQUEST, sealed, MAX_BYTES).ok_or(WRONG_SECRET)?;
        let request = session.read_request(&plain).ok_or(WRONG_DEVICE)?;
        let compare_words = session.compare_words(&request.device).ok_or(NO_MEMORY)?;
        Ok(OpenRequest {
            request,
            compare_words,
            welcome: session.welcome,
            message: Hash::of(message),
        })
    }

    /// Message 3, which only the joiner who sent that request opens. Nothing if a text is longer
    /// than [`MAX_TEXT`] letters or has control characters.
    pub fn welcome(&self, request: &OpenRequest, welcome: &Welcome) -> Option<Vec<u8>> {
        let sealed = request.welcome.seal(&request.message.0, &welcome.bytes()?)?;
        Some([WELCOME.as_slice(), &self.id, &sealed].concat())
    }

    /// The secret as the exchange uses it. What is not in its normal form only fits itself.
    fn password(&self) -> String {
        Password::parse(&self.secret)
            .map_or_else(|_| self.secret.clone(), |password| password.normal())
    }
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invitation({})", commonhold_core::id::hex(&self.id))
    }
}

const NO_OFFER: &str = "This is no invitation, or it is damaged.";
const NO_REQUEST: &str = "This is no request to join, or it is damaged.";
const NO_WELCOME: &str = "This is no answer to a request to join, or it is damaged.";
const WRONG_SECRET: &str = "The words do not fit this invitation, or the request to join was \
                            altered on its way.";
const WRONG_DEVICE: &str = "The request to join does not come from the device it names.";
const WRONG_ANSWER: &str = "The answer is not for this request to join, or it was altered on its \
                            way.";
const NO_MEMORY: &str =
    "There is not enough free memory (64 MiB) to work out the words to compare.";

/// Message 1, read. It says nothing of who invites to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Number of the invitation.
    pub id: [u8; 16],
    /// When it says it ends, in milliseconds since 1970. An altered one is found out only when the
    /// inviter opens the request.
    pub expires: i64,
    half: Vec<u8>,
}

impl Offer {
    /// Reads message 1.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut reader = Reader(bytes);
        let mut read = || {
            reader.tag(OFFER)?;
            let (id, expires) = (reader.array()?, i64::from_be_bytes(reader.array()?));
            let half = reader.array::<{ exchange::HALF }>()?.to_vec();
            reader.end().then_some(Self { id, expires, half })
        };
        read().ok_or_else(|| NO_OFFER.into())
    }

    fn bytes(&self) -> Vec<u8> {
        [OFFER.as_slice(), &self.id, &self.expires.to_be_bytes(), &self.half].concat()
    }
}

/// The number of the invitation a message 1, 2 or 3 belongs to, or nothing for other bytes. It is
/// what the message says, not yet proven.
pub fn invitation_of(message: &[u8]) -> Option<[u8; 16]> {
    let mut reader = Reader(message);
    let tag: [u8; 4] = reader.array()?;
    [OFFER, REQUEST, WELCOME].contains(&&tag).then(|| reader.array())?
}

/// The open beginning of message 2.
struct RequestHead {
    id: [u8; 16],
    ticket: bool,
    half: Vec<u8>,
}

impl RequestHead {
    fn bytes(&self) -> Vec<u8> {
        [REQUEST.as_slice(), &self.id, &[u8::from(self.ticket)], &self.half].concat()
    }

    fn read(message: &[u8]) -> Option<(Self, &[u8])> {
        let mut reader = Reader(message);
        reader.tag(REQUEST)?;
        let id = reader.array()?;
        let ticket = match reader.array()? {
            [0] => false,
            [1] => true,
            _ => return None,
        };
        let half = reader.array::<{ exchange::HALF }>()?.to_vec();
        (message.len() <= MAX_BYTES).then_some((Self { id, ticket, half }, reader.0))
    }
}

/// What a joiner says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The device that wants to join.
    pub device: Device,
    /// The key the book's secrets are to be sealed to.
    pub sealing: SealingPublic,
    /// With device and book it names the log the device will write ([`LogId::of`]).
    pub nonce: [u8; 16],
    /// The name of the person.
    pub name: String,
    /// What the person calls the device.
    pub label: String,
}

impl Request {
    fn bytes(&self) -> Option<Vec<u8>> {
        let mut out = Writer::default();
        out.put(&self.device.0).put(&self.sealing.0).put(&self.nonce);
        out.text(&self.name)?.text(&self.label)?;
        Some(out.0)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let request = Self {
            device: Device(reader.array()?),
            sealing: SealingPublic(reader.array()?),
            nonce: reader.array()?,
            name: reader.text()?,
            label: reader.text()?,
        };
        reader.end().then_some(request)
    }
}

/// A request that was opened: its sender knows the secret of the invitation.
#[derive(Clone, Debug)]
pub struct OpenRequest {
    /// What the joiner says of itself; the device is proven, the names are not.
    pub request: Request,
    /// Three words; the joiner must see the same.
    pub compare_words: String,
    welcome: Secret,
    message: Hash,
}

/// The inviter's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Welcome {
    /// The device is, or will be, a member of the book.
    Accepted {
        /// The book.
        book: BookId,
        /// The name of the service.
        name: String,
    },
    /// It will not be.
    Refused {
        /// Why, for the person.
        reason: String,
    },
}

impl Welcome {
    fn bytes(&self) -> Option<Vec<u8>> {
        let mut out = Writer::default();
        match self {
            Self::Accepted { book, name } => out.put(&[0]).put(&book.0).text(name)?,
            Self::Refused { reason } => out.put(&[1]).text(reason)?,
        };
        Some(out.0)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let welcome = match reader.array()? {
            [0] => Self::Accepted { book: BookId(reader.array()?), name: reader.text()? },
            [1] => Self::Refused { reason: reader.text()? },
            _ => return None,
        };
        reader.end().then_some(welcome)
    }
}

#[cfg(test)]
mod tests;
