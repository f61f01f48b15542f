//! Who is who at one point of the graph of statements, and what it takes to change that.

use super::effect::Effect;
use super::role::Role;
use super::statement::{Basis, Genesis};
use super::tally::{Tally, merge};
use crate::date::{Date, Time};
use crate::id::{Device, Hash, LogId, RecordId};
use crate::keys::SealingPublic;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A device of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Whose.
    pub person: RecordId,
    /// Its public key for sealing.
    pub sealing: SealingPublic,
    /// The log it writes from the start.
    pub log: LogId,
    /// What its owner calls it.
    pub label: String,
    /// Whether it is a recovery sheet.
    pub recovery: bool,
    /// When the statement that admitted it says it was made.
    pub since: Time,
    /// How often the person had been removed when it was admitted.
    pub(super) round: u32,
    /// Whether it was admitted as the first of somebody nobody knew.
    pub(super) first: bool,
    /// What must be in force for it to count; nothing when its person admitted it.
    pub(super) needs: Option<Action>,
}

impl Admitted {
    /// Whether others admitted it, and its person does so now.
    pub(super) fn waits_for(&self, other: &Self) -> bool {
        let same = (self.person, self.round) == (other.person, other.round);
        same && self.needs.is_some() && other.needs.is_none()
    }
}

/// Something it may take several people to bring about. `round` counts how often the same was
/// undone before, so that old signatures do not count again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// A person is removed.
    Remove(RecordId, u32),
    /// A device is removed.
    RemoveDevice(RecordId, Device),
    /// A device of a person is admitted by others.
    Admit(RecordId, Device),
    /// A role is granted for a term.
    Grant(RecordId, Role, Option<Date>, Option<Date>, u32),
    /// A role is ended.
    End(RecordId, Role, u32),
    /// Other numbers of signatures are needed: to remove, for leadership.
    Policy(u32, Option<u32>, Option<u32>),
}

/// A role somebody has or had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Which.
    pub role: Role,
    /// First day of the term.
    pub from: Option<Date>,
    /// Last day of the term.
    pub to: Option<Date>,
    /// What it rests on.
    pub basis: Basis,
    /// The decision behind it.
    pub decision: Option<RecordId>,
}

/// Who is who.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub(super) devices: BTreeMap<Device, Arc<Admitted>>,
    pub(super) by_person: BTreeMap<RecordId, BTreeSet<Device>>,
    tallies: BTreeMap<Action, Arc<Tally>>,
    /// For whom a role was ever signed.
    asked: BTreeMap<Role, BTreeSet<RecordId>>,
    released: BTreeSet<Hash>,
    erased: BTreeSet<String>,
}

/// A round beyond any that can be: for ranges over all rounds.
const LAST: u32 = u32::MAX;

impl State {
    pub(super) fn begin(&mut self, genesis: &Genesis, log: LogId) -> Vec<Effect> {
        let time = Time(genesis.time);
        let founder = Admitted {
            person: genesis.person,
            sealing: genesis.sealing,
            log,
            label: genesis.label.clone(),
            recovery: false,
            since: time,
            round: 0,
            first: false,
            needs: None,
        };
        let role = Action::Grant(genesis.person, Role::Leadership, None, None, 0);
        let mut signed = Effect::sign(role, genesis.person, 1, "", time);
        if let Effect::Sign(_, _, signature) = &mut signed {
            signature.basis = Some((Basis::Founding, None));
        }
        let effects = vec![Effect::Admit(genesis.device, Arc::new(founder)), signed];
        effects.iter().for_each(|effect| self.fold(effect));
        effects
    }

    pub(super) fn fold(&mut self, effect: &Effect) {
        match effect {
            Effect::Admit(device, admitted) => {
                if self.devices.get(device).is_none_or(|there| there.waits_for(admitted)) {
                    self.by_person.entry(admitted.person).or_default().insert(*device);
                    self.devices.insert(*device, Arc::clone(admitted));
                }
            }
            Effect::Sign(action, person, signature) => {
                if let Action::Grant(person, role, ..) = action {
                    self.asked.entry(*role).or_default().insert(*person);
                }
                let tally = self.tallies.entry(action.clone()).or_default();
                Arc::make_mut(tally).sign(*person, signature);
            }
            Effect::Release(object) => {
                self.released.insert(*object);
            }
            Effect::Erase(document) => {
                self.erased.insert(document.clone());
            }
        }
    }

    fn in_force(&self, action: &Action) -> bool {
        self.tallies.get(action).is_some_and(|tally| tally.in_force())
    }

    /// How often a person was removed.
    pub(super) fn removals(&self, person: RecordId) -> u32 {
        let range = Action::Remove(person, 0)..=Action::Remove(person, LAST);
        count(self.tallies.range(range).filter(|(_, tally)| tally.in_force()).count())
    }

    /// How often a role was taken from a person, by ending it or removing them.
    pub(super) fn ends(&self, person: RecordId, role: Role) -> u32 {
        let range = Action::End(person, role, 0)..=Action::End(person, role, LAST);
        let ended = self.tallies.range(range).filter(|(_, tally)| tally.in_force()).count();
        count(ended).saturating_add(self.removals(person))
    }

    /// A device that was admitted, whether or not it was removed since.
    pub fn admitted(&self, device: &Device) -> Option<&Admitted> {
        let admitted = self.devices.get(device)?;
        let enough = admitted.needs.as_ref().is_none_or(|needs| self.in_force(needs));
        (enough && !self.is_disputed(device, admitted)).then_some(admitted)
    }

    /// Whether at least as many admitted another device as the first of the same person: then it
    /// is not known who that is, and nobody may speak for another by not having seen him.
    fn is_disputed(&self, device: &Device, admitted: &Admitted) -> bool {
        let signed = |device: &Device| {
            let tally = self.tallies.get(&Action::Admit(admitted.person, *device));
            tally.map_or(0, |tally| tally.votes.len())
        };
        let rival = |other: &&Device| {
            *other != device && self.devices.get(*other).is_some_and(|other| other.first)
        };
        let all =
            self.by_person.get(&admitted.person).filter(|all| admitted.first && all.len() > 1);
        let signatures = signed(device);
        all.is_some_and(|all| all.iter().filter(rival).any(|other| signed(other) >= signatures))
    }

    /// A device that belongs to the service.
    pub fn active(&self, device: &Device) -> Option<&Admitted> {
        self.admitted(device).filter(|admitted| {
            admitted.round == self.removals(admitted.person)
                && !self.in_force(&Action::RemoveDevice(admitted.person, *device))
        })
    }

    /// All devices that were ever admitted.
    pub fn devices(&self) -> impl Iterator<Item = (&Device, &Admitted)> {
        let all = self.devices.iter().map(|(device, admitted)| (device, admitted.as_ref()));
        all.filter(|(device, _)| self.admitted(device).is_some())
    }

    /// All people who were ever admitted.
    pub fn people(&self) -> BTreeSet<RecordId> {
        self.devices().map(|(_, admitted)| admitted.person).collect()
    }

    /// Whether a person belongs to the service.
    pub fn is_active(&self, person: RecordId) -> bool {
        let devices = self.by_person.get(&person);
        devices.is_some_and(|all| all.iter().any(|device| self.active(device).is_some()))
    }

    /// Roles a person holds now or will hold, terms not looked at.
    pub fn granted(&self, person: RecordId) -> Vec<Granted> {
        let mut found = Vec::new();
        let first = Action::Grant(person, Role::Contributor, None, None, 0);
        for (action, tally) in self.tallies.range(first..) {
            let Action::Grant(who, role, from, to, round) = action else { break };
            if *who != person {
                break;
            }
            if tally.in_force() && *round == self.ends(person, *role) {
                let (basis, decision) = tally.basis.unwrap_or((Basis::Automatic, None));
                found.push(Granted { role: *role, from: *from, to: *to, basis, decision });
            }
        }
        found
    }

    /// Roles a person holds on a day; none without a device that belongs to the service.
    pub fn roles(&self, person: RecordId, day: Date) -> BTreeSet<Role> {
        if !self.is_active(person) {
            return BTreeSet::new();
        }
        let holds = |granted: &Granted| {
            granted.from.is_none_or(|from| from <= day) && granted.to.is_none_or(|to| day <= to)
        };
        self.granted(person).into_iter().filter(holds).map(|granted| granted.role).collect()
    }

    /// Those who decide who belongs: leadership; where there is none left members, else all.
    pub fn deciders(&self, day: Date) -> BTreeSet<RecordId> {
        self.decided_by(day).1
    }

    /// The role of those who decide, and who they are. Where all terms of a role are over, or to
    /// come, its holders stay in charge: a day is only what a device says, and somebody could
    /// name one after the last term to decide alone.
    fn decided_by(&self, day: Date) -> (Option<Role>, BTreeSet<RecordId>) {
        for role in [Role::Leadership, Role::Member] {
            let held = |person: &RecordId| self.granted(*person).iter().any(|g| g.role == role);
            let mut with_role: BTreeSet<RecordId> =
                self.asked.get(&role).into_iter().flatten().copied().collect();
            with_role.retain(|person| self.is_active(*person) && held(person));
            let in_term = with_role.iter().filter(|p| self.roles(**p, day).contains(&role));
            let in_term: BTreeSet<RecordId> = in_term.copied().collect();
            if !with_role.is_empty() {
                return (Some(role), if in_term.is_empty() { with_role } else { in_term });
            }
        }
        let active = self.by_person.keys().copied().filter(|person| self.is_active(*person));
        (None, active.collect())
    }

    /// Whether a role makes or unmakes those who decide.
    pub(super) fn decides(&self, role: Role, day: Date) -> bool {
        role == Role::Leadership || self.decided_by(day).0.is_none_or(|decides| decides == role)
    }

    /// Whether there is neither leadership nor a member left.
    pub(super) fn all_decide(&self, day: Date) -> bool {
        self.decided_by(day).0.is_none()
    }

    /// The policy in force: to remove, for leadership.
    fn policy(&self) -> (Option<u32>, Option<u32>) {
        let range = Action::Policy(0, None, None)..;
        let mut in_force = self.tallies.range(range).filter(|(_, tally)| tally.in_force());
        match in_force.next_back() {
            Some((Action::Policy(_, removal, leadership), _)) => (*removal, *leadership),
            _ => (None, None),
        }
    }

    /// Signatures it takes to remove a person: more than half of those who decide, never the
    /// person's own.
    pub fn needed_to_remove(&self, person: RecordId, day: Date) -> u32 {
        let deciders = self.deciders(day);
        let others = deciders.len().saturating_sub(usize::from(deciders.contains(&person)));
        let usual = count(deciders.len() / 2).saturating_add(1);
        self.policy().0.unwrap_or(usual).clamp(1, count(others).max(1))
    }

    /// Signatures it takes to make somebody leadership, or to change these numbers.
    pub fn needed_for_leadership(&self, day: Date) -> u32 {
        let deciders = self.deciders(day).len();
        let usual = count(deciders / 2).saturating_add(1);
        self.policy().1.unwrap_or(usual).clamp(1, count(deciders).max(1))
    }

    /// Actions that wait for more signatures.
    pub fn open(&self) -> impl Iterator<Item = (&Action, &Tally)> {
        self.tallies.iter().map(|(action, tally)| (action, tally.as_ref())).filter(
            |(action, tally)| {
                let current = match action {
                    Action::Remove(person, round) => {
                        *round == self.removals(*person) && self.is_active(*person)
                    }
                    Action::RemoveDevice(_, device) => self.active(device).is_some(),
                    Action::Grant(person, role, _, _, round) | Action::End(person, role, round) => {
                        *round == self.ends(*person, *role) && self.is_active(*person)
                    }
                    Action::Admit(..) => true,
                    Action::Policy(round, ..) => *round == self.policies(),
                };
                current && !tally.in_force()
            },
        )
    }

    /// The signatures so far for removing a person, or one device of theirs.
    pub fn removal_so_far(&self, person: RecordId, device: Option<Device>) -> Tally {
        let action = match device {
            Some(device) => Action::RemoveDevice(person, device),
            None => Action::Remove(person, self.removals(person)),
        };
        self.tallies.get(&action).map(|tally| tally.as_ref().clone()).unwrap_or_default()
    }

    /// The signatures that removed a device.
    pub fn removal_of(&self, device: &Device) -> Option<Tally> {
        let admitted = self.admitted(device)?;
        if self.active(device).is_some() {
            return None;
        }
        let mut all = Tally::default();
        let person = Action::Remove(admitted.person, admitted.round);
        for action in [person, Action::RemoveDevice(admitted.person, *device)] {
            let Some(tally) = self.tallies.get(&action).filter(|tally| tally.in_force()) else {
                continue;
            };
            all.votes.extend(&tally.votes);
            all.reasons.extend(tally.reasons.clone());
            all.time = all.time.or(tally.time);
            merge(&mut all.cuts, &tally.cut());
        }
        Some(all)
    }

    /// Whether somebody who decides let an object in that was held back.
    pub fn released(&self, object: &Hash) -> bool {
        self.released.contains(object)
    }

    /// Private documents that were destroyed.
    pub fn erased(&self) -> &BTreeSet<String> {
        &self.erased
    }

    pub(super) fn policies(&self) -> u32 {
        let range = Action::Policy(0, None, None)..;
        count(self.tallies.range(range).filter(|(_, tally)| tally.in_force()).count())
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
