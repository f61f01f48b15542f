//! Runbooks and processes of other services: what was changed here, and taking in what was changed
//! there since.

use super::{Done, record_id};
use crate::Context;
use clap::{Args, Subcommand, ValueEnum};
use commonhold_app::commands::operations::adopted::merge::Change;
use commonhold_app::commands::operations::adopted::{self, Both, NewProcess};
use commonhold_core::Kind;
use serde_json::json;

/// What to do with processes of others; those of one's own are records like others.
#[derive(Subcommand)]
pub enum Process {
    /// Take over a process of others, with where it is from
    Adopt(Adopt),
    /// Take in a later version of a process that was taken over
    Update(Update),
    /// Show what was changed here since it was taken over
    Changes {
        /// The process (id)
        id: String,
    },
}

/// A process to take over.
#[derive(Args)]
pub struct Adopt {
    /// The Markdown file, or - for standard input
    file: String,
    /// The service or organisation it is from, or its address
    #[arg(long, value_name = "SOURCE")]
    from: String,
    /// Its licence (SPDX), such as CC-BY-4.0
    #[arg(long)]
    licence: String,
    /// The heading [default: the first one of the text]
    #[arg(long)]
    title: Option<String>,
    /// What it is for
    #[arg(long)]
    purpose: Option<String>,
    /// Everybody may read it
    #[arg(long)]
    public: bool,
}

/// A later version of a text that was taken over.
#[derive(Args)]
pub struct Update {
    /// The runbook or process (id)
    id: String,
    /// The Markdown file as it is there now, or - for standard input
    file: String,
    /// What stays where both changed the same lines; else nothing is written
    #[arg(long, value_enum)]
    keep: Option<Keep>,
    /// Show what would change; nothing is written
    #[arg(long)]
    dry_run: bool,
}

/// Which side stays.
#[derive(Clone, Copy, ValueEnum)]
enum Keep {
    /// What was written here
    Own,
    /// What was written there
    Theirs,
}

/// Runs `process`.
pub fn process(context: &Context, command: Process) -> Done {
    match command {
        Process::Adopt(wanted) => adopt(context, wanted),
        Process::Update(wanted) => update(context, Kind::Process, &wanted),
        Process::Changes { id } => changes(context, Kind::Process, &id),
    }
}

fn adopt(context: &Context, wanted: Adopt) -> Done {
    let new = NewProcess {
        title: wanted.title.unwrap_or_default(),
        body: super::runbook::read_text(&wanted.file)?,
        purpose: wanted.purpose,
        public: wanted.public,
        from: wanted.from,
        licence: wanted.licence,
    };
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let id = adopted::process(&mut app, &book, &new)?;
    context.output.line(format!("Added process {id}."));
    context.output.value(&json!({ "id": id }));
    Ok(0)
}

/// Takes in a later version of a text. Exit code 1: both sides changed the same lines, and nothing
/// was written.
pub fn update(context: &Context, kind: Kind, wanted: &Update) -> Done {
    let id = record_id(&wanted.id)?;
    let theirs = super::runbook::read_text(&wanted.file)?;
    let both = match wanted.keep {
        None => Both::Ask,
        Some(Keep::Own) => Both::Own,
        Some(Keep::Theirs) => Both::Theirs,
    };
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let done = adopted::update(&mut app, &book, (kind, &id), &theirs, both, wanted.dry_run)?;
    let out = context.output;
    show(context, "Changed there, and taken in:", &done.taken, |change| &change.theirs);
    show(context, "Changed here, and kept:", &done.own, |change| &change.own);
    show(context, "Changed by both, here:", &done.both, |change| &change.own);
    show(context, "and there:", &done.both, |change| &change.theirs);
    let asks = wanted.keep.is_none() && !done.both.is_empty();
    out.line(match (done.written, asks) {
        (true, _) => "It is updated; look at it before somebody relies on it.",
        (false, true) => "Nothing was written. Say which stays: --keep own or --keep theirs.",
        (false, false) if wanted.dry_run => "Nothing was written.",
        (false, false) => "There is nothing new.",
    });
    out.value(&done);
    Ok(u8::from(asks))
}

/// Shows what was changed here since a text was taken over.
pub fn changes(context: &Context, kind: Kind, id: &str) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let found = adopted::standing(&reader, &book, kind, &record_id(id)?)?;
    let licence = found.licence.as_deref().unwrap_or("no licence named");
    context.output.line(format!("Taken over from {} ({licence}).", found.from));
    show(context, "Changed here:", &found.own, |change| &change.own);
    if found.own.is_empty() {
        context.output.line("Nothing was changed here.");
    }
    context.output.value(&found);
    Ok(0)
}

/// Prints changes as lines with - and +.
fn show(context: &Context, heading: &str, changes: &[Change], now: fn(&Change) -> &String) {
    if changes.is_empty() {
        return;
    }
    context.output.line(heading);
    for change in changes {
        context.output.line(format!("  line {}", change.line));
        let before = change.before.lines().map(|line| format!("  - {line}"));
        let after = now(change).lines().map(|line| format!("  + {line}"));
        before.chain(after).for_each(|line| context.output.line(line));
    }
}
