//! What is known of a room's files, so that only changes are asked for.

use commonhold_sync::shelf::{Item, is_name};
use std::collections::BTreeMap;
use std::ops::Bound;

/// Files in one room, more than any honest one has.
const FILES: usize = 200_000;

/// Why a listing is of no use.
#[derive(Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It goes on and on.
    Many,
    /// It is not as one is written.
    Nonsense,
    /// Somebody began it anew meanwhile.
    Begun,
}

/// The files, and how far they are known. Changes have rising numbers; those up to the cursor are
/// in it. Several may bring changes at the same time: each brings them without gaps from a place
/// that was known when it began, so one that is not beyond the cursor is known already.
#[derive(Debug, Default)]
pub struct Listing {
    items: BTreeMap<String, u64>,
    cursor: u64,
    /// Which store the numbers are of.
    store: Option<String>,
    /// Goes up when it begins anew.
    epoch: u64,
    /// How many keep it up to date at this moment.
    live: u32,
    /// Something was changed from here that may not be in it.
    behind: bool,
}

impl Listing {
    /// Where to ask on, and in which life of the listing that is.
    pub fn place(&self) -> (u64, u64) {
        (self.cursor, self.epoch)
    }

    /// Whether nothing need be asked.
    pub fn is_current(&self) -> bool {
        self.live > 0 && !self.behind
    }

    /// Something is changed from here.
    pub fn changed_here(&mut self) {
        self.behind = true;
    }

    /// Whether numbers of this store mean what they meant; a listing that knows nothing yet takes
    /// them for its own.
    pub fn is_of(&mut self, store: &str) -> bool {
        match &self.store {
            Some(ours) => ours == store,
            None => {
                self.store = Some(store.to_owned());
                self.cursor == 0
            }
        }
    }

    /// Forgets everything.
    pub fn begin_anew(&mut self, store: Option<String>) {
        let (epoch, live) = (self.epoch.wrapping_add(1), self.live);
        *self = Self { store, epoch, live, behind: true, ..Self::default() };
    }

    /// Somebody keeps it up to date from now on, or does not any more.
    pub fn keep(&mut self, on: bool) {
        self.live = if on { self.live.saturating_add(1) } else { self.live.saturating_sub(1) };
    }

    /// Takes in a page of changes that was asked for after this number.
    pub fn page(
        &mut self,
        text: &str,
        cursor: u64,
        after: u64,
        more: bool,
        epoch: u64,
    ) -> Result<(), Wrong> {
        let mut last = after;
        for line in text.lines() {
            last = self.line(line, last, epoch)?;
        }
        // A page that leads nowhere would be asked for again and again.
        if epoch != self.epoch || cursor < last || (more && cursor <= after) {
            return Err(if epoch == self.epoch { Wrong::Nonsense } else { Wrong::Begun });
        }
        self.cursor = self.cursor.max(cursor);
        self.behind &= more;
        Ok(())
    }

    /// Takes in a change that comes after another; gives its number.
    pub fn line(&mut self, line: &str, last: u64, epoch: u64) -> Result<u64, Wrong> {
        if epoch != self.epoch {
            return Err(Wrong::Begun);
        }
        let mut parts = line.split(' ');
        let (Some(n), Some(bytes), Some(name), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Wrong::Nonsense);
        };
        let n = number(n).filter(|n| *n > last).ok_or(Wrong::Nonsense)?;
        if !is_name(name) {
            return Err(Wrong::Nonsense);
        }
        let bytes = if bytes == "-" { None } else { Some(number(bytes).ok_or(Wrong::Nonsense)?) };
        if n > self.cursor {
            self.cursor = n;
            match bytes {
                Some(bytes) => self.items.insert(name.to_owned(), bytes),
                None => self.items.remove(name),
            };
            if self.items.len() > FILES {
                return Err(Wrong::Many);
            }
        }
        Ok(n)
    }

    /// Everything up to this number was said.
    pub fn reached(&mut self, cursor: u64, last: u64, epoch: u64) -> Result<(), Wrong> {
        match () {
            () if epoch != self.epoch => Err(Wrong::Begun),
            () if cursor < last => Err(Wrong::Nonsense),
            () => {
                self.cursor = self.cursor.max(cursor);
                Ok(())
            }
        }
    }

    /// Files whose names begin so.
    pub fn items(&self, prefix: &str) -> Vec<Item> {
        let from = self.items.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let found = from.take_while(|(name, _)| name.starts_with(prefix));
        found.map(|(name, bytes)| Item { name: name.clone(), bytes: *bytes }).collect()
    }
}

/// A number as a relay writes one.
pub fn number(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(listing: &Listing) -> Vec<String> {
        listing.items("").into_iter().map(|item| item.name).collect()
    }

    #[test]
    fn changes_from_two_sides_come_to_the_same() {
        let mut listing = Listing::default();
        listing.page("3 5 a\n4 7 b/c\n", 4, 0, false, 0).unwrap();
        // Pushed meanwhile, then an older page that was on its way.
        assert_eq!(listing.line("6 - a", 4, 0), Ok(6));
        listing.page("5 9 a\n", 5, 4, false, 0).unwrap();
        assert_eq!((names(&listing), listing.place()), (vec!["b/c".to_owned()], (6, 0)));
        assert_eq!(listing.items("b/").len(), 1);
    }

    #[test]
    fn nonsense_is_not_taken_in() {
        for line in [
            "",
            "x",
            "1 2",
            "1 2 a b",
            "0 1 a",
            "-1 1 a",
            "1 1 ../a",
            "1 1 A",
            "1 -1 a",
            "1  a",
            "9999999999999999999 1 a",
        ] {
            assert_eq!(Listing::default().line(line, 0, 0), Err(Wrong::Nonsense), "{line}");
        }
        let mut listing = Listing::default();
        assert_eq!(listing.page("2 1 a\n2 1 a\n", 2, 0, false, 0), Err(Wrong::Nonsense));
        let mut listing = Listing::default();
        assert_eq!(listing.page("", 0, 0, true, 0), Err(Wrong::Nonsense));
        assert_eq!(listing.page("5 1 a\n", 4, 0, false, 0), Err(Wrong::Nonsense));
        listing.begin_anew(None);
        assert_eq!(listing.page("9 1 a\n", 9, 0, false, 0), Err(Wrong::Begun));
    }
}
