//! The team as it is shown.

use super::{count, name_of};
use crate::app::App;
use crate::failure::Failure;
use commonhold_core::authority::{Action, Basis, Granted, Role, State, Tally};
use commonhold_core::id::{BookId, Device};
use commonhold_core::records::Kind;
use commonhold_core::store::Reader;
use commonhold_core::{Date, RecordId, Time};
use serde::Serialize;
use std::collections::BTreeMap;

/// How somebody stands to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Belongs.
    Active,
    /// Belonged.
    Removed,
    /// Never belonged, as far as is known here.
    Stranger,
}

/// A role somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RoleView {
    /// Which.
    #[cfg_attr(test, ts(type = "import(\"./Role\").Role"))]
    pub role: Role,
    /// First day of the term.
    pub from: Option<String>,
    /// Last day of the term.
    pub to: Option<String>,
    /// What it rests on: founding, decision or automatic.
    #[cfg_attr(test, ts(type = "string"))]
    pub basis: Basis,
    /// The decision behind it.
    pub decision: Option<String>,
    /// Whether it holds today.
    pub in_force: bool,
    /// Why it ended, if it did.
    pub ended: Option<String>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct DeviceView {
    /// Its public key.
    pub device: String,
    /// Its first digits.
    pub short: String,
    /// What its owner calls it.
    pub label: String,
    /// Whether it is this one.
    pub this_device: bool,
    /// Whether it belongs.
    pub standing: Standing,
    /// Whether it is a recovery sheet.
    pub recovery: bool,
    /// When it was admitted.
    pub since: Option<String>,
    /// When it wrote the newest thing that is here, as it says.
    pub last_seen: Option<String>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Member {
    /// The person record's id.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// The name.
    pub name: String,
    /// Whether it is the person at this device.
    pub me: bool,
    /// Whether they belong.
    pub standing: Standing,
    /// Their roles.
    pub roles: Vec<RoleView>,
    /// Their devices.
    pub devices: Vec<DeviceView>,
}

/// Something that waits for more signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct OpenVote {
    /// What: remove, grant, end, admit or policy.
    pub action: String,
    /// About whom.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// About which device.
    pub device: Option<String>,
    /// About which role.
    #[cfg_attr(test, ts(type = "import(\"./Role\").Role | null"))]
    pub role: Option<Role>,
    /// Why, as the first who said so.
    pub reason: String,
    /// Names of those who signed.
    pub voters: Vec<String>,
    /// How many signed.
    pub votes: u32,
    /// How many it takes.
    pub needed: u32,
    /// Whether the person at this device signed.
    pub mine: bool,
}

/// Who may write records of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RoleRule {
    /// The kind.
    #[cfg_attr(test, ts(type = "import(\"./Kind\").Kind"))]
    pub kind: Kind,
    /// Its plural.
    pub plural: String,
    /// The roles that may.
    #[cfg_attr(test, ts(type = "Array<import(\"./Role\").Role>"))]
    pub roles: Vec<Role>,
    /// What else holds.
    pub note: String,
}

/// The team of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Team {
    /// The person at this device.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub me: Option<RecordId>,
    /// That person's name.
    pub my_name: String,
    /// That person's roles today.
    #[cfg_attr(test, ts(type = "Array<import(\"./Role\").Role>"))]
    pub my_roles: Vec<Role>,
    /// Whether this device belongs.
    pub standing: Standing,
    /// This device.
    pub device: String,
    /// Everybody, also who was removed.
    pub members: Vec<Member>,
    /// What waits for more signatures.
    pub votes: Vec<OpenVote>,
    /// How many decide who belongs.
    pub leaders: u32,
    /// Signatures it takes to remove somebody in leadership.
    pub removal_needed: u32,
    /// Signatures it takes to make somebody leadership.
    pub leadership_needed: u32,
    /// Who may write what.
    pub rules: Vec<RoleRule>,
    /// What is risky, in sentences.
    pub warnings: Vec<String>,
}

/// What is read once for the whole team.
struct Seen<'a> {
    reader: &'a Reader,
    book: &'a BookId,
    state: &'a State,
    today: Date,
    this: Option<Device>,
    last: BTreeMap<Device, Time>,
}

/// Reads the team of a service.
pub fn team(app: &mut App, book: &BookId) -> Result<Team, Failure> {
    let today = app.today();
    let this = app.store().ok().map(|store| store.device());
    let reader = app.reader();
    let authority = reader.authority(book)?;
    let state = authority.state();
    let mut last = BTreeMap::new();
    for log in reader.logs(book)?.into_iter().filter(|log| log.last > 0) {
        let seen = last.entry(log.device).or_insert(log.last_time);
        *seen = log.last_time.max(*seen);
    }
    let seen = Seen { reader, book, state, today, this, last };
    let me = this.and_then(|device| state.admitted(&device)).map(|admitted| admitted.person);
    let mut members = Vec::new();
    for person in state.people() {
        members.push(seen.member(person, me)?);
    }
    members.sort_by_key(|m| (m.standing != Standing::Active, !m.me, m.name.to_lowercase()));
    let deciders = state.deciders(today);
    let someone = deciders.first().copied().unwrap_or_default();
    Ok(Team {
        me,
        my_name: me.map(|me| name_of(reader, book, me)).transpose()?.unwrap_or_default(),
        my_roles: me.map(|me| state.roles(me, today).into_iter().collect()).unwrap_or_default(),
        standing: this.map_or(Standing::Stranger, |device| standing(state, &device)),
        device: this.map(|device| device.to_string()).unwrap_or_default(),
        warnings: warnings(&members),
        votes: seen.votes(me)?,
        members,
        leaders: count(deciders.len()),
        removal_needed: state.needed_to_remove(someone, today),
        leadership_needed: state.needed_for_leadership(today),
        rules: rules(),
    })
}

fn standing(state: &State, device: &Device) -> Standing {
    match (state.active(device), state.admitted(device)) {
        (Some(_), _) => Standing::Active,
        (None, Some(_)) => Standing::Removed,
        (None, None) => Standing::Stranger,
    }
}

impl Seen<'_> {
    fn member(&self, person: RecordId, me: Option<RecordId>) -> Result<Member, Failure> {
        let state = self.state;
        let devices = state.devices().filter(|(_, admitted)| admitted.person == person);
        let devices = devices.map(|(device, _)| *device).collect::<Vec<_>>();
        let active = state.is_active(person);
        Ok(Member {
            person,
            name: name_of(self.reader, self.book, person)?,
            me: me == Some(person),
            standing: if active { Standing::Active } else { Standing::Removed },
            roles: state.granted(person).into_iter().map(|g| self.role(g, active)).collect(),
            devices: devices.iter().map(|device| self.device(device)).collect(),
        })
    }

    fn role(&self, granted: Granted, active: bool) -> RoleView {
        let Granted { role, from, to, basis, decision } = granted;
        let begun = from.is_none_or(|from| from <= self.today);
        let over = to.is_some_and(|to| to < self.today);
        RoleView {
            role,
            from: from.map(|day| day.to_string()),
            to: to.map(|day| day.to_string()),
            basis,
            decision: decision.map(|id| id.to_string()),
            in_force: active && begun && !over,
            ended: over.then(|| "The term is over.".to_owned()),
        }
    }

    pub(super) fn device(&self, device: &Device) -> DeviceView {
        let admitted = self.state.admitted(device);
        DeviceView {
            device: device.to_string(),
            short: device.short(),
            label: admitted.map(|admitted| admitted.label.clone()).unwrap_or_default(),
            this_device: self.this == Some(*device),
            standing: standing(self.state, device),
            recovery: admitted.is_some_and(|admitted| admitted.recovery),
            since: admitted.map(|admitted| admitted.since.to_string()),
            last_seen: self.last.get(device).map(ToString::to_string),
        }
    }

    fn votes(&self, me: Option<RecordId>) -> Result<Vec<OpenVote>, Failure> {
        let mut votes = Vec::new();
        for (action, tally) in self.state.open() {
            let (name, person, device, role) = match action {
                Action::Remove(person, _) => ("remove", *person, None, None),
                Action::RemoveDevice(person, device) => ("remove", *person, Some(device), None),
                Action::Admit(person, device) => ("admit", *person, Some(device), None),
                Action::Grant(person, role, ..) => ("grant", *person, None, Some(*role)),
                Action::End(person, role, _) => ("end", *person, None, Some(*role)),
                Action::Policy(..) => ("policy", RecordId::nil(), None, None),
            };
            votes.push(self.vote(name, (person, device, role), tally, me)?);
        }
        Ok(votes)
    }

    fn vote(
        &self,
        action: &str,
        (person, device, role): (RecordId, Option<&Device>, Option<Role>),
        tally: &Tally,
        me: Option<RecordId>,
    ) -> Result<OpenVote, Failure> {
        let voters = tally.votes.keys().map(|voter| name_of(self.reader, self.book, *voter));
        Ok(OpenVote {
            action: action.to_owned(),
            person,
            name: name_of(self.reader, self.book, person)?,
            device: device.map(Device::to_string),
            role,
            reason: tally.reasons.values().find(|r| !r.is_empty()).cloned().unwrap_or_default(),
            voters: voters.collect::<Result<_, _>>()?,
            votes: count(tally.votes.len()),
            needed: tally.needed(),
            mine: me.is_some_and(|me| tally.votes.contains_key(&me)),
        })
    }
}

/// Who may write records of which kind.
pub fn rules() -> Vec<RoleRule> {
    let rule = |kind: &Kind| {
        let info = kind.info();
        let note = match kind {
            Kind::Withdrawal => "needs what the record withdrawn needs",
            Kind::Approval | Kind::Ballot | Kind::Proposal | Kind::Intervention | Kind::Tally => {
                "speaks for its author alone"
            }
            _ if info.own => "everybody writes their own",
            _ if info.sealed => "sealed: only these roles read it",
            _ => "",
        };
        RoleRule {
            kind: *kind,
            plural: kind.plural().to_owned(),
            roles: info.writers.to_vec(),
            note: note.to_owned(),
        }
    };
    Kind::ALL.iter().map(rule).collect()
}

fn warnings(members: &[Member]) -> Vec<String> {
    let active = || members.iter().filter(|member| member.standing == Standing::Active);
    let holds = |member: &&Member, role: Role| {
        member.roles.iter().any(|held| held.role == role && held.in_force)
    };
    let devices = |member: &Member| {
        member.devices.iter().filter(|device| device.standing == Standing::Active).count()
    };
    let leaders: Vec<&Member> = active().filter(|m| holds(m, Role::Leadership)).collect();
    let mut warnings = Vec::new();
    match leaders.as_slice() {
        [] => warnings.push("Nobody is in leadership; members decide together.".to_owned()),
        [one] if devices(one) < 2 => warnings.push(format!(
            "Only {} is in leadership, from one device. If it is lost, nobody can admit another: \
             print a recovery sheet, or invite somebody.",
            one.name
        )),
        [one] => warnings.push(format!("Only {} is in leadership.", one.name)),
        _ => {}
    }
    for member in active() {
        for role in member.roles.iter().filter(|role| role.ended.is_some()) {
            warnings.push(format!("The term of {} as {} is over.", member.name, role.role));
        }
    }
    warnings
}
