//! `commonhold deploy` and `commonhold hook`: changes go to where the service runs, and the record
//! says so.

use super::{Done, record_id};
use crate::Context;
use clap::{Args, Subcommand, ValueEnum};
use commonhold_app::clock::System;
use commonhold_app::commands::operations::deploy::{
    self, Declared, DeployDone, DeployPlan, Screen,
};
use commonhold_app::commands::operations::hook::{self, HookPlan};
use commonhold_app::{Code, Failure};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What to do with deploys.
#[derive(Subcommand)]
pub enum Deploy {
    /// Run a command that deploys, and record what came of it with its log, personal data masked.
    /// When it fails, what undoes it is run and recorded too. It is read from
    /// .commonhold/deploy.json when no command is given
    Run(Run),
    /// Record a deploy that something else carried out, from JSON
    Record {
        /// The fields as JSON: a file, or - for standard input
        #[arg(long, value_name = "FILE", default_value = "-")]
        from: String,
    },
    /// List deploys, newest first
    List {
        /// Only those that went there
        #[arg(long)]
        environment: Option<String>,
        /// How many at most
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// The deploys of the last ninety days in numbers
    Figures {
        /// Only those that went there
        #[arg(long)]
        environment: Option<String>,
    },
    /// Show one deploy with its log
    Show {
        /// Its id
        id: String,
    },
}

/// A deploy to run.
#[derive(Args)]
pub struct Run {
    /// Where it goes [default: what the repository declares, else production]
    #[arg(long)]
    environment: Option<String>,
    /// The repository [default: what git says]
    #[arg(long)]
    repository: Option<String>,
    /// The commit [default: what is checked out]
    #[arg(long)]
    commit: Option<String>,
    /// The branch or tag [default: what is checked out]
    #[arg(long)]
    reference: Option<String>,
    /// What began it
    #[arg(long, default_value = "manual")]
    trigger: Trigger,
    /// It goes to a preview users do not see
    #[arg(long)]
    preview: bool,
    /// The program that undoes it when it fails, then its arguments, one each time
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    rollback_arg: Vec<String>,
    /// How many seconds to wait for a profile another program holds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    wait: u64,
    /// The program and its arguments; no shell reads them
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// What begins a deploy.
#[derive(Clone, Copy, ValueEnum)]
enum Trigger {
    /// A change that was merged
    Commit,
    /// A person
    Manual,
    /// The clock
    Schedule,
}

/// What to do with hooks.
#[derive(Subcommand)]
pub enum Hook {
    /// Let what is merged deploy by itself: writes a hook of git. One of somebody else stays
    Install(Install),
    /// Take our hooks away
    Remove {
        /// The repository
        #[arg(default_value = ".")]
        repository: PathBuf,
    },
}

/// A hook to write.
#[derive(Args)]
pub struct Install {
    /// The repository
    #[arg(default_value = ".")]
    repository: PathBuf,
    /// post-commit, post-merge or post-receive [default: post-receive where nothing is checked out,
    /// else post-commit]
    #[arg(long)]
    kind: Option<String>,
    /// The branch whose changes are deployed
    #[arg(long, default_value = "main")]
    branch: String,
    /// Where it goes
    #[arg(long)]
    environment: Option<String>,
    /// The program that undoes a deploy when it fails, then its arguments, one each time
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    rollback_arg: Vec<String>,
    /// The command [default: what .commonhold/deploy.json declares at that moment]
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Runs `deploy`.
pub fn run(context: &Context, command: Deploy) -> Done {
    let out = context.output;
    match command {
        Deploy::Run(wanted) => deploy(context, wanted),
        Deploy::Record { from } => {
            let fields = super::record::read_fields(&from)?;
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let id = deploy::record(&mut app, &book, fields)?;
            out.line(format!("Recorded deploy {id}."));
            out.value(&json!({ "id": id }));
            Ok(0)
        }
        Deploy::List { environment, limit } => list(context, environment.as_deref(), limit),
        Deploy::Figures { environment } => figures(context, environment.as_deref()),
        Deploy::Show { id } => show(context, &id),
    }
}

fn deploy(context: &Context, wanted: Run) -> Done {
    let folder = std::env::current_dir().map_err(|error| Failure::file(Path::new("."), &error))?;
    let book = context.book(&context.reader()?)?;
    let declared = Declared::read(&folder)?;
    let or = |given: Vec<String>, declared| if given.is_empty() { declared } else { given };
    let usual = if wanted.preview { "preview" } else { "production" };
    let plan = DeployPlan {
        environment: wanted.environment.or(declared.environment).unwrap_or_else(|| usual.into()),
        repository: wanted.repository,
        commit: wanted.commit,
        reference: wanted.reference,
        trigger: match wanted.trigger {
            Trigger::Commit => "commit",
            Trigger::Manual => "manual",
            Trigger::Schedule => "schedule",
        }
        .to_owned(),
        preview: wanted.preview,
        command: or(wanted.command, declared.command),
        rollback: or(wanted.rollback_arg, declared.rollback),
        folder,
        wait: wanted.wait.saturating_mul(1000),
    };
    let screen = if context.output.json { Screen::Errors } else { Screen::Both };
    let done = deploy::run(&context.home, &book, &plan, &mut System, screen)?;
    context.output.value(&done);
    said(context, &plan.environment, &done)
}

/// Says what came of it. 1: the command failed; 3: it is not in the book yet.
fn said(context: &Context, environment: &str, done: &DeployDone) -> Done {
    let out = context.output;
    let commit: String = done.commit.chars().take(12).collect();
    out.line(format!("The deploy of {commit} to {environment} {}: {}.", done.result, done.id));
    if let Some(result) = &done.rollback_result {
        out.line(format!("The rollback {result}."));
    }
    if !done.recorded {
        let why = done.problem.clone().unwrap_or_default();
        let message = "The deploy ran, but is not in the book yet.";
        let failure = Failure::new(Code::ReadOnly, message)
            .hint("It is kept beside it and taken in by the next command that writes.")
            .detail(why);
        if !out.json {
            out.failure(&failure);
        }
    } else if let Some(problem) = &done.problem {
        out.line(format!("The rollback could not be run: {problem}"));
    }
    Ok(match (done.result.as_str(), done.recorded) {
        ("succeeded", true) => 0,
        ("succeeded", false) => 3,
        _ => 1,
    })
}

fn list(context: &Context, environment: Option<&str>, limit: usize) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let mut found = deploy::list(&reader, &context.home, &book)?;
    let meant = |name: &str| environment.is_none_or(|wanted| wanted == name);
    found.deploys.retain(|row| meant(&row.deploy.environment));
    found.deploys.truncate(limit);
    found.pending.retain(|pending| meant(&pending.environment));
    let rows: Vec<Vec<String>> = found
        .deploys
        .iter()
        .map(|row| {
            let deploy = &row.deploy;
            vec![
                deploy.started.map_or_else(String::new, |at| at.to_string()),
                deploy.environment.clone(),
                deploy.commit.chars().take(12).collect(),
                deploy.trigger.clone(),
                deploy.result.clone(),
                row.id.to_string(),
            ]
        })
        .collect();
    out.table(&["started", "environment", "commit", "trigger", "result", "id"], &rows);
    for pending in &found.pending {
        let commit: String = pending.commit.chars().take(12).collect();
        let how = pending.result.as_deref().unwrap_or("runs, or was cut short");
        out.line(format!("Not in the book yet: {commit} to {} ({how}).", pending.environment));
    }
    out.value(&found);
    Ok(0)
}

/// Tenths of a number of something, where it is known.
fn tenths(tenths: Option<i64>, unit: &str) -> String {
    tenths.map_or_else(
        || "not known".to_owned(),
        |tenths| {
            let (whole, rest) = (tenths.checked_div(10), tenths.checked_rem(10));
            format!("{}.{} {unit}", whole.unwrap_or_default(), rest.unwrap_or_default().abs())
        },
    )
}

fn figures(context: &Context, environment: Option<&str>) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = deploy::figures(&reader, &book, environment, super::today())?;
    let minutes = |minutes: Option<i64>| {
        minutes.map_or_else(|| "not known".to_owned(), |minutes| format!("{minutes} minutes"))
    };
    let (total, failed) = (found.total, found.failed);
    out.line(format!("{} to {}: {total} deploys, {failed} failed.", found.from, found.at));
    out.line(format!("Deployment frequency   {}", tenths(found.per_week_tenths, "a week")));
    out.line(format!("By a merged change     {}", tenths(found.automatic_tenths, "%")));
    out.line(format!("Change failure rate    {}", tenths(found.failure_tenths, "%")));
    out.line(format!("Lead time for changes  {}", minutes(found.lead_time.minutes)));
    out.line(format!("Recovery time          {}", minutes(found.recovery.minutes)));
    let open = found.failures.iter().filter(|failure| failure.fixed_by.is_none());
    open.for_each(|failure| out.line(format!("Not put right: {} {}", failure.title, failure.id)));
    out.value(&found);
    Ok(0)
}

fn show(context: &Context, id: &str) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = deploy::show(&reader, &book, &record_id(id)?)?;
    let deploy = &found.row.deploy;
    let moment = |at: Option<commonhold_core::Time>| at.map(|at| at.to_string());
    let lines = [
        ("environment", Some(deploy.environment.clone())),
        ("repository", Some(deploy.repository.clone())),
        ("commit", Some(deploy.commit.clone())),
        ("reference", deploy.reference.clone()),
        ("trigger", Some(deploy.trigger.clone())),
        ("result", Some(deploy.result.clone())),
        ("committed", moment(deploy.committed)),
        ("started", moment(deploy.started)),
        ("ended", moment(deploy.ended)),
        ("undoes", deploy.rolls_back.map(|id| id.to_string())),
        ("masked", deploy.findings.map(|places| format!("{places} places of the log"))),
    ];
    for (name, value) in lines {
        if let Some(value) = value {
            out.line(format!("{name:<12} {value}"));
        }
    }
    found.rolled_back_by.iter().for_each(|id| out.line(format!("undone by    {id}")));
    if let Some(changelog) = &deploy.changelog {
        changelog.lines().for_each(|line| out.line(format!("change       {line}")));
    }
    match (&found.text, &deploy.public_log) {
        (Some(text), _) => text.lines().for_each(|line| out.line(format!("| {line}"))),
        (None, Some(_)) => out.line("The log is not on this device yet."),
        (None, None) => out.line("There is no log."),
    }
    out.value(&found);
    Ok(0)
}

/// Runs `hook`.
pub fn hook(context: &Context, command: Hook) -> Done {
    let out = context.output;
    match command {
        Hook::Install(wanted) => {
            let book = context.book(&context.reader()?)?;
            let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let program = std::env::current_exe()
                .map_err(|error| Failure::file(Path::new("commonhold"), &error))?;
            let plan = HookPlan {
                kind: wanted.kind,
                branch: wanted.branch,
                program,
                home: whole(&context.home),
                service: book.to_string(),
                environment: wanted.environment,
                rollback: wanted.rollback_arg,
                command: wanted.command,
            };
            let written = hook::install(&wanted.repository, &plan)?;
            out.line(format!("Wrote {}.", written.path.display()));
            out.line(format!("What comes to {} deploys by itself from now on.", plan.branch));
            out.value(&written);
        }
        Hook::Remove { repository } => {
            let gone = hook::remove(&repository)?;
            gone.iter().for_each(|hook| out.line(format!("Removed {}.", hook.path.display())));
            if gone.is_empty() {
                out.line("There was no hook of ours.");
            }
            out.value(&gone);
        }
    }
    Ok(0)
}
