//! The Secret Service (freedesktop.org, draft 0.2) over D-Bus. Secrets are encrypted on the way.
//! Locked, it asks a person to unlock it; that may take for ever.

use crate::{SERVICE, Trouble};
use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error};
use std::collections::HashMap;
use zeroize::Zeroizing;

/// A connection to it.
pub struct Store(SecretService<'static>);

fn trouble(error: &Error) -> Trouble {
    match error {
        Error::Locked | Error::Prompt | Error::NoResult => Trouble::Refused,
        _ => Trouble::Missing,
    }
}

/// What an account's secret is found by.
fn attributes(account: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("account", account)])
}

impl Store {
    /// Connects to the service of this person's session.
    pub fn open() -> Result<Self, Trouble> {
        SecretService::connect(EncryptionType::Dh).map(Self).map_err(|error| trouble(&error))
    }

    /// The secret of an account.
    pub fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, Trouble> {
        let first = self.find(account)?.into_iter().next();
        let Some(item) = first else { return Ok(None) };
        let secret = item.get_secret().map_err(|error| trouble(&error))?;
        String::from_utf8(secret).map(|text| Some(Zeroizing::new(text))).map_err(|wrong| {
            drop(Zeroizing::new(wrong.into_bytes()));
            Trouble::Refused
        })
    }

    /// Keeps a secret.
    pub fn set(&self, account: &str, secret: &str) -> Result<(), Trouble> {
        let keep = || {
            let collection = self.0.get_default_collection()?;
            if collection.is_locked()? {
                collection.unlock()?;
            }
            let label = format!("Commonhold: {account}");
            let (name, bytes) = (attributes(account), secret.as_bytes());
            collection.create_item(&label, name, bytes, true, "text/plain").map(drop)
        };
        keep().map_err(|error: Error| trouble(&error))
    }

    /// Forgets what is kept of an account.
    pub fn remove(&self, account: &str) -> Result<(), Trouble> {
        let found = self.find(account)?;
        found.iter().try_for_each(Item::delete).map_err(|error| trouble(&error))
    }

    /// What is kept of an account, unlocked.
    fn find(&self, account: &str) -> Result<Vec<Item<'_>>, Trouble> {
        let find = || {
            let found = self.0.search_items(attributes(account))?;
            for item in &found.locked {
                item.unlock()?;
            }
            Ok(found.unlocked.into_iter().chain(found.locked).collect())
        };
        find().map_err(|error: Error| trouble(&error))
    }
}
