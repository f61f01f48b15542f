//! Who writes: a device, from one installation.

use crate::id::{BookId, Device, LogId};
use crate::keys::DeviceKeys;
use std::cell::Cell;

/// Who writes: the device's key, and the installation it writes from.
pub struct Identity {
    pub(super) keys: DeviceKeys,
    pub(super) install: [u8; 16],
    session: [u8; 32],
    drawn: Cell<u64>,
}

impl Identity {
    /// `install` are sixteen random bytes, new for each installation; `session` 32 random bytes,
    /// never kept and never used twice: new keys come from them.
    pub fn new(keys: DeviceKeys, install: [u8; 16], session: [u8; 32]) -> Self {
        Self { keys, install, session, drawn: Cell::new(0) }
    }

    /// The device.
    pub fn device(&self) -> Device {
        self.keys.device()
    }

    /// The device's keys.
    pub fn keys(&self) -> &DeviceKeys {
        &self.keys
    }

    /// The next 32 random bytes.
    pub fn chance(&self) -> [u8; 32] {
        let drawn = self.drawn.get();
        self.drawn.set(drawn.wrapping_add(1));
        let material = [self.session.as_slice(), &drawn.to_be_bytes()].concat();
        blake3::derive_key("commonhold 1 chance of a session", &material)
    }

    /// Names, with device and book, the logs this installation writes. It is public.
    pub fn nonce(&self) -> [u8; 16] {
        let hash = blake3::derive_key("commonhold 1 log nonce", &self.install);
        let mut nonce = [0; 16];
        nonce.copy_from_slice(hash.split_at(16).0);
        nonce
    }

    /// The log this installation writes in a book.
    pub fn log(&self, book: &BookId) -> LogId {
        LogId::of(&self.device(), book, &self.nonce())
    }
}
