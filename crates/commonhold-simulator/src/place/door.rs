//! One device at a place, for the time of one exchange.

use super::{File, Place, damage};
use crate::chance::Chance;
use commonhold_sync::shelf::{Error, Item, Shelf, Trouble};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many calls a process lives on; shared by all it calls. At 0 it is dead.
#[derive(Debug)]
pub struct Life(AtomicU64);

impl Life {
    /// A process that dies at its so-manieth call; one that lives on where there is none.
    pub fn of(calls: Option<u64>) -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(calls.unwrap_or(u64::MAX))))
    }

    /// Another call: whether it is the last one.
    pub fn last_call(&self) -> bool {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        left == 1
    }

    /// Whether the process is dead.
    pub fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

/// A device at a place.
pub struct Door<'a> {
    /// The place.
    pub place: &'a mut Place,
    /// Which device, and the step it is.
    pub who: usize,
    /// The step it is.
    pub step: u64,
    /// What happens here by chance.
    pub chance: Chance,
    /// The life of the process.
    pub life: Arc<Life>,
    /// Whether it is told the truth: the calls may still fail.
    pub truthful: bool,
    /// What went wrong.
    pub faults: Vec<&'static str>,
}

impl Door<'_> {
    fn error(&self, trouble: Trouble, reason: &str) -> Error {
        Error { place: self.place(), trouble, reason: reason.to_owned() }
    }

    /// Whether a promise may be broken now.
    fn lies(&mut self, times: usize) -> bool {
        !self.truthful && !self.place.calm && self.place.temper.lies && self.chance.permille(times)
    }

    fn fault(&mut self, what: &'static str) {
        self.faults.push(what);
    }

    /// Fails where the place cannot be reached, or by chance; dies where it is time.
    fn call(&mut self) -> Result<(), Error> {
        if self.life.is_over() || self.life.last_call() {
            return Err(self.error(Trouble::Stopped, "the power went"));
        }
        if self.place.calm {
            return Ok(());
        }
        if self.place.cut_off.get(&self.who).is_some_and(|until| *until > self.step) {
            self.fault("partitions");
            return Err(self.error(Trouble::Away, "it cannot be reached"));
        }
        if self.chance.permille(self.place.temper.trouble) {
            self.fault("errors");
            let all = [Trouble::Away, Trouble::Full, Trouble::Broken, Trouble::Denied];
            let trouble = self.chance.pick(&all).unwrap_or(Trouble::Away);
            return Err(self.error(trouble, "something went wrong"));
        }
        Ok(())
    }

    /// Names nobody put there, made from those there are.
    fn invent(&mut self, items: &mut Vec<Item>) {
        let some = self.chance.pick(items);
        let Some((folder, _)) = some.as_ref().and_then(|item| item.name.split_once('/')) else {
            return;
        };
        let first = 1 + self.chance.below(40);
        let last = first + self.chance.below(900);
        let bytes = [0, 17, 4096, 24 << 20].get(self.chance.below(4)).copied().unwrap_or(0);
        let name = format!("{folder}/{first:016x}-{last:016x}-{bytes:016x}.cho");
        items.push(Item { name, bytes });
    }

    /// What arrives instead of a file.
    fn instead(&mut self, name: &str, bytes: Vec<u8>) -> Option<Vec<u8>> {
        match self.chance.below(4) {
            0 => {
                self.fault("gets of nothing");
                None
            }
            1 => {
                self.fault("gets of something else");
                let all: Vec<Vec<u8>> =
                    self.place.files.values().map(|file| file.bytes.clone()).collect();
                self.chance.pick(&all)
            }
            2 => {
                self.fault("gets of something old");
                let old = self.place.old.iter().rev().find(|(old, _)| old == name);
                Some(old.map_or(bytes, |(_, bytes)| bytes.clone()))
            }
            _ => {
                self.fault("gets cut short");
                let half = bytes.len() / 2;
                Some(bytes.get(..half).unwrap_or_default().to_vec())
            }
        }
    }
}

impl Shelf for Door<'_> {
    fn place(&self) -> String {
        format!("place {}", self.place.number)
    }

    fn list(&mut self, prefix: &str) -> Result<Vec<Item>, Error> {
        self.call()?;
        let mut items = Vec::new();
        let names: Vec<String> = self.place.files.keys().cloned().collect();
        for name in names.into_iter().filter(|name| name.starts_with(prefix)) {
            let Some(file) = self.place.files.get(&name) else { continue };
            if !self.truthful && !self.place.shows(&name, file, self.who, self.step) {
                self.fault("files shown late");
                continue;
            }
            let mut bytes = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
            if self.lies(40) {
                self.fault("names left out");
                continue;
            }
            if self.lies(20) {
                self.fault("lengths wrong");
                bytes += 1;
            }
            items.push(Item { name, bytes });
        }
        if self.lies(200) {
            self.fault("names invented");
            self.invent(&mut items);
        }
        if !self.place.calm && !items.is_empty() && self.chance.one_in(4) {
            self.fault("names listed twice");
            items.extend(self.chance.pick(&items));
        }
        if !self.place.calm {
            self.chance.shuffle(&mut items);
        }
        Ok(items)
    }

    fn get(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        self.call()?;
        let Some(file) = self.place.files.get(name) else { return Ok(None) };
        let mut bytes = file.bytes.clone();
        if self.lies(60) {
            return Ok(self.instead(name, bytes));
        }
        let spoils = self.place.temper.spoils;
        if !self.truthful && !self.place.calm && self.chance.permille(spoils) {
            self.fault("reads damaged");
            damage(&mut bytes, &mut self.chance);
        }
        bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(Some(bytes))
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.call()?;
        let mut bytes = bytes.to_vec();
        if self.place.temper.deaf || self.lies(80) {
            self.fault("puts forgotten");
            return Ok(());
        }
        if self.place.temper.rots && self.lies(30) {
            self.fault("puts damaged");
            damage(&mut bytes, &mut self.chance);
        }
        let late = self.place.temper.late;
        let late = if self.truthful || late == 0 { 0 } else { self.chance.below(late + 1) };
        let before = self.place.files.get(name);
        let late = if before.is_some() { 0 } else { late };
        if let Some(before) = before {
            self.place.old.push((name.to_owned(), before.bytes.clone()));
        }
        if self.place.temper.lies && self.chance.one_in(10) {
            self.fault("puts doubled");
            let copy = format!("{name}.copy");
            self.place.files.insert(copy, File { bytes: bytes.clone(), put: (0, self.who, 0) });
        }
        let file = File { bytes, put: (self.step, self.who, late) };
        self.place.files.insert(name.to_owned(), file);
        if !self.place.calm && self.chance.permille(self.place.temper.trouble / 2) {
            self.fault("answers lost");
            return Err(self.error(Trouble::Away, "the answer was lost"));
        }
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), Error> {
        self.call()?;
        if self.lies(200) {
            self.fault("removals forgotten");
            return Ok(());
        }
        if let Some(file) = self.place.files.remove(name) {
            self.place.old.push((name.to_owned(), file.bytes));
            self.place.junk.remove(name);
        }
        Ok(())
    }

    fn is_near(&self) -> bool {
        self.place.temper.near
    }
}
