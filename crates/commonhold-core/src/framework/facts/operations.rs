//! What checks are told about operations, knowledge and community.

use crate::authority::Role;
use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::projection::State;
use crate::records::Kind;
use crate::records::governance::decision::Decision;
use crate::records::governance::manifesto::Manifesto;
use crate::records::governance::session::Session;
use crate::records::governance::signature::Signature;
use crate::records::governance::venue::Venue;
use crate::records::operations::change::Change;
use crate::records::operations::deploy::Deploy;
use crate::records::operations::incident::Incident;
use crate::reports::operations::deploys::{self, Deploys};
use crate::reports::operations::incidents::{
    IncidentRecords, Incidents, REVIEW_DAYS, incidents, is_embargoed,
};
use crate::reports::operations::rotation::Rotation;
use crate::reports::operations::runbooks::{KnowledgeRecords, Runbooks, runbooks};
use crate::reports::{Records, all};
use crate::store::{Error, Reader};
use std::collections::BTreeSet;

/// What the records of operations say, as of a day. Incidents that are kept back on the day are
/// left out: what checks find is published.
pub struct Operations {
    /// Deploys of 90 days.
    pub deploys: Deploys,
    /// The newest of them.
    pub newest: Records<Deploy>,
    /// The newest deploys of these days whose log everybody can read, masked.
    pub logs: Records<Deploy>,
    /// Deploys of these days whose log is kept and not public, or public without having been
    /// masked.
    pub unseen: Records<Deploy>,
    /// The newest lines of the changelog.
    pub changes: Records<Change>,
    /// How many numbers were measured.
    pub measurements: u64,
    /// Incidents.
    pub incidents: Incidents,
    /// The records they come from.
    pub records: IncidentRecords,
    /// Incidents that were withdrawn, with what they were called.
    pub withdrawn: Vec<(RecordId, String)>,
    /// Runbooks, processes, feedback.
    pub knowledge: Runbooks,
    /// Channels of communities of practice.
    pub venues: Records<Venue>,
    /// Their sessions.
    pub sessions: Records<Session>,
    /// Manifestos.
    pub manifestos: Records<Manifesto>,
    /// Signatures.
    pub signatures: Records<Signature>,
    /// Decisions on record.
    pub decisions: BTreeSet<RecordId>,
}

/// How many logs and changes are kept as evidence.
const NEWEST: usize = 12;

impl Operations {
    /// Reads them as of a day.
    pub fn read(reader: &Reader, book: &BookId, at: Date) -> Result<Self, Error> {
        let deploys: Records<Deploy> = all(reader, book, Kind::Deploy)?;
        let report = deploys::deploys(&deploys, at, None);
        let deploys = seen(deploys, &report);
        let newest = deploys.iter().take(4).cloned().collect();
        let (logs, unseen) = logs(deploys);
        let mut changes: Records<Change> = all(reader, book, Kind::Change)?;
        changes.retain(|(_, change)| change.date.is_some_and(|day| day <= at));
        changes.sort_by_key(|(id, change)| std::cmp::Reverse((change.date, *id)));
        changes.truncate(NEWEST);
        let records = incident_records(reader, book, at)?;
        let knowledge = KnowledgeRecords {
            components: all(reader, book, Kind::Component)?,
            runbooks: all(reader, book, Kind::Runbook)?,
            runs: all(reader, book, Kind::RunbookRun)?,
            processes: all(reader, book, Kind::Process)?,
            feedback: all(reader, book, Kind::Feedback)?,
        };
        let decisions: Records<Decision> = all(reader, book, Kind::Decision)?;
        Ok(Self {
            deploys: report,
            newest,
            logs,
            unseen,
            changes,
            measurements: reader.count(book, Kind::Measurement)?,
            incidents: incidents(&records, None, at, REVIEW_DAYS),
            records,
            withdrawn: withdrawn(reader, book, at)?,
            knowledge: runbooks(&knowledge, at),
            venues: all(reader, book, Kind::Venue)?,
            sessions: all(reader, book, Kind::Session)?,
            manifestos: all(reader, book, Kind::Manifesto)?,
            signatures: all(reader, book, Kind::Signature)?,
            decisions: decisions.into_iter().map(|(id, _)| id).collect(),
        })
    }
}

/// Deploys of the report's days that users see, newest first.
fn seen(mut deploys: Records<Deploy>, report: &Deploys) -> Records<Deploy> {
    deploys.retain(|(_, deploy)| {
        let day = deploy.started.map(|moment| moment.date());
        !deploy.preview && day.is_some_and(|day| (report.from..=report.at).contains(&day))
    });
    deploys.sort_by_key(|(id, deploy)| std::cmp::Reverse((deploy.started, *id)));
    deploys
}

/// Of some deploys those with a public, masked log, and those whose log is not public or was not
/// masked.
fn logs(mut deploys: Records<Deploy>) -> (Records<Deploy>, Records<Deploy>) {
    deploys.retain(|(_, deploy)| deploy.log.is_some() || deploy.public_log.is_some());
    let masked = |deploy: &Deploy| deploy.public_log.is_some() && deploy.findings.is_some();
    let (mut public, unseen): (Records<Deploy>, Records<Deploy>) =
        deploys.into_iter().partition(|(_, deploy)| masked(deploy));
    public.truncate(NEWEST);
    (public, unseen)
}

/// Incidents that may be known of, with what belongs to them.
fn incident_records(reader: &Reader, book: &BookId, at: Date) -> Result<IncidentRecords, Error> {
    let mut incidents: Records<Incident> = all(reader, book, Kind::Incident)?;
    let hidden: BTreeSet<RecordId> = incidents
        .iter()
        .filter(|(_, incident)| is_embargoed(incident, at))
        .map(|(id, _)| *id)
        .collect();
    incidents.retain(|(id, _)| !hidden.contains(id));
    let mut records = IncidentRecords {
        incidents,
        lines: all(reader, book, Kind::IncidentLine)?,
        reviews: all(reader, book, Kind::Review)?,
        actions: all(reader, book, Kind::Action)?,
    };
    let hidden_reviews: BTreeSet<RecordId> = records
        .reviews
        .iter()
        .filter(|(_, review)| hidden.contains(&review.incident))
        .map(|(id, _)| *id)
        .collect();
    records.reviews.retain(|(id, _)| !hidden_reviews.contains(id));
    records.actions.retain(|(_, action)| {
        !hidden.contains(&action.about) && !hidden_reviews.contains(&action.about)
    });
    Ok(records)
}

/// Incidents that were withdrawn and may be known of.
fn withdrawn(reader: &Reader, book: &BookId, at: Date) -> Result<Vec<(RecordId, String)>, Error> {
    let mut found = Vec::new();
    reader.each(book, Kind::Incident, &mut |row| {
        if row.state == State::Withdrawn
            && let Ok(incident) =
                serde_json::from_value::<Incident>(serde_json::Value::Object(row.fields))
            && !is_embargoed(&incident, at)
        {
            found.push((row.id, incident.title));
        }
        true
    })?;
    Ok(found)
}

/// How many secrets fewer than two people in leadership hold.
pub fn held_by_too_few(secrets: &Rotation, team: &[super::Member]) -> usize {
    let leads = |person: &RecordId| {
        let known = team.iter().find(|member| member.person == *person);
        known.is_some_and(|member| member.roles.contains(&Role::Leadership))
    };
    let few = |holders: &BTreeSet<RecordId>| holders.iter().filter(|one| leads(one)).count() < 2;
    secrets.held.iter().filter(|(_, holders)| few(holders)).count()
}
