//! Where people who invite and who join meet in a shared folder: `joining/<invitation>/`, with the
//! offer, the requests and the answers to them. Nothing there is trusted; `joining.rs` decides.

use super::{Error, Folder, names, read_at_most, write_whole};
use crate::joining::{self, invitation_of};
use commonhold_core::id::{Hash, hex, unhex};
use std::fs;
use std::path::PathBuf;

/// Most messages of one kind looked at.
const MAX_MESSAGES: usize = 100;
const OFFER: &str = "offer";

/// A number of an invitation.
pub type InvitationId = [u8; 16];

impl Folder {
    fn meeting(&self, id: &InvitationId) -> PathBuf {
        self.top.join("joining").join(hex(id))
    }

    /// Lays an offer down.
    pub fn put_offer(&self, id: &InvitationId, offer: &[u8]) -> Result<(), Error> {
        let folder = self.meeting(id);
        write_whole(&folder, &folder.join(OFFER), offer, ".tmp-offer")
    }

    /// Takes an offer away: the invitation was used or called back.
    pub fn remove_offer(&self, id: &InvitationId) {
        // Somebody may have taken it away already.
        let _ = fs::remove_file(self.meeting(id).join(OFFER));
    }

    /// The offers that lie here.
    pub fn offers(&self) -> Result<Vec<Vec<u8>>, Error> {
        let folder = self.top.join("joining");
        let ids = names(&folder)?.into_iter().take(MAX_MESSAGES);
        let ids = ids.filter_map(|name| InvitationId::try_from(unhex(&name)?).ok());
        Ok(ids.filter_map(|id| self.message(&id, OFFER)).collect())
    }

    /// Lays down an answer to an offer.
    pub fn put_request(&self, id: &InvitationId, request: &[u8]) -> Result<(), Error> {
        let folder = self.meeting(id);
        let name = format!("request-{}", message_name(request));
        write_whole(&folder, &folder.join(name), request, ".tmp-request")
    }

    /// The answers to an offer.
    pub fn requests(&self, id: &InvitationId) -> Result<Vec<Vec<u8>>, Error> {
        let found = names(&self.meeting(id))?.into_iter();
        let requests = found.filter(|name| name.starts_with("request-")).take(MAX_MESSAGES);
        Ok(requests.filter_map(|name| self.message(id, &name)).collect())
    }

    /// Lays down the welcome to a request.
    pub fn put_welcome(
        &self,
        id: &InvitationId,
        request: &[u8],
        welcome: &[u8],
    ) -> Result<(), Error> {
        let folder = self.meeting(id);
        let name = format!("welcome-{}", message_name(request));
        write_whole(&folder, &folder.join(name), welcome, ".tmp-welcome")
    }

    /// The welcome to a request, if it is there.
    pub fn welcome(&self, id: &InvitationId, request: &[u8]) -> Option<Vec<u8>> {
        self.message(id, &format!("welcome-{}", message_name(request)))
    }

    fn message(&self, id: &InvitationId, name: &str) -> Option<Vec<u8>> {
        let path = self.meeting(id).join(name);
        let meta = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
        let most = joining::MAX_BYTES as u64;
        let bytes = read_at_most(&path, most).ok().filter(|_| meta.len() <= most)?;
        (invitation_of(&bytes) == Some(*id)).then_some(bytes)
    }
}

/// Under which name a message lies: it says which request an answer is for.
fn message_name(message: &[u8]) -> String {
    hex(Hash::of(message).0.split_at(8).0)
}
