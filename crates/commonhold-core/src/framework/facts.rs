//! What checks are told: everything they need, read once.

pub mod operations;

use self::operations::Operations;
use super::moves::{self, VoidMove, Way};
use crate::authority::Role;
use crate::date::{Date, Time};
use crate::id::{BookId, RecordId};
use crate::projection::Completeness;
use crate::records::Kind;
use crate::records::finance::channel::Channel;
use crate::records::finance::donor::Donor;
use crate::records::finance::policy::Policy;
use crate::records::finance::publication::Publication;
use crate::records::finance::schedule::Schedule;
use crate::records::governance::attestation::Attestation;
use crate::records::governance::disclosure::Disclosure;
use crate::records::governance::meeting::Meeting;
use crate::records::governance::person::Person;
use crate::records::governance::reaffirmation::Reaffirmation;
use crate::records::knowledge::page::Page;
use crate::records::operations::continuity::Continuity;
use crate::records::product::drill::Drill;
use crate::records::product::interface::Interface;
use crate::records::product::phase::Phase;
use crate::records::product::plan::Plan;
use crate::records::product::service::Service;
use crate::reports::finance::clock;
use crate::reports::finance::ledger::Ledger;
use crate::reports::finance::payments::{self, Desk};
use crate::reports::governance::tally::{Stage, Vote, outcome};
use crate::reports::operations::rotation::{Rotation, rotation};
pub use crate::reports::{Records, all};
use crate::store::{Error, Reader};
use serde_json::Value;
use std::collections::BTreeSet;

/// Somebody who belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their person record.
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// Their roles on the day.
    pub roles: BTreeSet<Role>,
    /// Whether the public page may show the name and the roles.
    pub shown: bool,
    /// First day of the oldest role in force, where it has one.
    pub since: Option<Date>,
}

/// What a service's records say, as of a day.
pub struct Facts {
    /// The day.
    pub at: Date,
    /// The profile.
    pub service: Service,
    /// The profile's id.
    pub service_id: RecordId,
    /// The phase it is in.
    pub phase: String,
    /// The moves between phases that count, oldest first.
    pub phases: Records<Phase>,
    /// Moves that are written down and have no effect, oldest first.
    pub void: Vec<VoidMove>,
    /// The shutdown plan.
    pub plan: Option<(RecordId, Plan)>,
    /// The money.
    pub ledger: Ledger,
    /// Ways to give.
    pub channels: Records<Channel>,
    /// Givers.
    pub donors: Records<Donor>,
    /// Recurring bills, and whether each one's pre-approval is in force.
    pub schedules: Vec<(RecordId, Schedule, bool)>,
    /// Recurring bills whose last day has passed.
    pub ended: Records<Schedule>,
    /// What the service hangs on.
    pub continuities: Records<Continuity>,
    /// The policy of payments.
    pub policy: Option<(RecordId, Policy)>,
    /// Publications of the public page, oldest first.
    pub publications: Records<Publication>,
    /// How many expenses there are, and how many say all that is asked for.
    pub expenses: Completeness,
    /// How many gifts there are, and how many say all that is asked for.
    pub gifts: Completeness,
    /// How many expenses are above the service's own limit and name no decision.
    pub undecided: Completeness,
    /// How many transactions the public should see by now, and how many it saw in time.
    pub timely: Completeness,
    /// Minor units that came from each donor in the last twelve months.
    pub given: Vec<(RecordId, i64)>,
    /// Votes that have ended and have no count that holds.
    pub uncounted: Vec<(RecordId, String)>,
    /// Who belongs.
    pub team: Vec<Member>,
    /// Secrets.
    pub secrets: Rotation,
    /// Texts.
    pub pages: Records<Page>,
    /// What people vouched for, oldest first.
    pub attestations: Records<Attestation>,
    /// Paid work.
    pub disclosures: Records<Disclosure>,
    /// Talks.
    pub meetings: Records<Meeting>,
    /// Answers of Januaries.
    pub reaffirmations: Records<Reaffirmation>,
    /// Interfaces.
    pub interfaces: Records<Interface>,
    /// Tries of exports and restores.
    pub drills: Records<Drill>,
    /// Deploys, incidents, runbooks, community.
    pub operations: Operations,
}

impl Facts {
    /// Reads them as of a day.
    pub fn read(reader: &Reader, book: &BookId, at: Date) -> Result<Self, Error> {
        Self::gather(reader, book, at, None)
    }

    /// The same where it is known which moves count.
    pub(super) fn along(
        reader: &Reader,
        book: &BookId,
        at: Date,
        moves: Records<Phase>,
    ) -> Result<Self, Error> {
        Self::gather(reader, book, at, Some(moves))
    }

    fn gather(
        reader: &Reader,
        book: &BookId,
        at: Date,
        moves: Option<Records<Phase>>,
    ) -> Result<Self, Error> {
        let _one_moment = reader.view()?;
        let (service_id, service) =
            all::<Service>(reader, book, Kind::Service)?.pop().unwrap_or_default();
        let way = match moves {
            Some(moves) => Way::along(&service, moves),
            None => moves::way(reader, book, &service, at)?,
        };
        let policy = all::<Policy>(reader, book, Kind::Policy)?.pop();
        let limit = policy.as_ref().and_then(|(_, policy)| policy.decision_above);
        let mut attestations: Records<Attestation> = all(reader, book, Kind::Attestation)?;
        attestations.sort_by_key(|(id, attestation)| (attestation.date, *id));
        let mut publications: Records<Publication> = all(reader, book, Kind::Publication)?;
        publications.sort_by_key(|(id, publication)| (publication.date, *id));
        Ok(Self {
            phase: way.phase,
            service,
            service_id,
            phases: way.moves,
            void: way.void,
            plan: all(reader, book, Kind::Plan)?.pop(),
            ledger: Ledger::load(reader, book, Some(at), at)?,
            channels: all(reader, book, Kind::Channel)?,
            donors: all(reader, book, Kind::Donor)?,
            schedules: schedules(reader, book, at)?,
            ended: ended(reader, book, at)?,
            continuities: all(reader, book, Kind::Continuity)?,
            expenses: reader.expense_history(book)?,
            gifts: reader.gift_history(book)?,
            undecided: reader.above_limit(book, limit)?,
            timely: timely(reader, book, at)?,
            given: reader.given(book, at.month().back(11).first_day(), at)?,
            policy,
            publications,
            uncounted: uncounted(reader, book, at)?,
            team: team(reader, book, at)?,
            secrets: rotation(reader, book, None)?,
            pages: all(reader, book, Kind::Page)?,
            attestations,
            disclosures: all(reader, book, Kind::Disclosure)?,
            meetings: all(reader, book, Kind::Meeting)?,
            reaffirmations: all(reader, book, Kind::Reaffirmation)?,
            interfaces: all(reader, book, Kind::Interface)?,
            drills: all(reader, book, Kind::Drill)?,
            operations: Operations::read(reader, book, at)?,
            at,
        })
    }

    /// Those who have a role.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Member> {
        self.team.iter().filter(move |member| member.roles.contains(&role))
    }

    /// The newest thing vouched for a requirement that holds on the day.
    pub fn attestation(&self, requirement: &str) -> Option<&(RecordId, Attestation)> {
        self.attestations.iter().rev().find(|(_, one)| {
            one.requirement == requirement
                && one.date.is_some_and(|day| day <= self.at)
                && one.until.is_none_or(|until| self.at <= until)
        })
    }
}

/// The end of a day.
fn evening(day: Date) -> Time {
    format!("{day}T23:59:59Z").parse().unwrap_or_default()
}

/// Votes that have ended and have no count that holds.
fn uncounted(reader: &Reader, book: &BookId, at: Date) -> Result<Vec<(RecordId, String)>, Error> {
    let waits = |vote: &Vote| {
        matches!(outcome(vote, evening(at), false).stage, Stage::ToCount | Stage::Disputed)
    };
    let votes = Vote::all(reader, book)?;
    Ok(votes.iter().filter(|vote| waits(vote)).map(|v| (v.id, v.proposal.title.clone())).collect())
}

/// Recurring bills that still come, with whether their pre-approval is in force.
fn schedules(
    reader: &Reader,
    book: &BookId,
    at: Date,
) -> Result<Vec<(RecordId, Schedule, bool)>, Error> {
    let desk = Desk::new(payments::Facts::load(reader, book, evening(at))?);
    let mut found = Vec::new();
    for (id, schedule) in all::<Schedule>(reader, book, Kind::Schedule)? {
        if schedule.until.is_none_or(|until| at <= until) {
            let in_force = desk.schedules.get(&id).is_some_and(|standing| standing.approved);
            let expired = schedule.expires.is_some_and(|expires| expires < at);
            found.push((id, schedule, in_force && !expired));
        }
    }
    Ok(found)
}

/// Recurring bills that no longer come.
fn ended(reader: &Reader, book: &BookId, at: Date) -> Result<Records<Schedule>, Error> {
    let mut found = all::<Schedule>(reader, book, Kind::Schedule)?;
    found.retain(|(_, schedule)| schedule.until.is_some_and(|until| until < at));
    Ok(found)
}

/// Entries that were public within one working day, of those that were or are due.
fn timely(reader: &Reader, book: &BookId, at: Date) -> Result<Completeness, Error> {
    let (complete, total) = clock::in_time(reader, book, at)?;
    Ok(Completeness { total, complete, ..Completeness::default() })
}

fn team(reader: &Reader, book: &BookId, at: Date) -> Result<Vec<Member>, Error> {
    let authority = reader.authority(book)?;
    let state = authority.state();
    let mut found = Vec::new();
    for person in state.people().into_iter().filter(|person| state.is_active(*person)) {
        let row = reader.record(book, Kind::Person, &person)?;
        let known: Person = row
            .and_then(|row| serde_json::from_value(Value::Object(row.fields)).ok())
            .unwrap_or_default();
        found.push(Member {
            person,
            name: known.public_name,
            roles: state.roles(person, at),
            shown: known.show_name && known.show_roles,
            since: state.granted(person).iter().filter_map(|granted| granted.from).min(),
        });
    }
    Ok(found)
}
