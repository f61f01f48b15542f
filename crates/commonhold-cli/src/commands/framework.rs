//! `commonhold check`, `attest`, `phase`, `framework`, `scenario`: how the service keeps the framework.

use super::{Done, today};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::framework::{self, PhaseMove, Vouch};
use commonhold_core::Date;
use commonhold_core::framework::{FRAMEWORKS, Status};
use serde_json::json;
use std::path::PathBuf;

/// What to check.
#[derive(Args)]
pub struct Check {
    /// The version of the framework [default: the one in force]
    #[arg(long, value_name = "VERSION")]
    framework: Option<String>,
    /// As of this day [default: today]
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
}

/// Says how every requirement stands. Exit code 1 where one is not met.
pub fn check(context: &Context, check: &Check) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let version = check.framework.as_deref();
    let found = framework::conformance(&reader, &book, check.at, version, today())?;
    let out = context.output;
    let rows: Vec<Vec<String>> = found
        .requirements
        .iter()
        .map(|one| vec![one.status.name().into(), one.id.clone(), one.sentence.clone()])
        .collect();
    out.table(&["", "requirement", "what was found"], &rows);
    for one in found.requirements.iter().filter(|one| one.status == Status::Unmet) {
        out.line(format!("{}: {}", one.id, one.next));
        for evidence in &one.evidence {
            out.line(format!("    {} {} “{}”", evidence.kind, evidence.id, evidence.title));
        }
    }
    for area in &found.areas {
        out.line(format!("{}: {} of {}", area.area, area.holds, area.of));
    }
    out.line(format!("Framework {}, phase {}, {}", found.version, found.phase, found.at));
    out.value(&found);
    Ok(u8::from(found.requirements.iter().any(|one| !one.status.holds())))
}

/// What to vouch for.
#[derive(Args)]
pub struct Attest {
    /// The requirement, such as product.offline-first
    requirement: String,
    /// Why it holds, or why it does not apply
    #[arg(long)]
    statement: String,
    /// Where somebody can look
    #[arg(long)]
    evidence: Option<String>,
    /// The decision that says so
    #[arg(long)]
    decision: Option<String>,
    /// The day it must be said again
    #[arg(long)]
    until: Option<Date>,
    /// It does not apply here (needs --decision)
    #[arg(long)]
    not_applicable: bool,
}

/// Vouches for a requirement.
pub fn attest(context: &Context, said: &Attest) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let vouch = Vouch {
        requirement: said.requirement.clone(),
        not_applicable: said.not_applicable,
        statement: said.statement.clone(),
        evidence: said.evidence.clone(),
        decision: said.decision.clone(),
        until: said.until,
    };
    let id = framework::attest(&mut app, &book, &vouch)?;
    context.output.line(format!("Written down: {id}"));
    context.output.value(&json!({ "id": id }));
    Ok(0)
}

/// Phases.
#[derive(Subcommand)]
pub enum Phase {
    /// The phase and what the gates ask for
    Show,
    /// Enter another phase, if its gate is open
    Enter(Enter),
}

/// A move.
#[derive(Args)]
pub struct Enter {
    /// starting, operating, closing or closed
    to: String,
    /// What the public is told
    #[arg(long)]
    statement: String,
    /// The decision that approved it
    #[arg(long)]
    decision: Option<String>,
    /// For closing: the last day of the service
    #[arg(long, value_name = "DATE")]
    ends: Option<Date>,
    /// For closing and closed: where the whole record is written to
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
}

/// Shows or changes the phase.
pub fn phase(context: &Context, command: Phase) -> Done {
    let out = context.output;
    match command {
        Phase::Show => {
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
            out.value(&json!({ "phase": found.phase, "gates": found.gates }));
            Ok(0)
        }
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
            let id = framework::phase_enter(&mut app, &book, &entered)?;
            out.line(format!("The service is {} now.", enter.to));
            out.value(&json!({ "id": id }));
            Ok(0)
        }
    }
}

/// Versions of the framework.
#[derive(Subcommand)]
pub enum Framework {
    /// What each version asks for
    Show,
    /// Take a later version into force
    Migrate {
        /// The version
        to: String,
        /// The decision that says so
        #[arg(long)]
        decision: String,
    },
}

/// Shows or changes the version in force.
pub fn framework(context: &Context, command: &Framework) -> Done {
    match command {
        Framework::Show => {
            let mut rows = Vec::new();
            for framework in FRAMEWORKS {
                for one in framework.all() {
                    rows.push(vec![framework.version.into(), one.id.into(), one.title.into()]);
                }
            }
            context.output.table(&["version", "requirement", "what is required"], &rows);
            context.output.value(&rows);
            Ok(0)
        }
        Framework::Migrate { to, decision } => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            framework::migrate(&mut app, &book, to, decision)?;
            context.output.line(format!("Version {to} of the framework is in force."));
            context.output.value(&json!({ "framework": to }));
            Ok(0)
        }
    }
}

/// Scenarios.
#[derive(Subcommand)]
pub enum Scenario {
    /// How each stands
    List,
    /// Write down those that fire
    Watch,
}

/// Shows scenarios, or writes down which fire.
pub fn scenario(context: &Context, command: &Scenario) -> Done {
    match command {
        Scenario::List => {
            let reader = context.reader()?;
            let book = context.book(&reader)?;
            let found = framework::scenario_list(&reader, &book, None, today())?;
            let rows: Vec<Vec<String>> = found
                .iter()
                .map(|one| {
                    let values: Vec<String> = one
                        .values
                        .iter()
                        .map(|(month, value)| format!("{month}: {value}"))
                        .collect();
                    let fires = if one.fires { "fires" } else { "" };
                    let run = format!("{} of {}", one.run, one.months);
                    vec![one.name.clone(), run, fires.into(), values.join(", ")]
                })
                .collect();
            context.output.table(&["scenario", "months in a row", "", "numbers"], &rows);
            context.output.value(&found);
            Ok(0)
        }
        Scenario::Watch => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let written = framework::scenario_watch(&mut app, &book)?;
            context.output.line(format!("{written} scenarios fired and were written down."));
            context.output.value(&json!({ "fired": written }));
            Ok(0)
        }
    }
}
