//! A shelf in memory: what a file of exchange holds, and the world of a simulation.

use super::{Error, Item, Shelf};
use std::collections::BTreeMap;

/// Files by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Where they are from, in words for people.
    pub place: String,
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// How many bytes the files have, with some for the name of each.
    pub fn bytes(&self) -> u64 {
        let lengths = self.files.values().map(|bytes| u64::try_from(bytes.len()).unwrap_or(0));
        lengths.fold(0, |sum, length| sum.saturating_add(length).saturating_add(256))
    }
}

impl Shelf for Memory {
    fn place(&self) -> String {
        self.place.clone()
    }

    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, Error> {
        let items = self.files.iter().filter(|(name, _)| name.starts_with(prefix));
        Ok(items
            .map(|(name, bytes)| Item {
                name: name.clone(),
                bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            })
            .collect())
    }

    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Ok(self.files.get(name).map(|bytes| bytes.iter().take(most).copied().collect()))
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.files.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn is_near(&self) -> bool {
        true
    }

    fn remove(&mut self, name: &str) -> Result<(), Error> {
        self.files.remove(name);
        Ok(())
    }
}
