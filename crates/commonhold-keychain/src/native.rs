//! The Keychain of macOS and the Credential Manager of Windows.

use crate::{SERVICE, Trouble};
use keyring_core::{CredentialStore, Entry, Error};
use std::sync::Arc;
use zeroize::Zeroizing;

/// One of them.
pub struct Store(Arc<CredentialStore>);

fn trouble(error: &Error) -> Trouble {
    match error {
        Error::PlatformFailure(_) | Error::NoDefaultStore => Trouble::Missing,
        _ => Trouble::Refused,
    }
}

impl Store {
    /// Opens it.
    pub fn open() -> Result<Self, Trouble> {
        #[cfg(target_os = "macos")]
        let store = apple_native_keyring_store::keychain::Store::new();
        #[cfg(windows)]
        let store = windows_native_keyring_store::Store::new();
        store.map(|store| Self(store)).map_err(|error| trouble(&error))
    }

    fn entry(&self, account: &str) -> Result<Entry, Trouble> {
        self.0.build(SERVICE, account, None).map_err(|error| trouble(&error))
    }

    /// The secret of an account.
    pub fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, Trouble> {
        match self.entry(account)?.get_password() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    }

    /// Keeps a secret.
    pub fn set(&self, account: &str, secret: &str) -> Result<(), Trouble> {
        self.entry(account)?.set_password(secret).map_err(|error| trouble(&error))
    }

    /// Forgets what is kept of an account.
    pub fn remove(&self, account: &str) -> Result<(), Trouble> {
        match self.entry(account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(trouble(&error)),
        }
    }
}
