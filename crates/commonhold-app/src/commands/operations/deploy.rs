//! Deploys: a command is run, and what came of it is recorded with its log (`infra.automatic`,
//! `infra.introspection`).

use super::pending::{self, PendingDeploy, Running};
use super::{git, object, program};
use crate::app::App;
use crate::clock::{World, monotonic};
use crate::commands::attachments;
use crate::commands::records::{add, check_author};
use crate::failure::{Code, Failure};
use crate::profile;
use commonhold_core::framework::facts::all;
use commonhold_core::id::mint;
use commonhold_core::json::Fields;
use commonhold_core::records::operations::deploy::Deploy;
pub use commonhold_core::reports::operations::deploys::Deploys as Figures;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Date, Kind, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

pub use program::Screen;

/// Where a repository says how it is deployed.
pub const DECLARED: &str = ".commonhold/deploy.json";
/// Most bytes of that file.
const MAX_DECLARED: u64 = 64 << 10;
/// Most parts of a command.
const MAX_PARTS: usize = 64;
/// Between two attempts to open a profile another program holds.
const PAUSE: Duration = Duration::from_millis(200);

/// How a repository says it is deployed: `.commonhold/deploy.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Declared {
    /// Where it goes.
    pub environment: Option<String>,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The program, with its arguments, that undoes a deploy that failed.
    pub rollback: Vec<String>,
}

impl Declared {
    /// Reads what is declared in a folder, or in the folder all of its checkout lies in; nothing
    /// declared is nothing wrong.
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        let here = folder.join(DECLARED);
        let path = match here.is_file() {
            true => here,
            false => match git::top(folder).map(|top| top.join(DECLARED)) {
                Some(path) if path.is_file() => path,
                _ => return Ok(Self::default()),
            },
        };
        let mut text = String::new();
        std::fs::File::open(&path)
            .and_then(|file| file.take(MAX_DECLARED).read_to_string(&mut text))
            .map_err(|error| Failure::file(&path, &error))?;
        serde_json::from_str(&text).map_err(|error| {
            let message = format!("{} is not how a deploy is declared.", path.display());
            Failure::new(Code::Invalid, message)
                .hint("It holds: {\"environment\": …, \"command\": […], \"rollback\": […]}.")
                .detail(error)
        })
    }
}

/// What is to be deployed, and how.
#[derive(Clone, Debug, Default)]
pub struct DeployPlan {
    /// Where it goes, such as production.
    pub environment: String,
    /// The repository; what git says when it is not given.
    pub repository: Option<String>,
    /// The commit; the one that is checked out when it is not given.
    pub commit: Option<String>,
    /// The branch or tag.
    pub reference: Option<String>,
    /// commit, manual, schedule.
    pub trigger: String,
    /// Whether it goes to a preview.
    pub preview: bool,
    /// The program and its arguments; no shell reads them.
    pub command: Vec<String>,
    /// The program that undoes it when it failed, with its arguments; none: nothing is undone.
    pub rollback: Vec<String>,
    /// Where it is run.
    pub folder: PathBuf,
    /// How long a profile that another program holds is waited for, in milliseconds.
    pub wait: u64,
}

/// What came of a deploy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeployDone {
    /// Its record.
    pub id: RecordId,
    /// The commit.
    pub commit: String,
    /// succeeded or failed.
    pub result: String,
    /// The record of the deploy that undid it.
    pub rollback: Option<RecordId>,
    /// succeeded or failed, where it was undone.
    pub rollback_result: Option<String>,
    /// Whether it is in the book; else it is kept beside it and taken in later.
    pub recorded: bool,
    /// Why it is not, where it is not.
    pub problem: Option<String>,
}

/// One deploy as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeployRow {
    /// Its record.
    pub id: RecordId,
    /// Its fields.
    #[serde(flatten)]
    pub deploy: Deploy,
}

/// All deploys, with those that are not in the book yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deploys {
    /// In the book, newest first.
    pub deploys: Vec<DeployRow>,
    /// Beside it: they run, were cut short, or another program holds the profile.
    pub pending: Vec<PendingDeploy>,
}

/// One deploy with its log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeployView {
    /// The deploy.
    #[serde(flatten)]
    pub row: DeployRow,
    /// The log that everybody may read; nothing when it is not on this device.
    pub text: Option<String>,
    /// The deploys that undo it.
    pub rolled_back_by: Vec<RecordId>,
}

fn newest_first(reader: &Reader, book: &BookId) -> Result<Vec<DeployRow>, Failure> {
    let rows = all::<Deploy>(reader, book, Kind::Deploy)?;
    let mut rows: Vec<_> = rows.into_iter().map(|(id, deploy)| DeployRow { id, deploy }).collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.deploy.started), row.id));
    Ok(rows)
}

/// All deploys of a service.
pub fn list(reader: &Reader, home: &Path, book: &BookId) -> Result<Deploys, Failure> {
    Ok(Deploys { deploys: newest_first(reader, book)?, pending: pending::list(home, book) })
}

/// One deploy with its masked log.
pub fn show(reader: &Reader, book: &BookId, id: &RecordId) -> Result<DeployView, Failure> {
    crate::commands::records::find(reader, book, Kind::Deploy, id)?;
    let rows = newest_first(reader, book)?;
    let undone = rows.iter().filter(|row| row.deploy.rolls_back == Some(*id)).map(|row| row.id);
    let rolled_back_by = undone.collect();
    let row = rows.into_iter().find(|row| row.id == *id).ok_or_else(|| {
        Failure::new(Code::NotFound, format!("The deploy {id} has no effect."))
            .hint("Show it with: commonhold record show deploy ID.")
    })?;
    let log = row.deploy.public_log.as_deref().and_then(|hash| attachments::sha256(hash).ok());
    let bytes = log.and_then(|hash| attachments::get(reader, book, &hash).ok());
    let text = bytes.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned());
    Ok(DeployView { row, text, rolled_back_by })
}

/// The deploys of the last ninety days in numbers; of one environment where it is named.
pub fn figures(
    reader: &Reader,
    book: &BookId,
    environment: Option<&str>,
    today: Date,
) -> Result<Figures, Failure> {
    let records = all::<Deploy>(reader, book, Kind::Deploy)?;
    Ok(commonhold_core::reports::operations::deploys::deploys(&records, today, environment))
}

/// Records a deploy that something else carried out.
pub fn record(app: &mut App, book: &BookId, fields: Fields) -> Result<RecordId, Failure> {
    add(app, book, Kind::Deploy, fields)
}

fn check(plan: &DeployPlan) -> Result<(), Failure> {
    if plan.command.is_empty() {
        return Err(Failure::new(Code::Invalid, "There is no command to deploy with.").hint(
            format!("Write it behind --, or into {DECLARED}: {{\"command\": [\"./deploy.sh\"]}}."),
        ));
    }
    let parts = [&plan.command, &plan.rollback];
    if parts.iter().any(|parts| parts.len() > MAX_PARTS || parts.iter().any(|p| p.contains('\0'))) {
        return Err(Failure::new(Code::Invalid, "The command has too many or odd parts."));
    }
    Ok(())
}

/// Whether this device's person may record a deploy; asked before anything is run. Nothing is said
/// while another program holds the profile.
fn may_write(home: &Path, book: &BookId, fields: &Fields) -> Result<(), Failure> {
    match App::open(home) {
        Err(failure) if failure.code == Code::ReadOnly => Ok(()),
        Err(failure) => Err(failure),
        Ok(mut app) => {
            let problems =
                crate::commands::records::check(app.reader(), book, Kind::Deploy, fields)?;
            if !problems.is_empty() {
                return Err(Failure::invalid(problems));
            }
            let judged = (Kind::Deploy.info().judge)(fields);
            check_author(&mut app, book, Kind::Deploy, &judged)
        }
    }
}

/// A deploy that is about to run.
struct Step<'a> {
    home: &'a Path,
    book: BookId,
    folder: &'a Path,
    screen: Screen,
}

impl Step<'_> {
    /// Runs one command as one deploy. Returns its id and how it ended.
    fn run(
        &self,
        world: &mut dyn World,
        parts: &[String],
        mut fields: Fields,
        variables: &[(&str, String)],
    ) -> Result<(RecordId, &'static str), Failure> {
        let now = world.now();
        let id = mint(now.milliseconds(), profile::random(world)?);
        fields.insert("started".into(), json!(now));
        let running = Running::begin(self.home, self.book, id, fields)?;
        let ended = program::run(parts, self.folder, variables, running.log()?, self.screen);
        let result = if ended.success { "succeeded" } else { "failed" };
        running.end(world.now(), result, ended.left_out)?;
        Ok((id, result))
    }
}

/// What is known before anything is run.
struct Prepared {
    /// Fields of the record.
    fields: Fields,
    commit: String,
    /// The commit that went to the environment before and works.
    before: Option<String>,
}

fn prepare(
    home: &Path,
    book: &BookId,
    plan: &DeployPlan,
    world: &mut dyn World,
) -> Result<Prepared, Failure> {
    check(plan)?;
    let known = git::facts(&plan.folder, plan.commit.as_deref());
    let commit = known.commit.or_else(|| plan.commit.clone()).ok_or_else(|| {
        Failure::new(Code::Invalid, "It is not known which commit is deployed.")
            .hint("Run this in a git repository, or name it with --commit.")
    })?;
    let folder_name = || plan.folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let repository = plan.repository.clone().or(known.repository).or_else(folder_name);
    let repository = repository.unwrap_or_else(|| "unknown".into());
    let reader = profile::open_reader(home)?;
    let pending = pending::list(home, book);
    let rows = newest_first(&reader, book)?;
    let before = last_good(&rows, &pending, &plan.environment, &repository);
    let changes = git::changes(&plan.folder, before.as_deref(), &commit);
    let reference = plan.reference.clone().or(known.reference);
    let fields = json!({"environment": plan.environment, "repository": repository,
        "commit": commit, "reference": reference, "trigger": plan.trigger,
        "preview": plan.preview, "result": "cancelled", "started": world.now(),
        "committed": changes.committed, "changelog": changes.changelog});
    let fields = object(fields);
    may_write(home, book, &fields)?;
    Ok(Prepared { fields, commit, before })
}

/// Runs a deploy and records it. The profile is not held meanwhile. What was run is recorded, now or
/// by the next program that opens the profile; a failure means that nothing was run.
pub fn run(
    home: &Path,
    book: &BookId,
    plan: &DeployPlan,
    world: &mut dyn World,
    screen: Screen,
) -> Result<DeployDone, Failure> {
    let Prepared { fields, commit, before } = prepare(home, book, plan, world)?;
    let mut variables = vec![
        ("COMMONHOLD_COMMIT", commit.clone()),
        ("COMMONHOLD_ENVIRONMENT", plan.environment.clone()),
        ("COMMONHOLD_PREVIOUS", before.clone().unwrap_or_default()),
    ];
    let step = Step { home, book: *book, folder: &plan.folder, screen };
    let (id, result) = step.run(world, &plan.command, fields.clone(), &variables)?;
    let mut done = DeployDone {
        id,
        commit: commit.clone(),
        result: result.into(),
        rollback: None,
        rollback_result: None,
        recorded: false,
        problem: None,
    };
    if result == "failed" && !plan.rollback.is_empty() {
        let back = before.unwrap_or_else(|| commit.clone());
        let undone = undoing(fields, &id, &back);
        variables.push(("COMMONHOLD_FAILED", commit));
        // The later of two variables of one name counts.
        variables.push(("COMMONHOLD_COMMIT", back));
        match step.run(world, &plan.rollback, undone, &variables) {
            Ok((id, result)) => {
                (done.rollback, done.rollback_result) = (Some(id), Some(result.into()));
            }
            // The deploy itself is recorded all the same.
            Err(failure) => done.problem = Some(failure.to_string()),
        }
    }
    finish(home, plan.wait, &mut done);
    Ok(done)
}

/// The fields of a deploy that undoes another.
fn undoing(mut fields: Fields, failed: &RecordId, commit: &str) -> Fields {
    for name in ["committed", "changelog"] {
        fields.remove(name);
    }
    fields.insert("trigger".into(), Value::from("rollback"));
    fields.insert("commit".into(), Value::from(commit));
    fields.insert("rolls_back".into(), json!(failed));
    fields
}

/// The commit that went to an environment last and works. What only undid another says nothing.
fn last_good(
    rows: &[DeployRow],
    pending: &[PendingDeploy],
    environment: &str,
    repository: &str,
) -> Option<String> {
    let waiting = pending.iter().rev().find(|waiting| {
        waiting.environment == environment
            && waiting.trigger != "rollback"
            && waiting.result.as_deref() == Some("succeeded")
    });
    let good = rows.iter().map(|row| &row.deploy).find(|deploy| {
        deploy.environment == environment
            && deploy.repository == repository
            && deploy.trigger != "rollback"
            && deploy.result == "succeeded"
    });
    waiting.map(|p| p.commit.clone()).or_else(|| good.map(|deploy| deploy.commit.clone()))
}

/// Takes what was run into the book, waiting for a profile that another program holds.
fn finish(home: &Path, wait: u64, done: &mut DeployDone) {
    let begun = monotonic();
    let why = loop {
        // Opening takes in what waits.
        match App::open(home) {
            Ok(app) => break pending::left(app, &[Some(done.id), done.rollback]),
            Err(failure) if failure.code == Code::ReadOnly => {
                if monotonic().saturating_sub(begun) >= wait {
                    break Some(failure.to_string());
                }
                thread::sleep(PAUSE);
            }
            Err(failure) => break Some(failure.to_string()),
        }
    };
    done.recorded = why.is_none();
    done.problem = why.or_else(|| done.problem.take());
}
