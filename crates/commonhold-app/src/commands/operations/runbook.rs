//! Runbooks: following one, adopting one of others, writing one out (`operations.knowledge.shared`).

use super::adopted::keep;
use super::{New, person, write_all};
use crate::app::App;
use crate::commands::records::find;
use crate::failure::{Code, Failure};
use commonhold_core::framework::facts::all;
use commonhold_core::id::Sha256;
use commonhold_core::records::knowledge::runbook::Runbook;
use commonhold_core::records::knowledge::runbook::steps::{Step, steps};
use commonhold_core::records::knowledge::runbook_run::RunbookRun;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Most characters of a note on a step.
const MAX_NOTE: usize = 500;

/// One runbook in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunbookRow {
    /// Its record.
    pub id: RecordId,
    /// The heading.
    pub title: String,
    /// What one sees when it is needed.
    pub symptom: Option<String>,
    /// The components it is for.
    pub components: Vec<String>,
    /// The alerts it answers.
    pub alerts: Vec<String>,
    /// How many steps it has.
    pub steps: usize,
    /// The day it was last checked.
    pub reviewed: Option<Date>,
    /// The last day it may be relied on without a check.
    pub expires: Option<Date>,
    /// Whether everybody may read it.
    pub public: bool,
    /// When it was followed last.
    pub last_run: Option<Time>,
}

/// One runbook with its steps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunbookView {
    /// Its record.
    pub id: RecordId,
    /// Its fields.
    #[serde(flatten)]
    pub runbook: Runbook,
    /// SHA-256 of its body.
    pub sha256: String,
    /// Its steps.
    pub steps: Vec<Step>,
    /// How often it was followed.
    pub runs: usize,
}

/// A runbook that is added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NewRunbook {
    /// The heading; the first heading of the body when it is empty.
    pub title: String,
    /// The text, Markdown.
    pub body: String,
    /// What one sees when it is needed.
    pub symptom: Option<String>,
    /// The components it is for.
    pub components: Vec<String>,
    /// The alerts it answers.
    pub alerts: Vec<String>,
    /// Whether everybody may read it.
    pub public: bool,
    /// The last day it may be relied on without a check.
    pub expires: Option<Date>,
    /// Where it is taken over from, and under which licence (SPDX).
    pub adopted: Option<(String, String)>,
}

/// How a runbook was followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// SHA-256 of the body that was followed.
    pub sha256: String,
    /// When it began.
    pub started: Time,
    /// The incident it was for.
    pub incident: Option<RecordId>,
    /// Each step: its number, done, skipped or failed, and a note.
    pub steps: Vec<(u32, String, String)>,
    /// Where one had to do something else.
    pub deviations: Option<String>,
    /// Whether it was a drill.
    pub drill: bool,
    /// Whether deviations become feedback on the runbook.
    pub feedback: bool,
}

/// What was recorded of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FollowedDone {
    /// The run.
    pub run: RecordId,
    /// The feedback, where something differed.
    pub feedback: Option<RecordId>,
}

/// All runbooks by their headings.
pub fn list(reader: &Reader, book: &BookId) -> Result<Vec<RunbookRow>, Failure> {
    let runs = all::<RunbookRun>(reader, book, Kind::RunbookRun)?;
    let last = |id: RecordId| {
        let of_it = runs.iter().filter(|(_, run)| run.runbook == id);
        of_it.filter_map(|(_, run)| run.started).max()
    };
    let found = all::<Runbook>(reader, book, Kind::Runbook)?.into_iter();
    let mut rows: Vec<RunbookRow> = found
        .map(|(id, runbook)| RunbookRow {
            id,
            steps: steps(&runbook.body).len(),
            title: runbook.title,
            symptom: runbook.symptom,
            components: runbook.components,
            alerts: runbook.alerts,
            reviewed: runbook.reviewed,
            expires: runbook.expires,
            public: runbook.public,
            last_run: last(id),
        })
        .collect();
    rows.sort_by(|a, b| a.title.cmp(&b.title).then(a.id.cmp(&b.id)));
    Ok(rows)
}

/// One runbook with its steps.
pub fn show(reader: &Reader, book: &BookId, id: &RecordId) -> Result<RunbookView, Failure> {
    let found = find(reader, book, Kind::Runbook, id)?;
    let runbook: Runbook =
        serde_json::from_value(Value::Object(found.fields)).map_err(|error| {
            Failure::new(Code::Invalid, format!("The runbook {id} cannot be read.")).detail(error)
        })?;
    let runs = all::<RunbookRun>(reader, book, Kind::RunbookRun)?;
    Ok(RunbookView {
        id: *id,
        sha256: Sha256::of(runbook.body.as_bytes()).to_string(),
        steps: steps(&runbook.body),
        runs: runs.iter().filter(|(_, run)| run.runbook == *id).count(),
        runbook,
    })
}

/// Adds a runbook, of one's own or of others with where it is from.
pub fn new(app: &mut App, book: &BookId, new: &NewRunbook) -> Result<RecordId, Failure> {
    let today = app.today();
    let me = person(app, book)?;
    let heading = new.body.lines().find_map(|line| line.strip_prefix("# "));
    let title = match new.title.trim() {
        "" => heading.unwrap_or_default().trim(),
        title => title,
    };
    if steps(&new.body).is_empty() {
        return Err(Failure::new(Code::Invalid, "This text has no steps.")
            .hint("Write them as a numbered list: 1. what to do."));
    }
    let adopted = new.adopted.as_ref();
    let fields = json!({"title": title, "body": new.body, "symptom": new.symptom,
        "components": new.components, "alerts": new.alerts, "public": new.public,
        "expires": new.expires, "owner": me,
        // What others wrote was not checked here yet.
        "reviewed": adopted.is_none().then_some(today),
        "adopted_from": adopted.map(|(from, _)| from),
        "adopted_sha256": adopted.map(|_| Sha256::of(new.body.as_bytes()).to_string()),
        "licence": adopted.map(|(_, licence)| licence)});
    let mut all = vec![New::of(Kind::Runbook, fields)];
    if let Some((from, licence)) = adopted {
        let source = (from.as_str(), Some(licence.as_str()));
        all.extend(keep(app, book, Kind::Runbook, title, source, &new.body)?);
    }
    let ids = write_all(app, book, all)?;
    Ok(ids.first().copied().unwrap_or_default())
}

/// A runbook as one Markdown file, with where it is from.
pub fn export(reader: &Reader, book: &BookId, id: &RecordId) -> Result<String, Failure> {
    let found = show(reader, book, id)?;
    let runbook = &found.runbook;
    let list = |items: &[String]| (!items.is_empty()).then(|| items.join(", "));
    let known = [
        ("title", Some(runbook.title.clone())),
        ("symptom", runbook.symptom.clone()),
        ("components", list(&runbook.components)),
        ("alerts", list(&runbook.alerts)),
        ("prerequisites", runbook.prerequisites.clone()),
        ("escalation", runbook.escalation.clone()),
        ("reviewed", runbook.reviewed.map(|day| day.to_string())),
        ("adopted_from", runbook.adopted_from.clone()),
        ("adopted_sha256", runbook.adopted_sha256.clone()),
        ("licence", runbook.licence.clone()),
        ("sha256", Some(found.sha256.clone())),
    ];
    let mut out = String::from("---\n");
    for (name, value) in known {
        if let Some(value) = value {
            // A JSON text is a YAML text.
            out.push_str(&format!("{name}: {}\n", Value::from(value)));
        }
    }
    out.push_str("---\n\n");
    out.push_str(&runbook.body);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    Ok(out)
}

/// Records how a runbook was followed; what differed becomes feedback on it.
pub fn followed(
    app: &mut App,
    book: &BookId,
    runbook: &RecordId,
    how: &Followed,
) -> Result<FollowedDone, Failure> {
    let (me, now) = (person(app, book)?, app.now());
    find(app.reader(), book, Kind::Runbook, runbook)?;
    let said: Vec<String> = how
        .steps
        .iter()
        .map(|(number, outcome, note)| {
            let note: String = note.trim().chars().take(MAX_NOTE).collect();
            match note.is_empty() {
                true => format!("{number} {outcome}"),
                false => format!("{number} {outcome}: {note}"),
            }
        })
        .collect();
    let deviations = how.deviations.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let run = json!({"runbook": runbook, "sha256": how.sha256, "started": how.started,
        "ended": now, "incident": how.incident, "steps": said, "deviations": deviations,
        "drill": how.drill, "person": me});
    let mut new = vec![New::of(Kind::RunbookRun, run)];
    if let Some(text) = deviations.filter(|_| how.feedback) {
        let feedback = json!({"about": runbook, "from": "member", "text": text,
            "received": now.date(), "state": "open", "person": me});
        new.push(New::of(Kind::Feedback, feedback));
    }
    let ids = write_all(app, book, new)?;
    let run = ids.first().copied().unwrap_or_default();
    Ok(FollowedDone { run, feedback: ids.get(1).copied() })
}
