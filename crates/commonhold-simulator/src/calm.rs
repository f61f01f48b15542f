//! Quiescence: faults stop, one place keeps what it promises, and everybody who belongs exchanges
//! until nothing changes any more.

use crate::model::{Knowledge, What};
use crate::world::World;
use crate::{Broken, Failed};
use commonhold_core::id::Hash;
use commonhold_core::store::Head;
use std::collections::BTreeSet;

/// Most rounds in which everybody exchanges with every place.
const MAX_ROUNDS: usize = 12;

/// What everybody has, and what lies at the first place.
type Summary = (Vec<(usize, Hash)>, BTreeSet<String>);

impl World {
    /// From the last step to the end: calm, then everything is checked.
    pub fn end(&mut self) -> Result<(), Failed> {
        self.trace.say(format!("{} everything calms down", self.step));
        self.step += 1;
        for place in &mut self.places {
            place.cut_off.clear();
            match self.settings.broken {
                Some(Broken::NoHonestPlace) => place.temper.deaf = true,
                _ => place.calm = place.number == 0,
            }
        }
        if let Some(broken) = self.settings.broken {
            self.break_something(broken)?;
        }
        self.settle()?;
        if self.let_the_rest_in()? {
            self.settle()?;
        }
        self.check()
    }

    /// Somebody writes a bill; the disk may have lied about keeping it.
    fn break_something(&mut self, broken: Broken) -> Result<(), Failed> {
        let before = self.device(0)?.profile()?;
        let written = self.model.written.len();
        for _ in 0..200 {
            self.write_something(0)?;
            let last = self.model.written.last();
            let bill = last.is_some_and(|last| matches!(last.what, What::Bill(_, None)));
            if self.model.written.len() > written && bill {
                break;
            }
        }
        if broken == Broken::DroppedWrite {
            self.device(0)?.restore(&before)?;
        }
        Ok(())
    }

    /// Devices that belong, by what the founder's knows.
    pub fn belonging(&mut self) -> Result<(Knowledge, Vec<usize>), Failed> {
        let known = self.knowledge(0)?;
        let mut all = Vec::new();
        for who in 0..self.devices.len() {
            let device = self.device(who)?.store()?.device();
            if known.belongs(&device) {
                all.push(who);
            }
        }
        Ok((known, all))
    }

    /// Devices nobody let in, or whose admission was lost, are let in now.
    fn let_the_rest_in(&mut self) -> Result<bool, Failed> {
        let mut some = false;
        for who in 1..self.devices.len() {
            let known = self.knowledge(0)?;
            let device = self.device(who)?;
            let (key, person) = (device.store()?.device(), device.person);
            let fresh = !known.devices.contains_key(&key) && !known.removed.contains(&person);
            if fresh && !self.device(0)?.copied {
                self.let_in(0, who)?;
                some = true;
            }
        }
        Ok(some)
    }

    fn summary(&mut self, all: &[usize]) -> Result<Summary, Failed> {
        let book = self.book;
        let mut heads = Vec::new();
        for who in all {
            heads.push((*who, self.device(*who)?.store()?.heads_fingerprint(&book)?));
        }
        let names = self.places.first().map(|place| place.files.keys().cloned().collect());
        Ok((heads, names.unwrap_or_default()))
    }

    /// Everybody exchanges with every place until nothing changes.
    fn settle(&mut self) -> Result<(), Failed> {
        let mut before = None;
        for round in 0..MAX_ROUNDS {
            self.step += 1;
            self.now += 60_000;
            let (_, all) = self.belonging()?;
            for who in &all {
                for place in 0..self.places.len() {
                    self.visit(*who, place, (true, None), None)?;
                }
            }
            let (_, all) = self.belonging()?;
            let summary = self.summary(&all)?;
            if before.as_ref() == Some(&summary) {
                self.trace.add("rounds until calm", u64::try_from(round).unwrap_or(0));
                return self.same_logs(&all);
            }
            before = Some(summary);
        }
        Err(Failed(format!("something still changes after {MAX_ROUNDS} rounds of exchange")))
    }

    /// Whether all have the same logs, up to the same ends.
    fn same_logs(&mut self, all: &[usize]) -> Result<(), Failed> {
        let book = self.book;
        let first = self.device(0)?.store()?.log_heads(&book)?;
        for who in all {
            let heads = self.device(*who)?.store()?.log_heads(&book)?;
            let other = |one: &[Head], other: &[Head]| {
                one.iter().find(|head| !other.contains(head)).copied()
            };
            let (here, there) = (other(&heads, &first), other(&first, &heads));
            if let Some((log, seq, hash)) = here.or(there) {
                let side = if here.is_some() { *who } else { 0 };
                return Err(Failed(format!(
                    "devices 0 and {who} do not have the same logs: on device {side} the log \
                     {log} ends with object {seq}, {}",
                    hash
                )));
            }
        }
        Ok(())
    }
}
