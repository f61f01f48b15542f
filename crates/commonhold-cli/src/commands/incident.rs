//! `commonhold incident`: what went wrong, minute by minute, and what was learned.

use super::{Done, record_id};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::operations::incident::{
    self, IncidentRow, IncidentView, NewIncident, NewLine, NewReview,
};
use commonhold_app::commands::operations::means::{self, Means};
use commonhold_app::commands::operations::publish;
use commonhold_app::{Code, Failure};
use commonhold_core::{Date, Time};
use serde_json::json;

/// What to do with incidents.
#[derive(Subcommand)]
pub enum Incident {
    /// Open an incident
    Open(Open),
    /// Add a line to the timeline
    Line(Line),
    /// Set when it started, was detected, acknowledged, mitigated or resolved
    Status {
        /// The incident (id)
        id: String,
        /// started, detected, acknowledged, mitigated or resolved
        moment: String,
        /// When, such as 2026-07-31T09:30:00Z [default: now]
        #[arg(long, value_name = "MOMENT")]
        at: Option<Time>,
    },
    /// Say that it is over
    Resolve {
        /// The incident (id)
        id: String,
        /// When [default: now]
        #[arg(long, value_name = "MOMENT")]
        at: Option<Time>,
        /// A public update that says so
        #[arg(long)]
        text: Option<String>,
    },
    /// List incidents, the latest first
    List,
    /// Show an incident with its timeline in UTC
    Show {
        /// The incident (id)
        id: String,
    },
    /// Mean minutes to notice, mitigate and resolve (MTTD, MTTM, MTTR)
    Means {
        /// Only incidents that began on this day or later
        #[arg(long, value_name = "DAY")]
        from: Option<Date>,
        /// Only incidents that began on this day or before [default: today]
        #[arg(long, value_name = "DAY")]
        at: Option<Date>,
    },
    /// Write what was learned, or change it, and add follow-ups
    Review(Review),
    /// Publish what was learned; refused while something in it must not be public
    Publish {
        /// The incident (id)
        id: String,
        /// Print the text and whether it may be published; nothing is published
        #[arg(long)]
        preview: bool,
    },
}

/// An incident to open.
#[derive(Args)]
pub struct Open {
    /// What it is called
    title: String,
    /// sev1 (worst) to sev4
    #[arg(long, default_value = "sev3")]
    severity: String,
    /// A component that is affected; may be given several times
    #[arg(long = "component", value_name = "NAME")]
    components: Vec<String>,
    /// When it began
    #[arg(long, value_name = "MOMENT")]
    started: Option<Time>,
    /// When it was noticed [default: now]
    #[arg(long, value_name = "MOMENT")]
    detected: Option<Time>,
    /// monitor, user, member or other
    #[arg(long)]
    detection: Option<String>,
    /// What it means for users
    #[arg(long)]
    impact: Option<String>,
    /// The last day it is not published, at most 90 days after it began
    #[arg(long, value_name = "DAY")]
    embargo_until: Option<Date>,
}

/// A line to add.
#[derive(Args)]
pub struct Line {
    /// The incident (id)
    id: String,
    /// What happened
    text: String,
    /// When [default: now]
    #[arg(long, value_name = "MOMENT")]
    at: Option<Time>,
    /// observation, action, decision or communication
    #[arg(long = "type", value_name = "TYPE", default_value = "observation")]
    line_type: String,
    /// It is an update for everybody
    #[arg(long)]
    public: bool,
    /// investigating, identified, monitoring or resolved
    #[arg(long)]
    status: Option<String>,
}

/// What was learned.
#[derive(Args)]
pub struct Review {
    /// The incident (id)
    id: String,
    /// What happened and what was learned, Markdown
    #[arg(long)]
    summary: Option<String>,
    /// What set it off
    #[arg(long)]
    trigger: Option<String>,
    /// What led to it; may be given several times
    #[arg(long = "factor", value_name = "TEXT")]
    factors: Vec<String>,
    /// What went well
    #[arg(long)]
    well: Option<String>,
    /// What went poorly
    #[arg(long)]
    poorly: Option<String>,
    /// Where we were lucky
    #[arg(long)]
    lucky: Option<String>,
    /// A follow-up such as "prevent: check the disk"; prevent, detect, mitigate or process; may be
    /// given several times
    #[arg(long = "action", value_name = "TEXT")]
    actions: Vec<String>,
    /// The day the follow-ups are to be done by
    #[arg(long, value_name = "DAY")]
    due: Option<Date>,
}

/// Runs the command.
pub fn run(context: &Context, command: Incident) -> Done {
    match command {
        Incident::Open(wanted) => open(context, wanted),
        Incident::Line(wanted) => line(context, wanted),
        Incident::Status { id, moment, at } => set(context, &id, &moment, at, None),
        Incident::Resolve { id, at, text } => set(context, &id, "resolved", at, text),
        Incident::List => list(context),
        Incident::Show { id } => show(context, &id),
        Incident::Means { from, at } => means(context, from, at),
        Incident::Review(wanted) => review(context, wanted),
        Incident::Publish { id, preview } => publish(context, &id, preview),
    }
}

fn said(context: &Context, what: &str, id: &commonhold_core::RecordId) -> Done {
    context.output.line(format!("{what}: {id}"));
    context.output.value(&json!({ "id": id }));
    Ok(0)
}

fn open(context: &Context, wanted: Open) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let new = NewIncident {
        title: wanted.title,
        severity: wanted.severity,
        components: wanted.components,
        started: wanted.started,
        detected: wanted.detected,
        detection: wanted.detection,
        impact: wanted.impact,
        embargo_until: wanted.embargo_until,
    };
    let id = incident::open(&mut app, &book, &new)?;
    said(context, "Opened", &id)
}

fn line(context: &Context, wanted: Line) -> Done {
    let id = record_id(&wanted.id)?;
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let new = NewLine {
        text: wanted.text,
        at: wanted.at,
        line_type: wanted.line_type,
        public: wanted.public,
        status: wanted.status,
    };
    let id = incident::line(&mut app, &book, &id, &new)?;
    said(context, "Written", &id)
}

fn set(context: &Context, id: &str, name: &str, at: Option<Time>, text: Option<String>) -> Done {
    let id = record_id(id)?;
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let at = incident::moment(&mut app, &book, &id, name, at)?;
    if let Some(text) = text {
        let new = NewLine {
            text,
            at: Some(at),
            line_type: "communication".into(),
            public: true,
            status: Some("resolved".into()),
        };
        incident::line(&mut app, &book, &id, &new)?;
    }
    context.output.line(format!("It was {name} at {at}."));
    context.output.value(&json!({ "id": id, name: at }));
    Ok(0)
}

/// How far an incident is.
fn standing(row: &IncidentRow) -> String {
    let incident = &row.incident;
    let word = match (row.state.as_str(), incident.resolved, incident.mitigated) {
        ("ok", Some(_), _) => "resolved",
        ("ok", None, Some(_)) => "mitigated",
        ("ok", None, None) => "open",
        (other, ..) => other,
    };
    word.to_owned()
}

fn list(context: &Context) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = incident::list(&reader, &book)?;
    let moment = |at: Option<Time>| at.map_or_else(String::new, |at| at.to_string());
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|row| {
            let incident = &row.incident;
            vec![
                moment(incident.started.or(incident.detected)),
                incident.severity.clone(),
                standing(row),
                row.review_due.map_or_else(String::new, |day| format!("by {day}")),
                incident.title.clone(),
                row.id.to_string(),
            ]
        })
        .collect();
    out.table(&["began", "severity", "state", "review", "title", "id"], &rows);
    out.value(&found);
    Ok(0)
}

/// A number of minutes as hours and minutes, with its sign.
fn hours(minutes: i64) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    let hours = minutes.checked_div(60).unwrap_or_default();
    format!("{sign}{hours:02}:{:02}", minutes.checked_rem(60).unwrap_or_default())
}

fn show(context: &Context, id: &str) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = incident::show(&reader, &book, &record_id(id)?)?;
    head(context, &found);
    for line in &found.lines {
        let at = line.line.at.map_or_else(String::new, |at| at.to_string());
        let after = line.minutes.map_or_else(String::new, hours);
        let who = line.person_name.clone().unwrap_or_default();
        let public = if line.line.public { ", public" } else { "" };
        let status = line.line.status.as_ref().map_or(String::new(), |word| format!(", {word}"));
        let what = &line.line.incident_line_type;
        out.line(format!("{at} {after:>7}  {}", line.line.text));
        out.line(format!("{:29} {what}{public}{status}, {who}", ""));
    }
    if let Some(found) = &found.review {
        let state = found.review.published.map(|day| format!("published {day}"));
        out.line(format!("Review {} ({}).", found.id, state.unwrap_or("not published".into())));
        let factors = &found.review.contributing_factors;
        factors.iter().for_each(|factor| out.line(format!("  led to it: {factor}")));
    }
    for found in &found.actions {
        let state = found.action.done.map_or("open".into(), |day| format!("done {day}"));
        out.line(format!("  {}: {} ({state})", found.action.action_type, found.action.text));
    }
    out.value(&found);
    Ok(0)
}

fn head(context: &Context, found: &IncidentView) {
    let (out, row) = (context.output, &found.row);
    let incident = &row.incident;
    out.line(format!("{} ({}, {})", incident.title, incident.severity, standing(row)));
    if let Some(reason) = &found.withdrawn_because {
        out.line(format!("Withdrawn: {reason}"));
    }
    if !incident.components.is_empty() {
        out.line(format!("Affected: {}", incident.components.join(", ")));
    }
    let times = [
        ("Detected", row.minutes_to_detect),
        ("Mitigated", row.minutes_to_mitigate),
        ("Resolved", row.minutes_to_resolve),
    ];
    for (word, minutes) in times {
        if let Some(minutes) = minutes {
            out.line(format!("{word} after {minutes} minutes."));
        }
    }
    if let Some(day) = row.review_due {
        out.line(format!("What was learned is to be published by {day}."));
    }
}

fn means(context: &Context, from: Option<Date>, at: Option<Date>) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = means::means(&reader, &book, from, at.unwrap_or_else(super::today))?;
    let row = |word: &str, means: &Means| {
        let said = |minutes: Option<i64>| minutes.map_or("-".into(), |n| n.to_string());
        let times = [means.mttd_minutes, means.mttm_minutes, means.mttr_minutes].map(said);
        let counts = [means.incidents, means.resolved].map(|n| n.to_string());
        [&[word.to_owned()][..], &counts[..], &times[..]].concat()
    };
    let mut rows = vec![row("incidents", &found.means)];
    if found.withdrawn > 0 {
        rows.push(row("with those withdrawn", &found.with_withdrawn));
    }
    out.table(&["", "all", "over", "MTTD min", "MTTM min", "MTTR min"], &rows);
    out.value(&found);
    Ok(0)
}

fn review(context: &Context, wanted: Review) -> Done {
    let id = record_id(&wanted.id)?;
    let actions = wanted.actions.iter().map(|action| {
        let (word, text) = action.split_once(':').ok_or_else(|| {
            Failure::new(Code::Invalid, format!("“{action}” does not say what it is for."))
                .hint("Write it as: prevent: what is to be done.")
        })?;
        Ok((word.trim().to_owned(), text.trim().to_owned()))
    });
    let new = NewReview {
        trigger: wanted.trigger,
        contributing_factors: wanted.factors,
        summary: wanted.summary,
        went_well: wanted.well,
        went_poorly: wanted.poorly,
        lucky: wanted.lucky,
        actions: actions.collect::<Result<_, Failure>>()?,
        due: wanted.due,
    };
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let id = incident::review(&mut app, &book, &id, &new)?;
    said(context, "Review", &id)
}

fn publish(context: &Context, id: &str, preview: bool) -> Done {
    let (id, out) = (record_id(id)?, context.output);
    if preview {
        let reader = context.reader()?;
        let book = context.book(&reader)?;
        let text = publish::preview(&reader, &book, &id)?;
        out.line(&text);
        let problem = publish::clean(&reader, &book, &text).err();
        let message = problem.as_ref().map(|failure| failure.message.clone());
        out.value(&json!({ "text": text, "problem": message }));
        if let (Some(failure), false) = (&problem, out.json) {
            out.failure(failure);
        }
        return Ok(u8::from(problem.is_some()));
    }
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let done = publish::publish(&mut app, &book, &id)?;
    out.line(format!("Published, SHA-256 {}.", done.sha256));
    out.line("The text is kept as a file of this name; the public page shows it when it is built.");
    out.value(&done);
    Ok(0)
}
