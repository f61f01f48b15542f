//! `commonhold propose`, `proposal`, `vote`, `tally`, `decision`: deciding together.

use super::{Done, record_id};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::decisions::{
    self, Choice, NewDecision, NewProposal, ProposalRow, cited,
};
use commonhold_app::{App, Code, Failure};
use commonhold_core::reports::governance::tally::Stage;
use commonhold_core::{BookId, Date, RecordId};
use serde_json::json;
use std::io::Read;
use std::path::PathBuf;

mod show;

/// What to propose.
#[derive(Args)]
pub struct Propose {
    /// The question in one line
    title: String,
    /// The rule it is decided by, such as membership or binding
    #[arg(long)]
    rule: String,
    /// What is proposed and why, as Markdown: a file, or - for standard input
    #[arg(long, value_name = "FILE")]
    text: Option<String>,
    /// Something that can be chosen; may be repeated
    #[arg(long)]
    option: Vec<String>,
    /// How many days it is open
    #[arg(long)]
    days: Option<i64>,
    /// The record it would change or carry out
    #[arg(long, value_name = "KIND/ID")]
    about: Option<String>,
    /// A conflict of interest; may be repeated
    #[arg(long)]
    conflict: Vec<String>,
    /// The phase the service enters if it passes
    #[arg(long)]
    phase: Option<String>,
}

/// What to do with a proposal.
#[derive(Subcommand)]
pub enum Proposal {
    /// List proposals
    List,
    /// Show one with its ballots and result
    Show {
        /// Its id or title
        proposal: String,
    },
    /// List the rules a proposal can be opened under
    Rules,
    /// Second it, so that it starts
    Second(Said),
    /// Veto it: its result will not be counted
    Veto(Said),
    /// Object to it
    Object(Said),
    /// Say that your objection is resolved
    Resolve(Said),
    /// Take your own proposal back
    Retract(Said),
    /// Ask for a re-count
    Recount(Said),
}

/// A proposal and why.
#[derive(Args)]
pub struct Said {
    /// Its id or title
    proposal: String,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

/// A ballot.
#[derive(Args)]
pub struct Vote {
    /// The proposal's id or title
    proposal: String,
    /// One option, or abstain
    #[arg(required_unless_present_any = ["rank", "score"], conflicts_with_all = ["rank", "score"])]
    choice: Option<String>,
    /// The options in order, the best first
    #[arg(long, value_delimiter = ',', value_name = "A,B,C", conflicts_with = "score")]
    rank: Vec<String>,
    /// Points from 0 to 5 for each option, in their order
    #[arg(long, value_delimiter = ',', value_name = "5,0,3")]
    score: Vec<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

/// A count.
#[derive(Args)]
pub struct Tally {
    /// The proposal's id or title
    proposal: String,
    /// Sign the count
    #[arg(long)]
    sign: bool,
    /// Count anew, with what arrived late, and correct the count there is
    #[arg(long, requires = "sign")]
    recount: bool,
}

/// What to do with decisions.
#[derive(Subcommand)]
pub enum Decision {
    /// List the decisions in effect, the newest first
    List,
    /// Write a decision into the register
    Record(Record),
    /// Count a vote held elsewhere again (CIVS or BLT file) and record its result
    Import {
        /// The file of ballots
        file: PathBuf,
        /// What was decided
        #[arg(long, default_value = "")]
        title: String,
        /// The day it was decided
        #[arg(long)]
        date: Option<Date>,
        /// Only show what it comes to
        #[arg(long)]
        dry_run: bool,
    },
}

/// A decision.
#[derive(Args)]
pub struct Record {
    /// What was decided, in one line; without it the proposal's title
    #[arg(long, default_value = "", required_unless_present = "proposal")]
    title: String,
    /// What was decided, as Markdown: a file, or - for standard input
    #[arg(long, value_name = "FILE")]
    text: Option<String>,
    /// The proposal it rests on, by id or title
    #[arg(long)]
    proposal: Option<String>,
    /// The day it was decided
    #[arg(long)]
    date: Option<Date>,
    /// The day it takes effect
    #[arg(long)]
    effective: Option<Date>,
    /// A record that carried it out; may be repeated
    #[arg(long, value_name = "KIND/ID")]
    executed_by: Vec<String>,
    /// The record of another service's book that decided it
    #[arg(long, value_name = "BOOK/KIND/ID")]
    elsewhere: Option<String>,
    /// The decision it replaces
    #[arg(long, value_name = "ID")]
    corrects: Option<String>,
}

/// Reads a text from a file or standard input.
fn text(from: Option<&str>) -> Result<String, Failure> {
    match from {
        None => Ok(String::new()),
        Some("-") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|error| {
                Failure::new(Code::Invalid, "Standard input is no text.").detail(error)
            })?;
            Ok(text)
        }
        Some(path) => {
            let path = std::path::Path::new(path);
            std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))
        }
    }
}

fn about(text: Option<&str>) -> Result<Option<(String, RecordId)>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let (kind, id) = text.split_once('/').ok_or_else(|| {
        Failure::new(Code::Invalid, format!("“{text}” is not of the form KIND/ID."))
    })?;
    Ok(Some((kind.to_owned(), record_id(id)?)))
}

/// Opens the profile and finds a proposal of its service.
fn open(context: &Context, wanted: &str) -> Result<(App, BookId, RecordId), Failure> {
    let app = context.app()?;
    let book = context.book(app.reader())?;
    let id = decisions::find(app.reader(), &book, wanted)?;
    Ok((app, book, id))
}

/// Runs `propose`.
pub fn propose(context: &Context, command: Propose) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let about = about(command.about.as_deref())?;
    let new = NewProposal {
        title: command.title,
        text: text(command.text.as_deref())?,
        rule: command.rule,
        options: command.option,
        days: command.days,
        about_kind: about.as_ref().map(|(kind, _)| kind.clone()),
        about: about.map(|(_, id)| id),
        conflicts: command.conflict,
        phase: command.phase,
        firing: None,
    };
    let id = decisions::proposal_open(&mut app, &book, &new)?;
    let view = decisions::proposal_view(&mut app, &book, &id)?;
    context.output.line(format!("Opened “{}” ({id}).", view.row.title));
    context.output.line(&view.rule_sentence);
    context.output.value(&json!({ "proposal": id, "rule": view.rule_sentence }));
    Ok(0)
}

/// Runs `proposal`.
pub fn run(context: &Context, command: Proposal) -> Done {
    let (kind, said) = match command {
        Proposal::List => return list(context),
        Proposal::Rules => return rules(context),
        Proposal::Show { proposal } => {
            let (mut app, book, id) = open(context, &proposal)?;
            show::show(context, &decisions::proposal_view(&mut app, &book, &id)?);
            return Ok(0);
        }
        Proposal::Second(said) => ("second", said),
        Proposal::Veto(said) => ("veto", said),
        Proposal::Object(said) => ("objection", said),
        Proposal::Resolve(said) => ("resolved", said),
        Proposal::Retract(said) => ("retract", said),
        Proposal::Recount(said) => ("recount-request", said),
    };
    let (mut app, book, id) = open(context, &said.proposal)?;
    let id = decisions::say(&mut app, &book, &id, kind, said.reason.as_deref())?;
    context.output.line("Said.");
    context.output.value(&json!({ "intervention": id }));
    Ok(0)
}

fn list(context: &Context) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let rows = decisions::proposal_list(&mut app, &book)?;
    let out = context.output;
    let cells = |row: &ProposalRow| {
        let closes = row.closes.map(|closes| closes.to_string()).unwrap_or_default();
        let cast = format!("{} of {}", row.cast, row.roll);
        let stage = show::stage(row.stage).to_owned();
        vec![row.title.clone(), row.rule.clone(), stage, closes, cast, row.id.to_string()]
    };
    let header = ["proposal", "rule", "stage", "closes", "voted", "id"];
    out.table(&header, &rows.iter().map(cells).collect::<Vec<_>>());
    for row in &rows {
        if row.my_vote_missing {
            out.line(format!("Your vote is missing: {}", row.title));
        }
        if row.my_count_missing {
            out.line(format!("To be counted: {}", row.title));
        }
        if row.recount_due {
            out.line(format!("A re-count is asked for: {}", row.title));
        }
    }
    if rows.is_empty() {
        out.line("There are no proposals.");
    }
    out.value(&rows);
    Ok(0)
}

fn rules(context: &Context) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let rules = decisions::rules(&mut app, &book)?;
    for rule in &rules {
        let own = if rule.record.is_some() { " (this service's own)" } else { "" };
        context.output.line(format!("{}{own}: {}", rule.rule.name, rule.sentence));
    }
    context.output.value(&rules);
    Ok(0)
}

/// Runs `vote`.
pub fn vote(context: &Context, command: Vote) -> Done {
    let (mut app, book, id) = open(context, &command.proposal)?;
    let choice = Choice {
        choice: command.choice.unwrap_or_default(),
        ranking: command.rank,
        scores: command.score,
        reason: command.reason,
    };
    let ballot = decisions::vote(&mut app, &book, &id, &choice)?;
    context.output.line("Voted. Until it closes you can vote again; your last ballot counts.");
    context.output.value(&json!({ "ballot": ballot }));
    Ok(0)
}

/// Runs `tally`.
pub fn tally(context: &Context, command: &Tally) -> Done {
    let (mut app, book, id) = open(context, &command.proposal)?;
    let out = context.output;
    if command.sign {
        let done = decisions::tally_sign(&mut app, &book, &id, command.recount)?;
        out.line(&done.sentence);
        out.line(format!(
            "Signed: {} ballots counted, {} late, {} that may not count. SHA-256 {}",
            done.counted, done.late, done.ineligible, done.sha256
        ));
        out.value(&done);
        return Ok(0);
    }
    let view = decisions::proposal_view(&mut app, &book, &id)?;
    show::result(context, &view);
    out.value(&view.outcome);
    let found_wrong = matches!(view.outcome.stage, Stage::Irregular | Stage::Disputed);
    Ok(u8::from(found_wrong))
}

/// Runs `decision`.
pub fn decision(context: &Context, command: Decision) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let out = context.output;
    match command {
        Decision::List => {
            let found = cited::register(app.reader(), &book)?;
            let row = |one: &cited::Offered| {
                let day = one.date.map(|day| day.to_string()).unwrap_or_default();
                vec![one.id.to_string(), day, one.title.clone()]
            };
            out.table(&["id", "date", "decision"], &found.iter().map(row).collect::<Vec<_>>());
            out.value(&found);
        }
        Decision::Record(record) => {
            let find = |wanted: &str| decisions::find(app.reader(), &book, wanted);
            let new = NewDecision {
                proposal: record.proposal.as_deref().map(find).transpose()?,
                title: record.title,
                text: text(record.text.as_deref())?,
                date: record.date,
                effective_from: record.effective,
                executed_by: record.executed_by,
                elsewhere: record.elsewhere,
                corrects: record.corrects.as_deref().map(record_id).transpose()?,
            };
            let id = decisions::decision_record(&mut app, &book, &new)?;
            out.line(format!("On the register ({id})."));
            out.value(&json!({ "decision": id }));
        }
        Decision::Import { file, title, date, dry_run } => {
            let (id, election) = if dry_run {
                (None, decisions::election_read(&file)?)
            } else {
                let (id, election) =
                    decisions::election_import(&mut app, &book, &file, (title.as_str(), "", date))?;
                (Some(id), election)
            };
            out.line(format!(
                "{} ballots, {} candidates. Order: {}",
                election.ballots,
                election.candidates.len(),
                election.order.join(" > ")
            ));
            for line in &election.not_understood {
                out.line(line);
            }
            if let Some(id) = id {
                out.line(format!("On the register ({id})."));
            }
            let wrong = !election.not_understood.is_empty();
            out.value(&json!({ "decision": id, "election": election }));
            return Ok(u8::from(wrong));
        }
    }
    Ok(0)
}
