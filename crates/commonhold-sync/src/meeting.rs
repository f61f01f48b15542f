//! Where people who invite and who join meet: a room with the offer, the requests and the answers
//! to them. Nothing there is trusted; `joining.rs` decides.

use crate::joining::{self, invitation_of};
use crate::shelf::{Error, Shelf};
use commonhold_core::id::{Hash, hex};

/// Most messages of one kind looked at.
const MAX_MESSAGES: usize = 100;
const OFFER: &str = "offer";

/// A number of an invitation.
pub type InvitationId = [u8; 16];

/// One meeting, in its room.
pub struct Meeting<'a> {
    shelf: &'a mut dyn Shelf,
    id: Option<InvitationId>,
}

impl<'a> Meeting<'a> {
    /// The meeting of an invitation in its room; of any, for a joiner who knows only the words.
    pub fn new(shelf: &'a mut dyn Shelf, id: Option<InvitationId>) -> Self {
        Self { shelf, id }
    }

    /// Lays the offer down.
    pub fn put_offer(&mut self, offer: &[u8]) -> Result<(), Error> {
        self.shelf.put(OFFER, offer)
    }

    /// Takes the offer away: the invitation was used or called back.
    pub fn remove_offer(&mut self) -> Result<(), Error> {
        self.shelf.remove(OFFER)
    }

    /// The offer, if it is there.
    pub fn offer(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.message(OFFER)
    }

    /// Lays down an answer to the offer.
    pub fn put_request(&mut self, request: &[u8]) -> Result<(), Error> {
        self.shelf.put(&format!("request-{}", message_name(request)), request)
    }

    /// The answers to the offer.
    pub fn requests(&mut self) -> Result<Vec<Vec<u8>>, Error> {
        let mut found = Vec::new();
        let mut items = self.shelf.list("request-")?;
        items.sort();
        for item in items.into_iter().take(MAX_MESSAGES) {
            found.extend(self.message(&item.name)?);
        }
        Ok(found)
    }

    /// Lays down the welcome to a request.
    pub fn put_welcome(&mut self, request: &[u8], welcome: &[u8]) -> Result<(), Error> {
        self.shelf.put(&format!("welcome-{}", message_name(request)), welcome)
    }

    /// The welcome to a request, if it is there.
    pub fn welcome(&mut self, request: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.message(&format!("welcome-{}", message_name(request)))
    }

    fn message(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let most = joining::MAX_BYTES as u64;
        let bytes = self.shelf.get(name, most.saturating_add(1))?;
        let fits = |bytes: &Vec<u8>| {
            let of = invitation_of(bytes);
            bytes.len() <= joining::MAX_BYTES
                && of.is_some()
                && (self.id.is_none() || of == self.id)
        };
        Ok(bytes.filter(fits))
    }
}

/// Under which name a message lies: it says which request an answer is for.
fn message_name(message: &[u8]) -> String {
    hex(Hash::of(message).0.split_at(8).0)
}
