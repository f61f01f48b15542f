//! Many devices over bad places, all from one number. Every replica is the program's own store on
//! a real file and every exchange the program's own; the clock, chance, the places and the power
//! are this crate's. When all is over it is checked that nothing acknowledged is lost, that all
//! who belong show the same, and that nobody got more than the rules give them.
//!
//! - `world.rs`: who there is and what happens when; `acts.rs`, `people.rs`: what people write and
//!   state; `hostile.rs`: what those do who mean harm.
//! - `device.rs`, `disk.rs`: profiles, and how power cuts, copies and old backups leave them.
//! - `place.rs`: places and what they do wrong; `visits.rs`: exchanges with them.
//! - `model.rs`: what must come out, worked out apart; `calm.rs`, `checks.rs`: whether it does.

// Numbers here are small, and one that does not fit should stop a run.
#![allow(clippy::arithmetic_side_effects)]
#![cfg_attr(test, allow(clippy::string_slice))]

mod acts;
mod calm;
mod chance;
mod checks;
mod device;
mod disk;
mod hostile;
mod model;
mod people;
mod place;
mod trace;
mod visits;
mod world;

use commonhold_core::{object, store};
use std::collections::BTreeMap;
use std::fmt;
use world::World;

/// What does not hold, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed(pub String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

/// An error of the store with what is in it: ids do not matter to who reads a trace.
fn store_words(error: &store::Error) -> String {
    error.to_string()
}

impl From<store::Error> for Failed {
    fn from(error: store::Error) -> Self {
        Self(format!("a store failed: {error}"))
    }
}

impl From<object::Error> for Failed {
    fn from(error: object::Error) -> Self {
        Self(format!("an object failed: {error}"))
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self(format!("a disk failed: {error}"))
    }
}

/// How a run is done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Whether to print every step to stderr.
    pub loud: bool,
    /// Whether devices that may be copied or put back exchange with any place, also with ones that
    /// lie: then copies that know nothing of each other hand both branches of a log to others.
    pub forked_copies: bool,
    /// What is deliberately broken, to see that it is noticed.
    pub broken: Option<Broken>,
}

/// What a world can be made to do that must be noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// No place ever keeps what it promised to keep.
    NoHonestPlace,
    /// One device acknowledges a write and drops it.
    DroppedWrite,
}

/// How a run came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// What does not hold, if anything.
    pub failed: Option<Failed>,
    /// A hash over everything that happened and everything all devices show at the end.
    pub hash: String,
    /// Steps.
    pub steps: u64,
    /// How often what happened.
    pub counts: BTreeMap<&'static str, u64>,
    /// The last steps, in words.
    pub last: Vec<String>,
}

/// Runs a seed from beginning to end. It never fails in any other way than by saying so.
pub fn run(seed: u64, settings: Settings) -> Outcome {
    match World::new(seed, settings) {
        Ok(mut world) => {
            let failed = world.go_on().and_then(|()| world.end()).err();
            let (steps, hash) = (world.trace.steps, world.trace.hash());
            let (counts, last) = (world.trace.counts, world.trace.last.into());
            Outcome { seed, failed, hash, steps, counts, last }
        }
        Err(failed) => Outcome {
            seed,
            failed: Some(failed),
            hash: String::new(),
            steps: 0,
            counts: BTreeMap::new(),
            last: Vec::new(),
        },
    }
}
