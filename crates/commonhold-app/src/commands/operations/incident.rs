//! Incidents: opening one, its timeline, its times, its review (`operations.incidents.recorded`).

use super::{New, object, person, write_all};
use crate::app::App;
use crate::commands::records::{add, edit, find};
use crate::failure::{Code, Failure};
use commonhold_core::framework::facts::all;
use commonhold_core::projection::State;
use commonhold_core::record::Relation;
use commonhold_core::records::operations::action::Action;
use commonhold_core::records::operations::incident::Incident;
use commonhold_core::records::operations::incident_line::IncidentLine;
use commonhold_core::records::operations::review::Review;
use commonhold_core::reports::operations::incidents::REVIEW_DAYS;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId, Time};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Times of an incident that can be set, in the order they come in.
pub const MOMENTS: &[&str] = &["started", "detected", "acknowledged", "mitigated", "resolved"];

/// An incident that is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NewIncident {
    /// What it is called.
    pub title: String,
    /// sev1 (worst) to sev4.
    pub severity: String,
    /// What is affected, by the names of components.
    pub components: Vec<String>,
    /// When it began; not known yet when it is not given.
    pub started: Option<Time>,
    /// When it was noticed; now when it is not given.
    pub detected: Option<Time>,
    /// monitor, user, member, other.
    pub detection: Option<String>,
    /// What it means for users.
    pub impact: Option<String>,
    /// The last day it is not published; none: it is public.
    pub embargo_until: Option<Date>,
}

/// A line of the timeline that is added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NewLine {
    /// What happened.
    pub text: String,
    /// When; now when it is not given.
    pub at: Option<Time>,
    /// observation, action, decision, communication.
    #[serde(rename = "type")]
    pub line_type: String,
    /// Whether it is an update for everybody.
    pub public: bool,
    /// investigating, identified, monitoring, resolved.
    pub status: Option<String>,
}

/// What was learned, as far as it is given; the rest stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NewReview {
    /// What set it off.
    pub trigger: Option<String>,
    /// What led to it.
    pub contributing_factors: Vec<String>,
    /// What happened and what was learned, Markdown.
    pub summary: Option<String>,
    /// What went well.
    pub went_well: Option<String>,
    /// What went poorly.
    pub went_poorly: Option<String>,
    /// Where we were lucky.
    pub lucky: Option<String>,
    /// Follow-ups: prevent, detect, mitigate or process, and what is to be done.
    pub actions: Vec<(String, String)>,
    /// The day the follow-ups are to be done by.
    pub due: Option<Date>,
}

/// One line of the timeline as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimelineLine {
    /// Its record.
    pub id: RecordId,
    /// Its fields.
    #[serde(flatten)]
    pub line: IncidentLine,
    /// Who, by name.
    pub person_name: Option<String>,
    /// Minutes since the incident began, where that is known; before it: below zero.
    pub minutes: Option<i64>,
    /// Minutes since the line before.
    pub since_last: Option<i64>,
}

/// A review with its follow-ups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReviewView {
    /// Its record.
    pub id: RecordId,
    /// Its fields.
    #[serde(flatten)]
    pub review: Review,
}

/// A follow-up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActionView {
    /// Its record.
    pub id: RecordId,
    /// Its fields.
    #[serde(flatten)]
    pub action: Action,
}

/// One incident in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidentRow {
    /// Its record.
    pub id: RecordId,
    /// Its fields.
    #[serde(flatten)]
    pub incident: Incident,
    /// What became of the record: ok, withdrawn and the like.
    pub state: String,
    /// Minutes from its beginning until it was noticed.
    pub minutes_to_detect: Option<i64>,
    /// Until users no longer felt it.
    pub minutes_to_mitigate: Option<i64>,
    /// Until it was over.
    pub minutes_to_resolve: Option<i64>,
    /// The day its review is to be published by, where it is over and none is.
    pub review_due: Option<Date>,
}

/// One incident with all there is about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidentView {
    /// The incident.
    #[serde(flatten)]
    pub row: IncidentRow,
    /// Why it was withdrawn, where it was; everything about it stays.
    pub withdrawn_because: Option<String>,
    /// Its timeline in UTC order, written by whomever.
    pub lines: Vec<TimelineLine>,
    /// Its review.
    pub review: Option<ReviewView>,
    /// Follow-ups of it and of its review.
    pub actions: Vec<ActionView>,
}

/// Whole minutes between two moments.
fn minutes(from: Option<Time>, to: Option<Time>) -> Option<i64> {
    Some(to?.0.checked_sub(from?.0)?.div_euclid(60_000))
}

fn read<R: DeserializeOwned>(fields: commonhold_core::json::Fields) -> Option<R> {
    serde_json::from_value(Value::Object(fields)).ok()
}

fn row(id: RecordId, incident: Incident, state: State, reviewed: bool) -> IncidentRow {
    let over = incident.resolved.filter(|_| !reviewed && state == State::Ok);
    IncidentRow {
        id,
        state: state.name().to_owned(),
        minutes_to_detect: minutes(incident.started, incident.detected),
        minutes_to_mitigate: minutes(incident.started, incident.mitigated),
        minutes_to_resolve: minutes(incident.started, incident.resolved),
        review_due: over.map(|moment| moment.date().days_later(REVIEW_DAYS)),
        incident,
    }
}

/// Opens an incident.
pub fn open(app: &mut App, book: &BookId, new: &NewIncident) -> Result<RecordId, Failure> {
    let now = app.now();
    let detected = new.detected.unwrap_or(now);
    let visibility = if new.embargo_until.is_some() { "embargoed" } else { "public" };
    let fields = json!({"title": new.title, "severity": new.severity,
        "components": new.components, "started": new.started, "detected": detected,
        "detection": new.detection, "impact": new.impact.clone().unwrap_or_default(),
        "visibility": visibility, "embargo_until": new.embargo_until});
    add(app, book, Kind::Incident, object(fields))
}

/// Adds a line to the timeline.
pub fn line(
    app: &mut App,
    book: &BookId,
    incident: &RecordId,
    new: &NewLine,
) -> Result<RecordId, Failure> {
    let (person, now) = (person(app, book)?, app.now());
    find(app.reader(), book, Kind::Incident, incident)?;
    let fields = json!({"incident": incident, "at": new.at.unwrap_or(now),
        "type": new.line_type, "text": new.text, "public": new.public, "status": new.status,
        "person": person});
    add(app, book, Kind::IncidentLine, object(fields))
}

/// Sets one of the times of an incident; now when no moment is given.
pub fn moment(
    app: &mut App,
    book: &BookId,
    incident: &RecordId,
    name: &str,
    at: Option<Time>,
) -> Result<Time, Failure> {
    if !MOMENTS.contains(&name) {
        let message = format!("“{name}” is no time of an incident.");
        return Err(Failure::new(Code::Invalid, message)
            .hint(format!("There are: {}.", MOMENTS.join(", "))));
    }
    let now = app.now();
    let at = at.unwrap_or(now);
    let mut fields = commonhold_core::json::Fields::new();
    fields.insert(name.to_owned(), json!(at));
    edit(app, book, Kind::Incident, incident, fields, &BTreeMap::new())?;
    Ok(at)
}

/// All incidents, the latest first; those that were withdrawn too.
pub fn list(reader: &Reader, book: &BookId) -> Result<Vec<IncidentRow>, Failure> {
    let reviews = all::<Review>(reader, book, Kind::Review)?;
    let mut rows = Vec::new();
    reader.each(book, Kind::Incident, &mut |found| {
        let (id, state) = (found.id, found.state);
        let reviewed =
            reviews.iter().any(|(_, review)| review.incident == id && review.published.is_some());
        rows.extend(read(found.fields).map(|incident| row(id, incident, state, reviewed)));
        true
    })?;
    let began = |row: &IncidentRow| row.incident.started.or(row.incident.detected);
    rows.sort_by_key(|row| (std::cmp::Reverse(began(row)), row.id));
    Ok(rows)
}

fn timeline(
    reader: &Reader,
    book: &BookId,
    id: &RecordId,
    started: Option<Time>,
) -> Result<Vec<TimelineLine>, Failure> {
    let people = names(reader, book)?;
    let found = reader.with(book, Kind::IncidentLine, "incident", &id.to_string())?;
    let found = found.into_iter().filter(|row| row.state == State::Ok);
    let mut lines: Vec<(RecordId, IncidentLine)> =
        found.filter_map(|row| Some((row.id, read(row.fields)?))).collect();
    lines.sort_by_key(|(id, line)| (line.at, *id));
    let mut last = None;
    Ok(lines
        .into_iter()
        .map(|(id, line)| {
            let since_last = minutes(last, line.at);
            last = line.at;
            TimelineLine {
                id,
                person_name: line.person.and_then(|person| people.get(&person).cloned()),
                minutes: minutes(started, line.at),
                since_last,
                line,
            }
        })
        .collect())
}

fn names(reader: &Reader, book: &BookId) -> Result<BTreeMap<RecordId, String>, Failure> {
    let mut names = BTreeMap::new();
    reader.each(book, Kind::Person, &mut |row| {
        let name = row.fields.get("public_name").and_then(Value::as_str).unwrap_or_default();
        names.insert(row.id, name.to_owned());
        true
    })?;
    Ok(names)
}

/// The review of an incident; where several were written while apart, the first by its id.
fn review_of(
    reader: &Reader,
    book: &BookId,
    incident: &RecordId,
) -> Result<Option<ReviewView>, Failure> {
    let reviews = all::<Review>(reader, book, Kind::Review)?;
    let found = reviews.into_iter().find(|(_, review)| review.incident == *incident);
    Ok(found.map(|(id, review)| ReviewView { id, review }))
}

/// Why an incident was withdrawn: the reasons of all who did, each once.
fn withdrawn_because(
    reader: &Reader,
    book: &BookId,
    id: &RecordId,
) -> Result<Option<String>, Failure> {
    let found = reader.pointing_at(book, Kind::Incident, id, Relation::Withdraws)?.into_iter();
    let sound = found.filter(|row| row.problems.is_empty());
    let reasons: BTreeSet<String> = sound
        .filter_map(|row| row.fields.get("reason").and_then(Value::as_str).map(str::to_owned))
        .collect();
    let reasons: Vec<String> = reasons.into_iter().collect();
    Ok((!reasons.is_empty()).then(|| reasons.join("; ")))
}

/// One incident, whatever became of its record.
pub fn show(reader: &Reader, book: &BookId, id: &RecordId) -> Result<IncidentView, Failure> {
    let found = find(reader, book, Kind::Incident, id)?;
    let incident: Incident = read(found.fields)
        .ok_or_else(|| Failure::new(Code::Invalid, format!("The incident {id} cannot be read.")))?;
    let review = review_of(reader, book, id)?;
    let published = review.as_ref().is_some_and(|found| found.review.published.is_some());
    let actions = all::<Action>(reader, book, Kind::Action)?.into_iter();
    let about = |action: &Action| {
        action.about == *id || review.as_ref().is_some_and(|review| review.id == action.about)
    };
    let actions = actions.filter(|(_, action)| about(action));
    let actions = actions.map(|(id, action)| ActionView { id, action }).collect();
    let lines = timeline(reader, book, id, incident.started)?;
    let withdrawn_because = withdrawn_because(reader, book, id)?;
    let row = row(*id, incident, found.state, published);
    Ok(IncidentView { row, withdrawn_because, lines, review, actions })
}

/// Writes what was learned, or changes it, and adds follow-ups. Returns the review's id.
pub fn review(
    app: &mut App,
    book: &BookId,
    incident: &RecordId,
    new: &NewReview,
) -> Result<RecordId, Failure> {
    let person = person(app, book)?;
    find(app.reader(), book, Kind::Incident, incident)?;
    let factors = (!new.contributing_factors.is_empty()).then_some(&new.contributing_factors);
    let fields = json!({"trigger": new.trigger, "contributing_factors": factors,
        "summary": new.summary, "went_well": new.went_well, "went_poorly": new.went_poorly,
        "lucky": new.lucky});
    let mut fields = object(fields);
    let id = match review_of(app.reader(), book, incident)? {
        Some(there) => {
            if !fields.is_empty() {
                edit(app, book, Kind::Review, &there.id, fields, &BTreeMap::new())?;
            }
            there.id
        }
        None => {
            fields.insert("incident".into(), json!(incident));
            fields.insert("person".into(), json!(person));
            fields.entry("summary").or_insert_with(|| Value::from(""));
            add(app, book, Kind::Review, fields)?
        }
    };
    let actions = new.actions.iter().map(|(kind, text)| {
        New::of(Kind::Action, json!({"text": text, "about": id, "type": kind, "due": new.due}))
    });
    let actions: Vec<New> = actions.collect();
    if !actions.is_empty() {
        write_all(app, book, actions)?;
    }
    Ok(id)
}
