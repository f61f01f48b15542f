//! `commonhold check`, `attest`, `framework`, `scenario`: how the service keeps the framework.

use super::{Done, today};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::bylaws;
use commonhold_app::commands::framework::{self, Vouch};
use commonhold_app::failure::{Code, Failure};
use commonhold_core::Date;
use commonhold_core::framework::bylaws::Answers;
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
    /// How many requirements held at the end of each of so many months
    #[arg(long, value_name = "MONTHS", conflicts_with_all = ["at", "framework"])]
    history: Option<u16>,
}

fn history(context: &Context, months: u16) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let found = framework::history(&reader, &book, months, today())?;
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|one| vec![one.at.to_string(), format!("{} of {}", one.holds, one.of)])
        .collect();
    context.output.table(&["day", "requirements that held"], &rows);
    context.output.value(&found);
    Ok(0)
}

/// Says how every requirement stands. Exit code 1 where one is not met.
pub fn check(context: &Context, check: &Check) -> Done {
    if let Some(months) = check.history {
        return history(context, months);
    }
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
        ended: None,
    };
    let id = framework::attest(&mut app, &book, &vouch)?;
    context.output.line(format!("Written down: {id}"));
    context.output.value(&json!({ "id": id }));
    Ok(0)
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
    /// Bylaws: what the framework leaves open, and the text and rules that come of your answers
    Bylaws(Bylaws),
}

/// Answers, and what is to be done with them.
#[derive(Args)]
pub struct Bylaws {
    /// An answer, such as tie=fails; may be given several times. Without one the questions are shown
    #[arg(long, value_name = "QUESTION=ANSWER")]
    answer: Vec<String>,
    /// Write the text to this file, such as GOVERNANCE.md; it must not exist
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The language the text is shown and written to a file in: en, which binds, or de, a translation
    /// that says so
    #[arg(long, default_value = "en", value_parser = ["en", "de"])]
    language: String,
    /// Write the text that binds as a page of the sort bylaws
    #[arg(long)]
    write: bool,
    /// Take the rules into force, by this decision
    #[arg(long, value_name = "DECISION")]
    adopted_by: Option<String>,
}

fn bylaws(context: &Context, said: &Bylaws) -> Done {
    let mut answers = Answers::new();
    for pair in &said.answer {
        let Some((question, answer)) = pair.split_once('=') else {
            let message = format!("“{pair}” is not of the form QUESTION=ANSWER.");
            return Err(Failure::new(Code::Invalid, message));
        };
        answers.insert(question.trim().to_owned(), answer.trim().to_owned());
    }
    let out = context.output;
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let draft = bylaws::draft(&reader, &book, &answers, today())?;
    drop(reader);
    let text = if said.language == "de" { &draft.german } else { &draft.text };
    let asked = said.answer.is_empty() && said.out.is_none() && said.language == "en";
    if asked && !said.write && said.adopted_by.is_none() {
        for question in &draft.questions {
            out.line(format!("{}: {}", question.id, question.question));
            out.line(format!("    {}", question.gap));
            for choice in question.choices {
                out.line(format!(
                    "    --answer {}={}: {}",
                    question.id, choice.value, choice.means
                ));
            }
        }
    } else if said.out.is_none() {
        out.line(text);
    }
    draft.missing.iter().for_each(|lack| out.line(format!("Note: {lack}")));
    if let Some(path) = &said.out {
        bylaws::save(path, text)?;
        out.line(format!("Written to {}.", path.display()));
    }
    let (mut page, mut rules) = (draft.page, 0);
    if said.write || said.adopted_by.is_some() {
        let mut app = context.app()?;
        if said.write {
            page = Some(bylaws::write(&mut app, &book, &answers)?);
            out.line(format!("The page: {}", page.unwrap_or_default()));
        }
        if let Some(decision) = &said.adopted_by {
            rules = bylaws::adopt(&mut app, &book, &answers, decision)?;
            out.line(format!("{rules} rules were written down."));
        }
    }
    out.value(&json!({ "draft": draft, "page": page, "rules_written": rules }));
    Ok(0)
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
        Framework::Bylaws(said) => bylaws(context, said),
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
