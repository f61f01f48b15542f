//! What people say about people, and profiles that are copied or put back.

use crate::Failed;
use crate::chance::Chance;
use crate::device::Profile;
use crate::model::Knowledge;
use crate::world::{World, grant, living};
use commonhold_core::authority::{Role, Statement};
use commonhold_core::id::Device;
use commonhold_core::keys::{KeyId, Secret};
use commonhold_core::store::{self, Act};
use commonhold_core::{Kind, RecordId};
use commonhold_sync::sealing::Envelope;
use serde_json::json;
use std::collections::BTreeSet;

impl World {
    /// States something as a device; answers whether it is still there after the power went.
    fn state(&mut self, who: usize, statements: &[Statement]) -> Result<bool, Failed> {
        let crash = self.chance.one_in(8);
        let (book, now, mut chance) = (self.book, self.clock(who), self.chance.fork());
        let before = if crash { Some(self.device(who)?.files()?) } else { None };
        match self.device(who)?.store()?.say(&book, now, statements) {
            Err(store::Error::Copied) => {
                self.renew(who)?;
                self.device(who)?.store()?.say(&book, now, statements)?;
            }
            other => drop(other?),
        }
        let place = self.device(who)?.end_of_log(&book)?;
        if let Some(before) = before {
            self.device(who)?.crash(Some(&before), &mut chance)?;
            self.trace.count("crashes");
        }
        let there = self.device(who)?.end_of_log(&book)? >= place;
        let step = self.step;
        let lost = if there { "" } else { ", and it is lost with the power" };
        self.trace.say(format!("{step} device {who} says {}{lost}", words(statements)));
        self.trace.count("statements");
        Ok(there)
    }

    /// The founder, or a person for a device of their own, lets a device in.
    pub fn let_in(&mut self, by: usize, who: usize) -> Result<(), Failed> {
        let book = self.book;
        let device = self.device(who)?;
        let (person, admission) = (device.person, device.admission(&book));
        let role = self.people.iter().find(|(other, _)| *other == person).map(|(_, role)| *role);
        let own = self.device(by)?.person == person;
        let mut statements = vec![admission];
        // Roles are given once: a person may be known, and their role ended, by another device.
        let given = self.knowledge(by)?.given;
        let role =
            role.filter(|role| *role != Role::Leadership && !given.contains(&(person, *role)));
        if let Some(role) = role.filter(|_| !own) {
            statements.push(grant(person, role));
        }
        if !self.state(by, &statements)? {
            return Ok(());
        }
        self.device(who)?.admitted = true;
        if !own {
            let name = json!({"public_name": format!("Person of device {who}")});
            self.write_quietly(by, living("charter", Kind::Person, person, name))?;
        }
        Ok(())
    }

    /// Writes what the model need not know.
    fn write_quietly(&mut self, who: usize, act: Act) -> Result<(), Failed> {
        let (book, now) = (self.book, self.clock(who));
        self.device(who)?.store()?.write(&book, now, &[act], &mut |_| true)?;
        Ok(())
    }

    /// What a device knows of people.
    pub fn knowledge(&mut self, who: usize) -> Result<Knowledge, Failed> {
        let book = self.book;
        Ok(Knowledge::of(self.device(who)?.store()?, &book)?)
    }

    /// A key an honest device has and handed over: whoever means harm can have been given that one,
    /// also after they left. What lies somewhere sealed under a key nobody was given yet could be
    /// read by its maker alone.
    pub fn leaked_key(&mut self, who: usize) -> Result<Option<Secret>, Failed> {
        let (book, now) = (self.book, self.clock(who));
        let files = self.places.iter().flat_map(|place| &place.files);
        let envelopes = files.filter(|(name, _)| name.starts_with("keys/"));
        let laid: BTreeSet<KeyId> = envelopes
            .filter_map(|(_, file)| Envelope::read(&file.bytes).map(|envelope| envelope.id))
            .collect();
        let store = self.device(who)?.store()?;
        let newest = store.sealing_key(&book, now)?;
        let keyring = store.keyring(&book)?;
        let earlier = store.book_keys(&book)?.into_iter();
        let earlier = earlier.filter_map(|(_, set)| keyring.get(&set.id).cloned());
        Ok(newest.into_iter().chain(earlier).find(|secret| laid.contains(&secret.id())))
    }

    /// A device of the founder states something, or a person admits another device of theirs.
    pub fn say_something(&mut self, who: usize) -> Result<(), Failed> {
        let known = self.knowledge(who)?;
        let device = self.device(who)?;
        let (own, person, copied) = (device.store()?.device(), device.person, device.copied);
        if copied || !known.belongs(&own) {
            return Ok(());
        }
        let founder = self.people.first().map(|(person, _)| *person);
        let waiting = self.devices.iter().filter(|other| !other.admitted);
        let mine = waiting.clone().find(|other| other.person == person).map(|d| d.number);
        let is_known = |other: RecordId| known.devices.values().any(|whose| *whose == other);
        let new = waiting.clone().find(|other| !is_known(other.person)).map(|d| d.number);
        if let Some(new) = mine {
            return self.let_in(who, new);
        }
        if founder != Some(person) {
            return Ok(());
        }
        if let Some(new) = new {
            return self.let_in(who, new);
        }
        match self.chance.below(4) {
            0 => self.remove_somebody(who, &known),
            1 => self.end_a_role(who, &known),
            _ => {
                let people: Vec<RecordId> = self.people.iter().map(|(person, _)| *person).collect();
                let all = [Role::Teller, Role::Treasurer, Role::Member];
                let picked = self.chance.pick(&people).zip(self.chance.pick(&all));
                let fresh = |pair: &(RecordId, Role)| {
                    !known.given.contains(pair)
                        && is_known(pair.0)
                        && !known.removed.contains(&pair.0)
                };
                let Some((whom, role)) = picked.filter(fresh) else { return Ok(()) };
                self.state(who, &[grant(whom, role)]).map(|_| ())
            }
        }
    }

    fn end_a_role(&mut self, who: usize, known: &Knowledge) -> Result<(), Failed> {
        let held: Vec<(RecordId, Role)> = known.given.difference(&known.ended).copied().collect();
        let held = self
            .chance
            .pick(&held)
            .filter(|(whom, role)| *role != Role::Leadership && !known.removed.contains(whom));
        let Some((person, role)) = held else { return Ok(()) };
        let reason = "The term is over".to_owned();
        self.state(who, &[Statement::End { person, role, reason }]).map(|_| ())
    }

    /// Removes somebody who is not copied, with what the signer has of their logs.
    fn remove_somebody(&mut self, who: usize, known: &Knowledge) -> Result<(), Failed> {
        let founder = self.people.first().map(|(person, _)| *person);
        let may = |person: &RecordId| {
            let cloned = self.devices.iter().any(|d| d.person == *person && d.clonable);
            Some(*person) != founder && !cloned && !known.removed.contains(person)
        };
        let people: Vec<RecordId> = known.devices.values().copied().filter(may).collect();
        let Some(person) = self.chance.pick(&people) else { return Ok(()) };
        if !self.model.cuts.is_empty() {
            return Ok(());
        }
        let theirs: Vec<Device> =
            known.devices.iter().filter(|(_, whose)| **whose == person).map(|d| *d.0).collect();
        let book = self.book;
        let cuts = self.device(who)?.store()?.cuts(&book, &theirs)?;
        let reason = "Trouble".to_owned();
        let noted = cuts.iter().map(|cut| (cut.log, cut.seq)).collect();
        let removal = Statement::Remove { person, device: None, reason, cuts, decision: None };
        if self.state(who, &[removal])? {
            self.model.cuts.insert(person, noted);
            self.trace.count("people removed");
        }
        Ok(())
    }

    /// A profile is copied away, put back, or run a second time, where that is possible.
    pub fn steal_or_copy(&mut self) -> Result<(), Failed> {
        let possible = self.devices.iter().filter(|device| device.clonable && device.admitted);
        let possible: Vec<usize> = possible.map(|device| device.number).collect();
        let Some(who) = self.chance.pick(&possible) else { return Ok(()) };
        let step = self.step;
        let mut chance: Chance = self.chance.fork();
        let backup = self.device(who)?.backup.clone();
        let clones = self.devices.iter().filter(|device| device.copied).count();
        match (chance.below(4), backup) {
            (0, _) | (_, None) => {
                let profile = self.device(who)?.profile()?;
                let backed_up = self.model.written.len();
                let device = self.device(who)?;
                (device.backup, device.backed_up) = (Some(profile), backed_up);
                self.trace.say(format!("{step} device {who} is backed up"));
            }
            (1, Some(backup)) if clones == 0 => {
                let (number, folder) = (self.devices.len(), self.folder.path().to_owned());
                let twin = self.device(who)?.twin(number, &folder, &backup)?;
                self.device(who)?.copied = true;
                self.devices.push(twin);
                self.trace.count("profiles copied");
                self.trace.say(format!("{step} device {who} is copied as device {number}"));
            }
            (_, Some(backup)) => self.put_back(who, &backup)?,
        }
        Ok(())
    }
}

impl World {
    /// An old copy of a profile is put back: what was not handed over since then may be lost.
    fn put_back(&mut self, who: usize, backup: &Profile) -> Result<(), Failed> {
        let device = self.device(who)?;
        let (handed, backed_up) = (device.handed, device.backed_up);
        device.restore(backup)?;
        for written in self.model.written.iter_mut().skip(handed) {
            written.sure &= written.by != who;
        }
        for written in self.model.written.iter_mut().skip(backed_up) {
            written.orphaned |= written.by == who;
        }
        self.trace.count("profiles put back");
        let step = self.step;
        self.trace.say(format!("{step} device {who} goes on from an old backup"));
        Ok(())
    }
}

/// Statements in a few words, without keys.
fn words(statements: &[Statement]) -> String {
    let word = |statement: &Statement| match statement {
        Statement::Device { label, .. } => format!("{label} belongs"),
        Statement::Grant { person, role, .. } => format!("{person} is {role}"),
        Statement::End { person, role, .. } => format!("{person} is {role} no more"),
        Statement::Remove { person, .. } => format!("{person} is removed"),
        other => format!("{other:?}"),
    };
    statements.iter().map(word).collect::<Vec<_>>().join(", ")
}
