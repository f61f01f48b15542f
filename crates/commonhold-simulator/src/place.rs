//! Places devices exchange through, each with faults of its own. What is put on them lies in
//! memory; who may see what of it, and when, is up to the place's temper.

mod door;

pub use door::{Door, Life};

use crate::chance::Chance;
use std::collections::{BTreeMap, BTreeSet};

/// How a place behaves before everything calms down. All numbers are times in a thousand.
#[derive(Clone, Debug, Default)]
pub struct Temper {
    /// It forgets what it promised to keep, damages it, shows old things, invents names.
    pub lies: bool,
    /// What lies there is damaged or taken for something else, for good. The place that is honest
    /// in the end loses things before that, but does not let them rot: who has read a file does
    /// not read it again, so nobody would know.
    pub rots: bool,
    /// A call fails.
    pub trouble: usize,
    /// What is read arrives damaged, though it lies there whole.
    pub spoils: usize,
    /// Steps until what was put is seen by all others, at most.
    pub late: usize,
    /// Nothing that is put there is kept, and it says otherwise.
    pub deaf: bool,
    /// Whether reading it costs nothing, as on a disk.
    pub near: bool,
}

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// What lies there.
    pub bytes: Vec<u8>,
    /// The step it was put at, by which device, and how many steps others may wait for it.
    pub put: (u64, usize, usize),
}

/// One place.
#[derive(Debug, Default)]
pub struct Place {
    /// Which one.
    pub number: usize,
    /// How it behaves.
    pub temper: Temper,
    /// Whether it does all it promises by now.
    pub calm: bool,
    /// What lies there.
    pub files: BTreeMap<String, File>,
    /// What lay there once.
    pub old: Vec<(String, Vec<u8>)>,
    /// Devices that cannot reach it, up to a step.
    pub cut_off: BTreeMap<usize, u64>,
    /// Files strangers and hostile members put there.
    pub junk: BTreeSet<String>,
}

impl Place {
    /// A place by chance; the first one never breaks a promise for good.
    pub fn new(number: usize, chance: &mut Chance) -> Self {
        let temper = Temper {
            lies: number > 0 && !chance.one_in(3),
            rots: number > 0,
            trouble: if chance.one_in(2) { chance.below(60) } else { 0 },
            spoils: if chance.one_in(2) { chance.below(80) } else { 0 },
            late: if chance.one_in(2) { chance.below(8) } else { 0 },
            deaf: false,
            near: chance.one_in(2),
        };
        Self { number, temper, ..Self::default() }
    }

    /// Whether somebody sees a file at a step.
    pub fn shows(&self, name: &str, file: &File, who: usize, step: u64) -> bool {
        let (put, by, late) = file.put;
        if self.calm || by == who || late == 0 {
            return true;
        }
        let mut own = Chance(u64::try_from(name.len() + who * 7919).unwrap_or(0) ^ put);
        step >= put + u64::try_from(own.below(late + 1)).unwrap_or(0)
    }

    /// Lays junk down, as hostile hands do.
    pub fn litter(&mut self, name: String, bytes: Vec<u8>) {
        self.junk.insert(name.clone());
        self.files.insert(name, File { bytes, put: (0, usize::MAX, 0) });
    }

    /// What a place that lies does when nobody looks; answers what.
    pub fn scheme(&mut self, chance: &mut Chance) -> Option<&'static str> {
        if !self.temper.lies {
            return None;
        }
        let names: Vec<String> = self.files.keys().cloned().collect();
        let (one, other) = (chance.pick(&names)?, chance.pick(&names)?);
        match chance.below(5) {
            0 => {
                let (name, bytes) = chance.pick(&self.old)?;
                self.files.insert(name, File { bytes, put: (0, usize::MAX, 0) });
                Some("old files brought back")
            }
            1 => {
                self.old.push((one.clone(), self.files.remove(&one)?.bytes));
                Some("files lost")
            }
            2 if self.temper.rots => {
                let (a, b) = (self.files.get(&one)?.clone(), self.files.get(&other)?.clone());
                self.files.insert(one, b);
                self.files.insert(other, a);
                Some("files swapped")
            }
            3 if self.temper.rots => {
                let file = self.files.get_mut(&one)?;
                damage(&mut file.bytes, chance);
                Some("files damaged")
            }
            _ if self.temper.rots => {
                let file = self.files.get(&one)?.clone();
                let (folder, _) = one.split_once('/')?;
                let (_, name) = other.split_once('/')?;
                self.files.insert(format!("{folder}/{name}"), file);
                Some("files renamed")
            }
            _ => None,
        }
    }
}

/// Flips a bit, cuts the end off, or both.
pub fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << chance.below(8);
    }
    if chance.one_in(3) {
        bytes.truncate(chance.below(bytes.len()));
    }
}
