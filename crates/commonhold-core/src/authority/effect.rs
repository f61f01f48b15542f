//! What a statement does at the point it is made, if its author may say it there.

use super::role::Role;
use super::state::{Action, Admitted, State};
use super::statement::{Basis, Statement};
use crate::date::Time;
use crate::id::{Device, Hash, LogId, RecordId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one statement does.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    Admit(Device, Arc<Admitted>),
    Sign(Action, RecordId, Box<Signature>),
    Release(Hash),
    Erase(String),
}

/// One signature for an action.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    pub needed: u32,
    pub reason: String,
    pub basis: Option<(Basis, Option<RecordId>)>,
    pub cuts: BTreeMap<LogId, u64>,
    /// Whether the device that signs is itself removed by it.
    pub own: bool,
    pub time: Time,
}

impl Effect {
    pub(super) fn sign(
        action: Action,
        who: RecordId,
        needed: u32,
        reason: &str,
        time: Time,
    ) -> Self {
        let (reason, cuts) = (reason.to_owned(), BTreeMap::new());
        let signature = Signature { needed, reason, basis: None, cuts, own: false, time };
        Self::Sign(action, who, Box::new(signature))
    }
}

impl State {
    /// What a statement of a person does at this point; nothing when they may not say it.
    pub(super) fn effects(
        &self,
        author: RecordId,
        time: Time,
        statement: &Statement,
    ) -> Vec<Effect> {
        let day = time.date();
        let decides = self.deciders(day).contains(&author);
        let sign = |action: Action, needed: u32, reason: &str| {
            vec![Effect::sign(action, author, needed, reason, time)]
        };
        match statement {
            Statement::Device { .. } => self.admission(author, decides, time, statement),
            Statement::Remove { .. } => self.removal(author, decides, time, statement),
            Statement::Grant { person, role, from, to, basis, decision } => {
                if !decides || !self.is_active(*person) || *basis == Basis::Founding {
                    return Vec::new();
                }
                let needed = match role {
                    _ if self.decides(*role, day) => self.needed_for_leadership(day),
                    _ => 1,
                };
                let action = Action::Grant(*person, *role, *from, *to, self.ends(*person, *role));
                let mut effects = sign(action, needed, "");
                if let Some(Effect::Sign(_, _, signature)) = effects.first_mut() {
                    signature.basis = Some((*basis, *decision));
                }
                effects
            }
            Statement::End { person, role, reason } => {
                let needed = match role {
                    _ if author == *person => 1,
                    _ if !decides => return Vec::new(),
                    _ if self.decides(*role, day) => self.needed_to_remove(*person, day),
                    _ => 1,
                };
                sign(Action::End(*person, *role, self.ends(*person, *role)), needed, reason)
            }
            Statement::Policy { removal, leadership } if decides => {
                let action = Action::Policy(self.policies(), *removal, *leadership);
                sign(action, self.needed_for_leadership(day), "")
            }
            Statement::Release { object, .. } if decides => vec![Effect::Release(*object)],
            Statement::Erase { document, .. } if document.starts_with("private/") => {
                let may = decides || self.roles(author, day).contains(&Role::Treasurer);
                may.then(|| Effect::Erase(document.clone())).into_iter().collect()
            }
            Statement::Policy { .. } | Statement::Release { .. } | Statement::Erase { .. } => {
                Vec::new()
            }
        }
    }

    /// A person removes themselves or a device of their own alone; others need as many as decide.
    fn removal(
        &self,
        author: RecordId,
        decides: bool,
        time: Time,
        statement: &Statement,
    ) -> Vec<Effect> {
        let Statement::Remove { person, device, reason, cuts, .. } = statement else {
            return Vec::new();
        };
        let (action, there) = match device {
            Some(device) => (
                Action::RemoveDevice(*person, *device),
                self.active(device).is_some_and(|admitted| admitted.person == *person),
            ),
            None => (Action::Remove(*person, self.removals(*person)), self.is_active(*person)),
        };
        let needed = match author == *person {
            true => 1,
            false if decides => self.needed_to_remove(*person, time.date()),
            false => return Vec::new(),
        };
        let mut effect = Effect::sign(action, author, needed, reason, time);
        if let Effect::Sign(_, _, signature) = &mut effect {
            signature.cuts = cuts.iter().map(|cut| (cut.log, cut.seq)).collect();
        }
        if there { vec![effect] } else { Vec::new() }
    }

    /// A device is admitted by its person, or by those who decide: one of them for a new person
    /// (where everybody decides, as many as make leadership), as many as it takes to remove
    /// somebody where the person was here before. Otherwise one of them could speak for another
    /// through a device of his own.
    fn admission(
        &self,
        author: RecordId,
        decides: bool,
        time: Time,
        statement: &Statement,
    ) -> Vec<Effect> {
        let Statement::Device { person, device, sealing, log, label, recovery } = statement else {
            return Vec::new();
        };
        let day = time.date();
        let first = author != *person && !self.by_person.contains_key(person);
        let needed = match first {
            _ if author == *person => None,
            _ if !decides => return Vec::new(),
            true if self.all_decide(day) => Some(self.needed_for_leadership(day)),
            true => Some(1),
            false => Some(self.needed_to_remove(*person, day)),
        };
        let action = Action::Admit(*person, *device);
        let needs = needed.map(|_| action.clone());
        let signed = needed.map(|needed| Effect::sign(action, author, needed, "", time));
        let admitted = Admitted {
            person: *person,
            sealing: *sealing,
            log: *log,
            label: label.clone(),
            recovery: *recovery,
            since: time,
            round: self.removals(*person),
            first,
            needs,
        };
        let fresh = match self.devices.get(device) {
            Some(there) => there.waits_for(&admitted) && self.admitted(device).is_none(),
            None => true,
        };
        let admit = fresh.then(|| Effect::Admit(*device, Arc::new(admitted)));
        admit.into_iter().chain(signed).collect()
    }
}
