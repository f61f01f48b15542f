//! `commonhold runbook`: what to do when something happens, step by step, also without a network.

use super::adopted::{self, Update};
use super::{Done, now, record_id};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::operations::runbook::{self, Followed, NewRunbook, RunbookView};
use commonhold_app::{Code, Failure};
use commonhold_core::records::knowledge::runbook::steps::Step;
use commonhold_core::{Date, Kind};
use serde_json::json;
use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};

/// Most bytes of a text that is taken over.
const MAX_BODY: u64 = 2_000_000;
/// Most bytes of one answer.
const MAX_ANSWER: u64 = 4096;

/// What to do with runbooks.
#[derive(Subcommand)]
pub enum Runbook {
    /// List runbooks
    List,
    /// Show a runbook with its steps
    Show {
        /// The runbook (id)
        id: String,
    },
    /// Follow a runbook step by step and record how it went
    Run(Run),
    /// Add a runbook from a Markdown file: its steps are a numbered list
    Add(Add),
    /// Take over a runbook of others, with where it is from
    Adopt {
        #[command(flatten)]
        text: Add,
        /// The service or organisation it is from, or its address
        #[arg(long, value_name = "SOURCE")]
        from: String,
        /// Its licence (SPDX), such as CC-BY-4.0
        #[arg(long)]
        licence: String,
    },
    /// Take in a later version of a runbook that was taken over; what was changed here stays
    Update(Update),
    /// Show what was changed here since it was taken over
    Changes {
        /// The runbook (id)
        id: String,
    },
    /// Write a runbook as one Markdown file, with where it is from
    Export {
        /// The runbook (id)
        id: String,
        /// Where to; nothing that is there is overwritten [default: the terminal]
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
}

/// A runbook to follow.
#[derive(Args)]
pub struct Run {
    /// The runbook (id)
    id: String,
    /// The incident it is for (id)
    #[arg(long)]
    incident: Option<String>,
    /// It is a drill
    #[arg(long)]
    drill: bool,
    /// Deviations do not become feedback on the runbook
    #[arg(long)]
    no_feedback: bool,
}

/// A text to add.
#[derive(Args)]
pub struct Add {
    /// The Markdown file, or - for standard input
    file: String,
    /// The heading [default: the first one of the text]
    #[arg(long)]
    title: Option<String>,
    /// What one sees when it is needed
    #[arg(long)]
    symptom: Option<String>,
    /// A component it is for; may be given several times
    #[arg(long = "component", value_name = "NAME")]
    components: Vec<String>,
    /// An alert it answers; may be given several times
    #[arg(long = "alert", value_name = "NAME")]
    alerts: Vec<String>,
    /// Everybody may read it
    #[arg(long)]
    public: bool,
    /// The last day it may be relied on without a check
    #[arg(long, value_name = "DAY")]
    expires: Option<Date>,
}

/// Runs the command.
pub fn run(context: &Context, command: Runbook) -> Done {
    match command {
        Runbook::List => list(context),
        Runbook::Show { id } => show(context, &id),
        Runbook::Run(wanted) => follow(context, &wanted),
        Runbook::Add(text) => add(context, text, None),
        Runbook::Adopt { text, from, licence } => add(context, text, Some((from, licence))),
        Runbook::Update(wanted) => adopted::update(context, Kind::Runbook, &wanted),
        Runbook::Changes { id } => adopted::changes(context, Kind::Runbook, &id),
        Runbook::Export { id, to } => export(context, &id, to.as_deref()),
    }
}

fn list(context: &Context) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = runbook::list(&reader, &book)?;
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|row| {
            vec![
                row.title.clone(),
                row.steps.to_string(),
                row.components.join(", "),
                day(row.reviewed),
                day(row.expires),
                row.id.to_string(),
            ]
        })
        .collect();
    out.table(&["title", "steps", "components", "reviewed", "expires", "id"], &rows);
    out.value(&found);
    Ok(0)
}

fn show(context: &Context, id: &str) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = runbook::show(&reader, &book, &record_id(id)?)?;
    head(context, &found);
    found.steps.iter().for_each(|step| step_lines(step).iter().for_each(|line| out.line(line)));
    out.line(format!("SHA-256 {}", found.sha256));
    out.value(&found);
    Ok(0)
}

fn head(context: &Context, found: &RunbookView) {
    let (out, runbook) = (context.output, &found.runbook);
    out.line(&runbook.title);
    let lines = [
        ("Needed when", &runbook.symptom),
        ("Before", &runbook.prerequisites),
        ("If it does not help", &runbook.escalation),
        ("Taken over from", &runbook.adopted_from),
        ("Licence", &runbook.licence),
    ];
    for (word, text) in lines {
        if let Some(text) = text {
            out.line(format!("{word}: {text}"));
        }
    }
}

fn step_lines(step: &Step) -> Vec<String> {
    let mut lines = vec![format!("{}. {}", step.number, step.text)];
    for (word, text) in [("expect", &step.expect), ("verify", &step.verify), ("undo", &step.undo)] {
        if let Some(text) = text {
            lines.push(format!("   {word}: {text}"));
        }
    }
    lines
}

/// Says something on the error output: answers are read meanwhile, and the output stays JSON.
fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Reads one line; nothing at the end of the input.
fn answer() -> Option<String> {
    let mut line = String::new();
    let read = std::io::stdin().lock().take(MAX_ANSWER).read_line(&mut line);
    (read.ok()? > 0).then(|| line.trim().to_owned())
}

/// What a person means: done, skipped or failed, with a note; nothing when it is not clear.
fn outcome(text: &str) -> Option<(&'static str, String)> {
    let (word, note) = text.split_once([' ', ':']).unwrap_or((text, ""));
    let outcome = match word.to_lowercase().as_str() {
        "" | "d" | "done" | "y" | "yes" => "done",
        "s" | "skip" | "skipped" => "skipped",
        "f" | "fail" | "failed" | "n" | "no" => "failed",
        _ => return None,
    };
    Some((outcome, note.trim_start_matches(':').trim().to_owned()))
}

/// Asks how one step went; nothing when nobody answers any more.
fn ask(step: &Step) -> Option<(&'static str, String)> {
    tell("");
    step_lines(step).iter().for_each(|line| tell(line));
    loop {
        tell("done, skipped or failed, with a note if you like [done]:");
        let said = answer()?;
        match outcome(&said) {
            Some(clear) => return Some(clear),
            None => tell("Begin with done, skipped or failed."),
        }
    }
}

fn follow(context: &Context, wanted: &Run) -> Done {
    let (id, out) = (record_id(&wanted.id)?, context.output);
    let incident = wanted.incident.as_deref().map(record_id).transpose()?;
    let found = {
        let reader = context.reader()?;
        let book = context.book(&reader)?;
        runbook::show(&reader, &book, &id)?
    };
    if found.steps.is_empty() {
        return Err(Failure::new(Code::Invalid, "This runbook has no steps.")
            .hint("Write them as a numbered list: 1. what to do."));
    }
    let started = now();
    head(context, &found);
    let (mut steps, mut through) = (Vec::new(), true);
    for step in &found.steps {
        let (outcome, note) = match through.then(|| ask(step)).flatten() {
            Some(clear) => clear,
            None => {
                through = false;
                ("skipped", "not reached".to_owned())
            }
        };
        steps.push((step.number, outcome.to_owned(), note));
    }
    tell("Where did you have to do something else? [nowhere]:");
    let said = answer().unwrap_or_default();
    let deviations = deviations(&steps, &said);
    let how = Followed {
        sha256: found.sha256,
        started,
        incident,
        steps,
        deviations,
        drill: wanted.drill,
        feedback: !wanted.no_feedback,
    };
    // The profile was not held while the steps were followed.
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let done = runbook::followed(&mut app, &book, &id, &how)?;
    out.line(format!("Recorded: {}", done.run));
    if let Some(feedback) = &done.feedback {
        out.line(format!("What differed is feedback on the runbook: {feedback}"));
    }
    out.value(&done);
    Ok(u8::from(how.steps.iter().any(|(_, outcome, _)| outcome == "failed") || !through))
}

/// What differed from the text: what was said, and steps that failed or were left out.
fn deviations(steps: &[(u32, String, String)], said: &str) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    if !said.is_empty() {
        lines.push(said.to_owned());
    }
    for (number, outcome, note) in steps.iter().filter(|(_, outcome, _)| outcome != "done") {
        let note = if note.is_empty() { String::new() } else { format!(": {note}") };
        lines.push(format!("Step {number} {outcome}{note}"));
    }
    let text: String = lines.join("\n").chars().take(2000).collect();
    (!text.is_empty()).then_some(text)
}

pub(super) fn read_text(file: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let most = MAX_BODY.saturating_add(1);
    let read = match file {
        "-" => std::io::stdin().lock().take(most).read_to_string(&mut text),
        path => {
            let path = Path::new(path);
            let file = std::fs::File::open(path).map_err(|error| Failure::file(path, &error))?;
            file.take(most).read_to_string(&mut text)
        }
    };
    read.map_err(|error| {
        Failure::new(Code::Invalid, format!("{file} is not text in UTF-8.")).detail(error)
    })?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MAX_BODY) {
        return Err(Failure::new(
            Code::Invalid,
            format!("{file} is longer than a runbook may be."),
        ));
    }
    Ok(text)
}

fn add(context: &Context, text: Add, adopted: Option<(String, String)>) -> Done {
    let new = NewRunbook {
        title: text.title.unwrap_or_default(),
        body: read_text(&text.file)?,
        symptom: text.symptom,
        components: text.components,
        alerts: text.alerts,
        public: text.public,
        expires: text.expires,
        adopted,
    };
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let id = runbook::new(&mut app, &book, &new)?;
    context.output.line(format!("Added runbook {id}."));
    context.output.value(&json!({ "id": id }));
    Ok(0)
}

fn export(context: &Context, id: &str, to: Option<&Path>) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let text = runbook::export(&reader, &book, &record_id(id)?)?;
    if let Some(path) = to {
        std::fs::File::create_new(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::AlreadyExists => {
                    Failure::new(Code::Exists, format!("{} is there already.", path.display()))
                        .hint("Choose a name that is free; nothing was changed.")
                }
                _ => Failure::file(path, &error),
            })?;
        out.line(format!("Wrote {}.", path.display()));
    } else {
        out.line(text.trim_end());
    }
    out.value(&json!({ "text": text }));
    Ok(0)
}
