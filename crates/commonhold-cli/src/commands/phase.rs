//! `commonhold phase`: the phase of the service, its gates, and the checklist of closing.

use super::{Done, today};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::framework::{self, PhaseMove, Vouch};
use commonhold_core::Date;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Phases.
#[derive(Subcommand)]
pub enum Phase {
    /// The phase and what the gates ask for
    Show,
    /// Enter another phase, if its gate is open
    Enter(Enter),
    /// What must be ended before the service is closed, with its proofs
    Checklist,
    /// Prove an item of the checklist
    Prove(Prove),
    /// Write the whole record that the last move asks for, where that did not work with the move
    Archive {
        /// The file or folder it is written to [default: the folder that was chosen]
        path: Option<PathBuf>,
    },
    /// Show or choose the folder the whole record is written into when the service ends
    ArchiveFolder {
        /// The folder
        folder: Option<PathBuf>,
    },
}

/// A proof.
#[derive(Args)]
pub struct Prove {
    /// The item, as the checklist names it
    item: String,
    /// What was done
    #[arg(long)]
    statement: String,
    /// Where the proof is: an address, the SHA-256 of the confirmation, a record
    #[arg(long)]
    evidence: Option<String>,
    /// The last day of the bill or way to give [default: today]
    #[arg(long, value_name = "DATE")]
    ended: Option<Date>,
    /// It does not apply here (needs --decision)
    #[arg(long)]
    not_applicable: bool,
    /// The decision that says so
    #[arg(long)]
    decision: Option<String>,
}

/// A move.
#[derive(Args)]
pub struct Enter {
    /// starting, operating, closing or closed
    to: String,
    /// What the public is told
    #[arg(long)]
    statement: String,
    /// The decision that approved it: its id or title, or the id of the proposal [default: the vote
    /// that passed for it]
    #[arg(long)]
    decision: Option<String>,
    /// For closing: the last day of the service [default: in six months, or after the shutdown
    /// period]
    #[arg(long, value_name = "DATE")]
    ends: Option<Date>,
    /// For closing and closed: the file or folder the whole record is written to [default: the
    /// folder that was chosen]
    #[arg(long, value_name = "PATH")]
    archive: Option<PathBuf>,
}

/// Shows or changes the phase.
pub fn phase(context: &Context, command: Phase) -> Done {
    let out = context.output;
    match command {
        Phase::Show => show(context),
        Phase::Enter(enter) => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let entered = PhaseMove {
                to: enter.to.clone(),
                statement: enter.statement,
                decision: enter.decision,
                ends: enter.ends,
                archive: enter.archive,
            };
            let done = framework::phase_enter(&mut app, &book, &entered)?;
            out.line(format!("The service is {} now.", enter.to));
            if let Some(file) = &done.archive {
                out.line(format!("The whole record, with this move: {}", file.display()));
            }
            if let Some(problem) = &done.problem {
                out.line(format!("The archive could not be written: {problem}"));
                out.line("Write it with: commonhold phase archive PATH");
            }
            out.value(&done);
            Ok(u8::from(done.problem.is_some()))
        }
        Phase::Archive { path } => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let file = framework::phase_archive(&mut app, &book, path.as_deref())?;
            out.line(format!("Written: {}", file.display()));
            out.value(&json!({ "archive": file }));
            Ok(0)
        }
        Phase::Checklist => checklist(context),
        Phase::Prove(said) => prove(context, &said),
        Phase::ArchiveFolder { folder } => archive_folder(context, folder.as_deref()),
    }
}

fn show(context: &Context) -> Done {
    let out = context.output;
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let found = framework::conformance(&reader, &book, None, None, today())?;
    out.line(format!("The service is {}.", found.phase));
    for gate in &found.gates {
        let open = if gate.open { "open" } else { "not open" };
        out.line(format!("The gate to {} is {open}:", gate.to));
        for item in &gate.items {
            let mark = if item.holds { "[x]" } else { "[ ]" };
            out.line(format!("  {mark} {}", item.what));
        }
    }
    for void in &found.void_moves {
        out.line(format!(
            "Without effect: {} → {} of {} ({}). {}",
            void.from, void.to, void.date, void.id, void.why
        ));
    }
    let due = framework::archive_due(&reader, &book, today())?;
    if let Some(due) = &due {
        out.line(format!("The archive of the move to {} is missing.", due.to));
        out.line("Write it with: commonhold phase archive PATH");
    }
    out.value(&json!({ "phase": found.phase, "gates": found.gates,
        "void_moves": found.void_moves, "archive_due": due }));
    Ok(u8::from(!found.void_moves.is_empty() || due.is_some()))
}

fn checklist(context: &Context) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let items = framework::closing_checklist(&reader, &book, today())?;
    for item in &items {
        let mark = if item.holds { "[x]" } else { "[ ]" };
        context.output.line(format!("{mark} {}: {}", item.what, item.sentence));
        if !item.holds {
            context.output.line(format!("    commonhold phase prove {}", item.id));
        }
    }
    context.output.value(&items);
    Ok(u8::from(items.iter().any(|item| !item.holds)))
}

fn prove(context: &Context, said: &Prove) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let vouch = Vouch {
        requirement: said.item.clone(),
        not_applicable: said.not_applicable,
        statement: said.statement.clone(),
        evidence: said.evidence.clone(),
        decision: said.decision.clone(),
        until: None,
        ended: said.ended,
    };
    let id = framework::closing_prove(&mut app, &book, &vouch)?;
    context.output.line(format!("Written down: {id}"));
    context.output.value(&json!({ "id": id }));
    Ok(0)
}

fn archive_folder(context: &Context, folder: Option<&Path>) -> Done {
    if let Some(folder) = folder {
        let mut app = context.app()?;
        let book = context.book(app.reader())?;
        framework::choose_archive_folder(&mut app, &book, folder)?;
    }
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let chosen = framework::archive_folder(&reader, &book)?;
    let said =
        chosen.as_ref().map_or_else(|| "None is chosen.".into(), |f| f.display().to_string());
    context.output.line(said);
    context.output.value(&json!({ "folder": chosen }));
    Ok(0)
}
