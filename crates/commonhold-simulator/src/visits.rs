//! Exchanges with places, done as the program does them.

use crate::acts::Plan;
use crate::device::{Aside, Lender};
use crate::model::What;
use crate::place::{Door, Life};
use crate::world::World;
use crate::{Failed, store_words};
use commonhold_core::document::Key;
use commonhold_core::store::{self, WrittenAgain};
use commonhold_core::{Kind, RecordId};
use commonhold_sync::attachments::Fetching;
use commonhold_sync::exchange::{Error, Options, Report, exchange};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most times an exchange is repeated because there turned out to be more.
const MAX_ROUNDS: usize = 4;

/// How an exchange came out.
enum Came {
    /// Done, with what it did.
    Done(Report),
    /// The place failed, or the device is not let do more.
    Trouble(String),
    /// This installation's log goes on elsewhere.
    Copied,
    /// The power went.
    Dead,
}

impl World {
    /// A device exchanges with a place.
    pub fn visit_somewhere(&mut self, who: usize) -> Result<(), Failed> {
        let place = match self.device(who)?.clonable && !self.settings.forked_copies {
            true => 0,
            false => self.chance.below(self.places.len()),
        };
        let full = self.chance.one_in(2);
        let dies = self.chance.one_in(8);
        let calls = dies.then(|| 1 + u64::try_from(self.chance.below(30)).unwrap_or(0));
        let aside = self.plan_aside(who)?;
        self.visit(who, place, (full, calls), aside).map(|_| ())
    }

    /// An exchange, again when the profile turned out to be a copy. Answers whether it came to an
    /// end.
    pub fn visit(
        &mut self,
        who: usize,
        place: usize,
        (full, calls): (bool, Option<u64>),
        mut aside: Option<(Plan, Aside)>,
    ) -> Result<bool, Failed> {
        for _ in 0..MAX_ROUNDS {
            // Also after the power went while it was writing again.
            self.write_again(who)?;
            let written = self.model.written.len();
            let came = self.one_visit(who, place, (full, calls), aside.take())?;
            let step = self.step;
            self.trace.count("exchanges");
            match came {
                Came::Done(report) => {
                    let Report { sent, received, .. } = &report;
                    let refused = report.refused.len();
                    if self.settings.loud {
                        report.refused.iter().for_each(|(name, why)| eprintln!("   {name}: {why}"));
                    }
                    self.trace.say(format!(
                        "{step} device {who} at place {place}: {sent} out, {received} in, \
                         {refused} refused{}",
                        if report.own_log_continued { ", its log went on elsewhere" } else { "" }
                    ));
                    if !report.own_log_continued {
                        if place == 0 && report.sealed {
                            self.device(who)?.handed = written;
                        }
                        return Ok(true);
                    }
                    self.renew(who)?;
                }
                Came::Copied => {
                    self.trace.say(format!("{step} device {who} is a copy"));
                    self.renew(who)?;
                }
                Came::Trouble(why) => {
                    self.trace.say(format!("{step} device {who} at place {place}: {why}"));
                    return Ok(false);
                }
                Came::Dead => {
                    self.trace.say(format!("{step} device {who} dies at place {place}"));
                    return Ok(false);
                }
            }
        }
        Ok(false)
    }

    fn one_visit(
        &mut self,
        who: usize,
        place: usize,
        (full, calls): (bool, Option<u64>),
        aside: Option<(Plan, Aside)>,
    ) -> Result<Came, Failed> {
        let (book, now, step) = (self.book, self.clock(who), self.step);
        let life = Life::of(calls);
        let mut chance = self.chance.fork();
        let (plan, aside) = aside.unzip();
        let forked_copies = self.settings.forked_copies;
        let none = || Failed(format!("there is no device {who} or place {place}"));
        let device = self.devices.get_mut(who).ok_or_else(none)?;
        let shelf = self.places.get_mut(place).ok_or_else(none)?;
        if !forked_copies {
            // Little is written here before each exchange: all that can be joined is.
            device.store()?.join_from(1);
        }
        let mut visit = device.visits.remove(&place).unwrap_or_default();
        let truthful = device.clonable && !forked_copies;
        let (lives, faults) = (life.clone(), Vec::new());
        let mut keep = Lender { device, book, life: lives, last: None, aside };
        let own = chance.fork();
        let mut door = Door { place: shelf, who, step, chance: own, life, truthful, faults };
        let options = Options { now, receipt: full, fold: full, fetching: Fetching::default() };
        let ended = catch_unwind(AssertUnwindSafe(|| {
            exchange(&mut keep, &mut door, &mut visit, &book, options, &mut |_, _| true)
        }));
        let faults = std::mem::take(&mut door.faults);
        let (dead, last, aside) = (keep.life.is_over(), keep.last.take(), keep.aside.take());
        faults.into_iter().for_each(|fault| self.trace.count(fault));
        self.note_aside(who, plan, aside)?;
        if dead {
            let lost = self.device(who)?.crash(last.as_ref(), &mut chance)?;
            self.trace.count("crashes");
            self.trace.count("crashes in an exchange");
            self.trace.add("commits lost in crashes", u64::try_from(lost).unwrap_or(0));
        } else {
            self.device(who)?.visits.insert(place, visit);
        }
        let ended = ended.map_err(|_| Failed(format!("an exchange of device {who} panicked")))?;
        match ended {
            _ if dead => Ok(Came::Dead),
            Ok(report) if report.own_log_continued && !self.device(who)?.clonable => Err(Failed(
                format!("device {who} was told that its log went on elsewhere, and it did not"),
            )),
            Ok(report) => Ok(Came::Done(report)),
            Err(Error::Store(store::Error::Copied)) => Ok(Came::Copied),
            Err(Error::Store(error)) => {
                Err(Failed(format!("an exchange of device {who} failed: {}", store_words(&error))))
            }
            Err(error) => Ok(Came::Trouble(error.to_string())),
        }
    }

    fn note_aside(
        &mut self,
        who: usize,
        plan: Option<Plan>,
        aside: Option<Aside>,
    ) -> Result<(), Failed> {
        let (Some(plan), Some((said, known, place))) = (plan, aside.and_then(|aside| aside.said))
        else {
            return Ok(());
        };
        if matches!(said, Err(store::Error::Copied)) {
            return Ok(());
        }
        self.trace.count("writes during exchanges");
        self.note(who, &plan, (&known, &said), Some(place))
    }

    /// A device goes on under a new installation, and writes again what was given up. The power
    /// may go at any point of it.
    pub fn renew(&mut self, who: usize) -> Result<(), Failed> {
        let (install, mut chance) = (self.chance.bytes(), self.chance.fork());
        let point = if self.chance.one_in(3) { self.chance.below(3) } else { 3 };
        self.trace.count("profiles renewed");
        let step = self.step;
        self.trace.say(format!("{step} device {who} goes on as a new installation"));
        let device = self.device(who)?;
        device.install = install;
        if point == 0 {
            device.crash(None, &mut chance)?;
        }
        device.store()?.renew(install)?;
        if point == 1 {
            device.crash(None, &mut chance)?;
        }
        let before = device.files()?;
        self.write_again(who)?;
        if point == 2 {
            self.device(who)?.crash(Some(&before), &mut chance)?;
        }
        if point < 3 {
            self.trace.count("crashes while renewing");
        }
        Ok(())
    }

    /// Writes again what was given up, if anything was; a device does this when it is opened.
    pub fn write_again(&mut self, who: usize) -> Result<(), Failed> {
        let (book, now) = (self.book, self.clock(who));
        let unsaid = self.unsaid_withdrawals(who)?;
        match self.device(who)?.store()?.write_again(&book, now) {
            Ok(WrittenAgain { edits, kept }) => {
                if edits > 0 {
                    self.trace.add("edits written again", u64::try_from(edits).unwrap_or(0));
                    let step = self.step;
                    self.trace.say(format!("{step} device {who} writes {edits} edits again"));
                    self.judge_again(who, &unsaid)?;
                }
                self.keep_unsaid(who, &kept)
            }
            Err(store::Error::Copied) => self.renew(who),
            Err(error) => Err(Failed(format!(
                "device {who} could not write again what was given up: {}",
                store_words(&error)
            ))),
        }
    }

    /// What a device keeps for the day it may write it again need not be there in the end; it may
    /// keep that only of what it may not write now.
    fn keep_unsaid(&mut self, who: usize, kept: &[Key]) -> Result<(), Failed> {
        if kept.is_empty() {
            return Ok(());
        }
        let known = self.knowledge(who)?;
        let (device, person) = (self.device(who)?.store()?.device(), self.device(who)?.person);
        for key in kept {
            let kind: Kind = key.kind.parse().map_err(|_| Failed("a kind is unknown".into()))?;
            if known.may(&device, kind, key.id == person) {
                return Err(Failed(format!(
                    "device {who} keeps a {kind} it may write again: {}",
                    key.id
                )));
            }
            self.trace.count("edits kept for want of a role");
            for written in self.model.written.iter_mut().filter(|w| w.by == who) {
                written.sure &= written.id != key.id;
            }
        }
        Ok(())
    }

    /// Withdrawals a device wrote that it does not hold now.
    fn unsaid_withdrawals(&mut self, who: usize) -> Result<Vec<RecordId>, Failed> {
        let (book, mut unsaid) = (self.book, Vec::new());
        let written = self.model.written.iter();
        let all: Vec<RecordId> = written
            .filter(|w| w.by == who && matches!(w.what, What::Withdrawal(_)))
            .map(|w| w.id)
            .collect();
        for id in all {
            if self.device(who)?.store()?.state(&book, Kind::Withdrawal, &id)?.is_none() {
                unsaid.push(id);
            }
        }
        Ok(unsaid)
    }

    /// What is said again is said as what its author is by then: a withdrawal by somebody who lost
    /// the role of what it takes out does not count any more.
    fn judge_again(&mut self, who: usize, unsaid: &[RecordId]) -> Result<(), Failed> {
        let (book, known) = (self.book, self.knowledge(who)?);
        let device = self.device(who)?.store()?.device();
        let may = known.may(&device, Kind::Transaction, false);
        for id in unsaid {
            if self.device(who)?.store()?.state(&book, Kind::Withdrawal, id)?.is_some() {
                let written = self.model.written.iter_mut().filter(|w| w.id == *id);
                written.for_each(|w| w.allowed = may);
            }
        }
        Ok(())
    }
}
