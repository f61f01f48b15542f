//! The joiner's side.

use super::exchange::{self, Bound, Session};
use super::password::Password;
use super::wire::{Reader, hexadecimal};
use super::{
    MAX_BYTES, NO_MEMORY, NO_OFFER, NO_WELCOME, Offer, REQUEST, Request, RequestHead, Ticket,
    WELCOME, WRONG_ANSWER, Welcome,
};
use commonhold_core::BookId;
use commonhold_core::id::{Hash, hex};
use commonhold_core::keys::{DeviceKeys, Secret};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a joiner keeps until it is answered. It holds the key of the answer, not the words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    #[serde(with = "hexadecimal")]
    id: [u8; 16],
    #[serde(with = "hexadecimal")]
    message: Vec<u8>,
    #[serde(with = "hexadecimal")]
    key: [u8; 32],
    compare_words: String,
    book: Option<BookId>,
}

impl Joining {
    /// Answers an offer; gives what to keep, and message 2 for the shared place. With a ticket,
    /// its secret is used and `secret` may be empty. The request must name the device and sealing
    /// key of `keys`. Works out the words to compare, which takes about as long as a blink.
    ///
    /// Only the inviter can tell whether the words fit the offer.
    pub fn begin(
        offer: &[u8],
        secret: &str,
        ticket: Option<&Ticket>,
        request: &Request,
        keys: &DeviceKeys,
        random: [u8; 32],
    ) -> Result<(Self, Vec<u8>), String> {
        let (id, session, message) = answer(offer, secret, ticket, request, keys, random)?;
        let joining = Self {
            id,
            message: message.clone(),
            key: *session.welcome.bytes(),
            compare_words: session.compare_words(&request.device).ok_or(NO_MEMORY)?,
            book: ticket.map(|ticket| ticket.book),
        };
        Ok((joining, message))
    }

    /// The number of the invitation it answers.
    pub fn id(&self) -> [u8; 16] {
        self.id
    }

    /// Message 2 again.
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// Three words; the inviter must see the same.
    pub fn compare_words(&self) -> String {
        self.compare_words.clone()
    }

    /// Opens message 3.
    pub fn welcome(&self, message: &[u8]) -> Result<Welcome, String> {
        let mut reader = Reader(message);
        let mut head = || reader.tag(WELCOME).and_then(|()| reader.array::<16>());
        let id = head().filter(|_| message.len() <= MAX_BYTES).ok_or(NO_WELCOME)?;
        let key = Secret::new(self.key);
        let plain = key.open(&Hash::of(&self.message).0, reader.0, MAX_BYTES);
        let plain = plain.filter(|_| id == self.id).ok_or(WRONG_ANSWER)?;
        let welcome = Welcome::read(&plain).ok_or(NO_WELCOME)?;
        match (&welcome, self.book) {
            (Welcome::Accepted { book, .. }, Some(expected)) if *book != expected => {
                Err("The answer leads to another service than the ticket.".into())
            }
            _ => Ok(welcome),
        }
    }
}

impl fmt::Debug for Joining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Joining({})", hex(&self.id))
    }
}

/// Number of the invitation, keys and message 2 for an offer.
pub fn answer(
    offer: &[u8],
    secret: &str,
    ticket: Option<&Ticket>,
    request: &Request,
    keys: &DeviceKeys,
    random: [u8; 32],
) -> Result<([u8; 16], Session, Vec<u8>), String> {
    let offer = Offer::read(offer)?;
    let secret = secret_of(&offer, secret, ticket)?.normal();
    if (request.device, request.sealing) != (keys.device(), keys.sealing()) {
        return Err("The request to join names another device than this one.".into());
    }
    let (state, half) = exchange::joiner(&offer, &secret, &random);
    let shared = state.finish(&offer.half).map_err(|_| NO_OFFER)?;
    let head = RequestHead { id: offer.id, ticket: ticket.is_some(), half };
    let bound = ticket.map(|ticket| Bound { book: ticket.book, inviter: ticket.inviter });
    let session = Session::new(&shared, &offer, &head, bound);
    let message = session
        .write_request(request, keys)
        .and_then(|plain| session.request.seal(REQUEST, &plain))
        .map(|sealed| [head.bytes(), sealed].concat())
        .ok_or("A name is too long, or has characters no name has.")?;
    Ok((offer.id, session, message))
}

/// The secret to use for an offer.
fn secret_of(offer: &Offer, secret: &str, ticket: Option<&Ticket>) -> Result<Password, String> {
    let Some(ticket) = ticket else { return Password::parse(secret) };
    if ticket.id != offer.id {
        return Err("The ticket belongs to another invitation.".into());
    }
    if ticket.expires != offer.expires {
        return Err("The invitation was altered: it ends at another time than the ticket.".into());
    }
    if !secret.trim().is_empty() && Password::parse(secret)? != ticket.secret {
        return Err("These words are not those of the ticket.".into());
    }
    Ok(ticket.secret.clone())
}
