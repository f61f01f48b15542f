//! Which components and alerts have a runbook, which runbooks must be looked at, and how long
//! feedback waits (`operations.knowledge.shared`, `operations.process.public`).

use super::count;
use crate::date::{Date, Time};
use crate::id::RecordId;
use crate::records::knowledge::feedback::Feedback;
use crate::records::knowledge::process::Process;
use crate::records::knowledge::runbook::Runbook;
use crate::records::knowledge::runbook_run::RunbookRun;
use crate::records::operations::component::Component;
use crate::reports::Records;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Months after which a text that was looked at must be looked at again
/// (`operations.knowledge.shared`).
pub const REVIEW_MONTHS: i32 = 12;

/// A component or an alert, and the runbooks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Covered {
    /// The component.
    pub component: String,
    /// The alert; nothing where the component itself is meant.
    pub alert: Option<String>,
    /// The runbooks that name it.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub runbooks: Vec<RecordId>,
}

/// A runbook or process as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TextStanding {
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// Its heading.
    pub title: String,
    /// The day it was looked at last.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub reviewed: Option<Date>,
    /// Whether it was never looked at, or not for a year.
    pub unreviewed: bool,
    /// Whether the day it says it may be relied on until has passed.
    pub expired: bool,
    /// Whether everybody may read it.
    pub public: bool,
    /// How often it was followed.
    pub runs: u32,
    /// When it was followed last.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub last_run: Option<Time>,
    /// When it was followed last in a drill.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub last_drill: Option<Time>,
}

/// Feedback that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct OpenFeedback {
    /// The feedback.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is about.
    #[cfg_attr(test, ts(type = "string"))]
    pub about: RecordId,
    /// What was said.
    pub text: String,
    /// How many days it has waited.
    pub days: u32,
}

/// How knowledge stands on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Runbooks {
    /// The day.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// Components in service and their alerts, by name.
    pub coverage: Vec<Covered>,
    /// How many components and alerts no runbook names.
    pub uncovered: u32,
    /// The runbooks, by heading.
    pub runbooks: Vec<TextStanding>,
    /// The processes, by heading.
    pub processes: Vec<TextStanding>,
    /// Feedback without an answer, the oldest first.
    pub feedback: Vec<OpenFeedback>,
    /// How much feedback there is in all.
    pub feedback_total: u32,
}

/// The records it is worked out from.
#[derive(Clone, Debug, Default)]
pub struct KnowledgeRecords {
    /// Components.
    pub components: Records<Component>,
    /// Runbooks.
    pub runbooks: Records<Runbook>,
    /// When they were followed.
    pub runs: Records<RunbookRun>,
    /// Processes.
    pub processes: Records<Process>,
    /// What people said of them.
    pub feedback: Records<Feedback>,
}

/// Works it out on a day.
pub fn runbooks(records: &KnowledgeRecords, at: Date) -> Runbooks {
    let coverage = coverage(records, at);
    let mut followed: BTreeMap<RecordId, Vec<&RunbookRun>> = BTreeMap::new();
    for (_, run) in &records.runs {
        followed.entry(run.runbook).or_default().push(run);
    }
    let runbooks = records.runbooks.iter().map(|(id, one)| {
        let empty = Vec::new();
        let runs = followed.get(id).unwrap_or(&empty);
        TextStanding {
            runs: count(runs.len()),
            last_run: runs.iter().filter_map(|run| run.started).max(),
            last_drill: runs.iter().filter(|r| r.drill).filter_map(|r| r.started).max(),
            ..standing(*id, &one.title, (one.reviewed, one.expires, one.public), at)
        }
    });
    let processes = records
        .processes
        .iter()
        .map(|(id, one)| standing(*id, &one.title, (one.reviewed, one.expires, one.public), at));
    let by_title = |mut all: Vec<TextStanding>| {
        all.sort_by(|a, b| (&a.title, a.id).cmp(&(&b.title, b.id)));
        all
    };
    Runbooks {
        at,
        uncovered: count(coverage.iter().filter(|one| one.runbooks.is_empty()).count()),
        coverage,
        runbooks: by_title(runbooks.collect()),
        processes: by_title(processes.collect()),
        feedback: waiting(&records.feedback, at),
        feedback_total: count(records.feedback.len()),
    }
}

fn standing(
    id: RecordId,
    title: &str,
    (reviewed, expires, public): (Option<Date>, Option<Date>, bool),
    at: Date,
) -> TextStanding {
    let since = at.plus_months(REVIEW_MONTHS.saturating_neg()).unwrap_or_default();
    TextStanding {
        id,
        title: title.to_owned(),
        reviewed,
        unreviewed: reviewed.is_none_or(|day| day < since || at < day),
        expired: expires.is_some_and(|day| day < at),
        public,
        runs: 0,
        last_run: None,
        last_drill: None,
    }
}

/// Components in service and their alerts. A runbook covers an alert it names, and the component
/// of an alert it names.
fn coverage(records: &KnowledgeRecords, at: Date) -> Vec<Covered> {
    let mut alerts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let in_service =
        records.components.iter().filter(|(_, one)| one.retired.is_none_or(|day| at < day));
    for (_, component) in in_service {
        let known = alerts.entry(&component.name).or_default();
        known.extend(component.alerts.iter().map(String::as_str));
    }
    let naming = |wanted: &dyn Fn(&Runbook) -> bool| {
        let found = records.runbooks.iter().filter(|(_, runbook)| wanted(runbook));
        found.map(|(id, _)| *id).collect::<Vec<RecordId>>()
    };
    let mut found = Vec::new();
    for (component, alerts) in alerts {
        let of_it = naming(&|runbook| {
            runbook.components.iter().any(|name| name == component)
                || runbook.alerts.iter().any(|name| alerts.contains(name.as_str()))
        });
        found.push(Covered { component: component.to_owned(), alert: None, runbooks: of_it });
        for alert in alerts {
            let runbooks = naming(&|runbook| runbook.alerts.iter().any(|name| name == alert));
            let alert = Some(alert.to_owned());
            found.push(Covered { component: component.to_owned(), alert, runbooks });
        }
    }
    found
}

/// Feedback without an answer, the oldest first.
fn waiting(feedback: &Records<Feedback>, at: Date) -> Vec<OpenFeedback> {
    let open = feedback.iter().filter(|(_, one)| one.state == "open" && one.answered.is_none());
    let mut found: Vec<OpenFeedback> = open
        .map(|(id, one)| OpenFeedback {
            id: *id,
            about: one.about,
            text: one.text.clone(),
            days: u32::try_from(at.days_since(one.received.unwrap_or(at))).unwrap_or(0),
        })
        .collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.days), one.id));
    found
}
