//! Publishing what was learned of an incident. What is published has nothing left that must be
//! masked, and stays provable: its text is kept as a file, its SHA-256 in a record.

use super::incident::{IncidentView, ReviewView, show};
use super::privacy::Privacy;
use super::{New, object, person, planned, write};
use crate::app::App;
use crate::commands::attachments;
use crate::commands::records::find;
use crate::failure::{Code, Failure};
use commonhold_core::document::{Edit, Key};
use commonhold_core::framework::facts::all;
use commonhold_core::id::Sha256;
use commonhold_core::projection::State;
use commonhold_core::records::knowledge::commons::Commons;
use commonhold_core::records::product::service::Service;
use commonhold_core::store::{Act, Reader};
use commonhold_core::{BookId, Date, Kind, Problem, RecordId, Time};
use serde::Serialize;
use serde_json::json;

/// Most places that are named when a text may not be published.
const MAX_NAMED: usize = 20;

/// How the line of the timeline begins that says that something was published.
const PUBLISHED: &str = "What was learned is published, SHA-256 ";

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Published {
    /// SHA-256 of the text: it is kept as a file of this name.
    pub sha256: String,
    /// The record that keeps it.
    pub commons: RecordId,
    /// The review.
    pub review: RecordId,
}

fn section(out: &mut String, heading: &str, text: Option<&str>) {
    if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
        out.push_str(&format!("\n## {heading}\n\n{text}\n"));
    }
}

fn moment(out: &mut String, word: &str, at: Option<Time>, minutes: Option<i64>) {
    let Some(at) = at else { return };
    let after = minutes.map_or_else(String::new, |minutes| format!(" (after {minutes} minutes)"));
    out.push_str(&format!("- {word}: {at}{after}\n"));
}

/// The text that is published: the incident, what was learned, and of the timeline what is public.
pub fn text(view: &IncidentView) -> String {
    let (row, incident) = (&view.row, &view.row.incident);
    let mut out = format!("# {}\n\n", incident.title.trim());
    out.push_str(&format!("- Severity: {}\n", incident.severity));
    if !incident.components.is_empty() {
        out.push_str(&format!("- Affected: {}\n", incident.components.join(", ")));
    }
    moment(&mut out, "Started", incident.started, None);
    moment(&mut out, "Noticed", incident.detected, row.minutes_to_detect);
    moment(&mut out, "Mitigated", incident.mitigated, row.minutes_to_mitigate);
    moment(&mut out, "Resolved", incident.resolved, row.minutes_to_resolve);
    if let Some(users) = incident.users_affected {
        out.push_str(&format!("- Users affected: about {users}\n"));
    }
    if let Some(lost) = &incident.data_lost {
        out.push_str(&format!("- Data lost: {lost}\n"));
    }
    section(&mut out, "Impact", Some(&incident.impact));
    if let Some(ReviewView { review, .. }) = &view.review {
        section(&mut out, "Summary", Some(&review.summary));
        section(&mut out, "What set it off", review.trigger.as_deref());
        let factors: Vec<String> =
            review.contributing_factors.iter().map(|factor| format!("- {factor}")).collect();
        section(&mut out, "What led to it", Some(&factors.join("\n")));
        section(&mut out, "What went well", review.went_well.as_deref());
        section(&mut out, "What went poorly", review.went_poorly.as_deref());
        section(&mut out, "Where we were lucky", review.lucky.as_deref());
    }
    // That it was published before is no part of what is published.
    let public =
        view.lines.iter().filter(|line| line.line.public && !line.line.text.starts_with(PUBLISHED));
    let lines: Vec<String> = public
        .map(|line| {
            let at = line.line.at.map_or_else(String::new, |at| at.to_string());
            format!("- {at} {}: {}", line.line.incident_line_type, line.line.text)
        })
        .collect();
    section(&mut out, "Timeline (UTC)", Some(&lines.join("\n")));
    let actions: Vec<String> = view
        .actions
        .iter()
        .map(|found| {
            let action = &found.action;
            let state = match (action.done, action.due) {
                (Some(day), _) => format!("done {day}"),
                (None, Some(day)) => format!("due {day}"),
                (None, None) => "open".to_owned(),
            };
            format!("- {}: {} ({state})", action.action_type, action.text)
        })
        .collect();
    section(&mut out, "Follow-ups", Some(&actions.join("\n")));
    out
}

/// What speaks against publishing, apart from what must be masked.
fn refused(view: &IncidentView, today: Date) -> Option<&'static str> {
    let incident = &view.row.incident;
    if view.row.state != State::Ok.name() {
        return Some("This incident is withdrawn.");
    }
    if incident.visibility == "embargoed" && incident.embargo_until.is_none_or(|day| today <= day) {
        return Some("This incident is kept back until its embargo ends.");
    }
    if incident.resolved.is_none() {
        return Some("This incident is not over; set when it was resolved first.");
    }
    let written = view.review.as_ref().is_some_and(|found| {
        !found.review.contributing_factors.is_empty() && !found.review.summary.trim().is_empty()
    });
    (!written).then_some("There is no review with a summary and what led to it yet.")
}

/// Refuses a text in which something must be masked, naming the lines.
pub fn clean(reader: &Reader, book: &BookId, text: &str) -> Result<(), Failure> {
    let masked = Privacy::read(reader, book)?.mask(text);
    let Some(first) = masked.findings.first() else { return Ok(()) };
    let lines: Vec<&str> = masked.text.lines().collect();
    let line = |number: u32| {
        let at = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        lines.get(at).copied().unwrap_or_default()
    };
    let named = masked.findings.iter().take(MAX_NAMED).map(|finding| {
        let message =
            format!("Line {} holds {}: {}", finding.line, finding.kind, line(finding.line));
        Problem::new(format!("line {}", finding.line), message)
    });
    let message = format!(
        "This text is not published: line {} holds something that must not be public \
         ([{}] in “{}”).",
        first.line,
        first.kind,
        line(first.line).trim()
    );
    let mut failure = Failure::new(Code::Invalid, message)
        .hint("Write it without addresses, keys and names of people: a role says enough.");
    failure.problems = named.collect();
    Err(failure)
}

/// The text of an incident as it would be published.
pub fn preview(reader: &Reader, book: &BookId, incident: &RecordId) -> Result<String, Failure> {
    Ok(text(&show(reader, book, incident)?))
}

/// Publishes what was learned of an incident: the text is kept as a file, a record keeps its
/// SHA-256 for ever, the timeline says so. A text that was changed is published as one more.
pub fn publish(app: &mut App, book: &BookId, incident: &RecordId) -> Result<Published, Failure> {
    let (person, now) = (person(app, book)?, app.now());
    let view = show(app.reader(), book, incident)?;
    if let Some(why) = refused(&view, now.date()) {
        return Err(Failure::new(Code::Invalid, why).hint("Nothing was published."));
    }
    let text = text(&view);
    clean(app.reader(), book, &text)?;
    let sha256 = Sha256::of(text.as_bytes()).to_string();
    let kept = all::<Commons>(app.reader(), book, Kind::Commons)?;
    if kept.iter().any(|(_, kept)| kept.sha256 == sha256) {
        return Err(Failure::new(Code::Exists, "This text is published already.")
            .hint("Change it to publish it anew; what was published stays."));
    }
    let Some(review) = view.review.map(|found| found.id) else {
        return Err(Failure::new(Code::NotFound, "There is no review yet."));
    };
    let services = all::<Service>(app.reader(), book, Kind::Service)?;
    let source = services.into_iter().next().map(|(_, service)| service.name);
    let source = source.filter(|name| !name.is_empty()).unwrap_or_else(|| book.to_string());
    attachments::add_bytes(app, book, "The text", text.as_bytes(), false)?;
    let commons = object(json!({"title": view.row.incident.title, "type": "postmortem",
        "source": source, "date": now.date(), "sha256": sha256, "file": sha256}));
    let line = object(json!({"incident": incident, "at": now, "type": "communication",
        "text": format!("{PUBLISHED}{sha256}"), "public": true,
        "person": person}));
    let new = [(Kind::Commons, commons), (Kind::IncidentLine, line)];
    let new = new.map(|(kind, fields)| New { kind, id: None, fields });
    let (ids, mut edits) = planned(app, book, new.into())?;
    edits.push(published(app, book, &review, now.date())?);
    write(app, book, &edits)?;
    let commons = ids.first().copied().unwrap_or_default();
    Ok(Published { sha256, commons, review })
}

/// The edit that says on which day a review was published.
fn published(app: &mut App, book: &BookId, review: &RecordId, day: Date) -> Result<Act, Failure> {
    let row = find(app.reader(), book, Kind::Review, review)?;
    let judged = (Kind::Review.info().judge)(&row.fields);
    crate::commands::records::check_author(app, book, Kind::Review, &judged)?;
    let key = Key { kind: Kind::Review.name().to_owned(), id: *review };
    let fields = object(json!({ "published": day }));
    Ok(Act { document: row.document, edit: Edit::Fields(key, fields) })
}
