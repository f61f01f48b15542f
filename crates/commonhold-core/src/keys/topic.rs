//! The key to a room on a relay: who has it may read and write there. It comes from a key those
//! who belong have anyway, so a relay need not know who they are.

use super::{Secret, stretch};
use ed25519_dalek::{Signer, SigningKey};
use std::fmt;

/// A room on a relay: the public half names it, the private half signs what is asked of it.
#[derive(Clone)]
pub struct Topic(Box<SigningKey>);

impl Topic {
    /// The room of those who have a key of a book:
    /// `blake3::derive_key("commonhold 1 relay topic", key)`.
    pub fn of_key(secret: &Secret) -> Self {
        let seed = blake3::derive_key("commonhold 1 relay topic", secret.bytes().as_slice());
        Self(Box::new(SigningKey::from_bytes(&seed)))
    }

    /// The room in which those meet who know the secret of an invitation. The secret may be words
    /// people can say, so it is stretched: a relay must not find it by trying. Nothing if the
    /// computer has not got the memory for that.
    pub fn of_invitation(secret: &[u8]) -> Option<Self> {
        let seed = stretch(b"commonhold 1 meeting topic", secret)?;
        Some(Self(Box::new(SigningKey::from_bytes(&seed))))
    }

    /// Its name: the public half, 32 bytes.
    pub fn id(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs a request (Ed25519, RFC 8032).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Topic({})", crate::id::hex(&self.id()))
    }
}
