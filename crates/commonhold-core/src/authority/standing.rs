//! What the authority set means for something a device wrote.

use super::evaluate::Authority;
use super::role::Role;
use crate::date::Time;
use crate::id::{Device, Hash, LogId, RecordId};
use std::collections::BTreeSet;

/// How the writer of an object stood when it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stance {
    /// It cites statements that are not here.
    Unknown,
    /// Its device did not belong to the service.
    Stranger,
    /// Its device had been removed, and its writer had seen that.
    Late,
    /// Its device belonged to the service, and had said something else at this place of its log, or
    /// before it; nobody who belongs had seen this when they stated something.
    Forked(Writer),
    /// Its device belonged to the service.
    Member(Writer),
}

/// Who wrote something, and as what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writer {
    /// The person.
    pub person: RecordId,
    /// Their roles that day, as far as they had seen.
    pub roles: BTreeSet<Role>,
    /// Whether the device was being removed meanwhile, and those who removed it had not seen this:
    /// it has no effect on money, votes or who belongs.
    pub apart: bool,
}

impl Writer {
    /// Whether somebody in one of these roles may do it; `own` says whether it is their own
    /// matter, which needs no role.
    pub fn may(&self, roles: &[Role], own: bool) -> bool {
        own || roles.iter().any(|role| self.roles.contains(role))
    }
}

impl Authority {
    /// How the writer of an object stood at the point it was written: `cites` are the statements
    /// it names.
    pub fn judge(
        &self,
        device: &Device,
        (log, seq): (LogId, u64),
        cites: &[Hash],
        time: Time,
    ) -> Stance {
        let Some(state) = self.at(cites, log, seq) else { return Stance::Unknown };
        let Some(admitted) = state.admitted(device) else { return Stance::Stranger };
        if state.active(device).is_none() {
            return Stance::Late;
        }
        let removed = self.removed().get(device);
        let apart =
            removed.is_some_and(|removed| removed.cut.get(&log).is_none_or(|cut| seq > *cut));
        let roles = state.roles(admitted.person, time.date());
        let writer = Writer { person: admitted.person, roles, apart };
        match removed.is_none() && self.is_frozen((log, seq)) {
            true => Stance::Forked(writer),
            false => Stance::Member(writer),
        }
    }

    /// Whether who cites `cites` has seen all that `earlier` names; false while something is not
    /// here.
    pub fn covers(&self, cites: &[Hash], earlier: &[Hash]) -> bool {
        self.has_seen(cites, earlier)
    }

    /// Everything that decides how the objects of a log that cite the same are judged, apart from
    /// the day they were written, as one text: another text means they must be judged anew. The
    /// first and the last of them say where they stand among what the log itself stated.
    pub fn verdict(
        &self,
        device: &Device,
        log: LogId,
        cites: &[Hash],
        (first, last): (u64, u64),
    ) -> String {
        let mut verdict = format!("{:?}", self.removed().get(device).map(|r| r.cut.get(&log)));
        if self.forks.is_branch(&log) {
            let counts = self.acknowledged(&log).filter(|_| !self.unfrozen);
            verdict.push_str(&format!("{}{counts:?}", self.unfrozen));
        }
        let mut before = String::new();
        for seq in self.graph.turns(log, first, last) {
            let state = self.at(cites, log, seq);
            let standing = state.as_ref().and_then(|state| {
                let admitted = state.admitted(device)?;
                let active = state.active(device).is_some();
                Some((admitted.person, active, state.granted(admitted.person)))
            });
            let standing = format!("{}{standing:?}", state.is_some());
            if standing != before {
                verdict.push_str(&standing);
                before = standing;
            }
        }
        verdict
    }

    /// Whether a device was ever admitted, or would have been if a branch counted: others' objects
    /// are not even kept.
    pub fn knows(&self, device: &Device) -> bool {
        self.state().admitted(device).is_some() || self.named.contains(device)
    }
}
