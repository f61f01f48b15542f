//! The command line. Exit codes: 0 done, 1 something was found wrong, 2 used wrongly, 3 it cannot
//! be done now. `--json` prints what a script reads, with the names the archive uses.

mod commands;
mod output;

use clap::{Parser, Subcommand};
use commonhold_app::{Code, Failure};
use output::Output;
use std::path::PathBuf;
use std::process::ExitCode;

/// The record book of an open service.
#[derive(Parser)]
#[command(name = "commonhold", version, about, arg_required_else_help = true)]
struct Cli {
    /// The profile's folder [default: the platform's data folder]
    #[arg(long, global = true, value_name = "DIR", env = "COMMONHOLD_HOME")]
    home: Option<PathBuf>,
    /// Print JSON for scripts
    #[arg(long, global = true)]
    json: bool,
    /// The service, by name or id; needed when the profile has several
    #[arg(long, global = true, value_name = "NAME")]
    service: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Begin, list or show services
    #[command(subcommand)]
    Service(commands::service::Service),
    /// Add, list, show, change, withdraw records of any kind
    #[command(subcommand)]
    Record(commands::record::Record),
    /// Take in a file of another program, or undo that
    #[command(subcommand)]
    Import(commands::import::Import),
    /// Take in webhooks of forges and alerts as they come
    Listen(commands::import::operations::Listen),
    /// Balances, income, runway, coverage, efficiency, budget, forecast, donors, trial balance
    Report(commands::report::Report),
    /// Close periods, list what came later, post it in the open period
    #[command(subcommand)]
    Close(commands::close::Close),
    /// Compare an account with its statement
    Reconcile(commands::close::Reconcile),
    /// Put a question to the vote
    Propose(commands::decide::Propose),
    /// List and show proposals, second, veto, object
    #[command(subcommand)]
    Proposal(commands::decide::Proposal),
    /// Vote, or vote again
    Vote(commands::decide::Vote),
    /// Show what a vote comes to, or sign its count
    Tally(commands::decide::Tally),
    /// The register of decisions
    #[command(subcommand)]
    Decision(commands::decide::Decision),
    /// How the service keeps the Open Services framework, requirement by requirement
    Check(commands::framework::Check),
    /// What needs somebody, for monitors and mail
    Alerts(commands::alerts::Alerts),
    /// Vouch for a requirement no record proves, or say that it does not apply
    Attest(commands::framework::Attest),
    /// The phase of the service and its gates
    #[command(subcommand)]
    Phase(commands::phase::Phase),
    /// Versions of the framework
    #[command(subcommand)]
    Framework(commands::framework::Framework),
    /// Triggers the service watches
    #[command(subcommand)]
    Scenario(commands::framework::Scenario),
    /// What is to be paid: approvals, payment files, runs by themselves
    #[command(subcommand)]
    Pay(commands::pay::Pay),
    /// Deploys: run them, record them, list and show them with their logs
    #[command(subcommand)]
    Deploy(commands::deploy::Deploy),
    /// Hooks of git, by which what is merged deploys by itself
    #[command(subcommand)]
    Hook(commands::deploy::Hook),
    /// Incidents: their timelines, and what was learned
    #[command(subcommand)]
    Incident(commands::incident::Incident),
    /// Runbooks: follow them, add, adopt and export them
    #[command(subcommand)]
    Runbook(commands::runbook::Runbook),
    /// Processes of other services: take them over, and what changes there later
    #[command(subcommand)]
    Process(commands::adopted::Process),
    /// Secrets: the register, and their sealed values
    #[command(subcommand)]
    Secret(commands::secret::Secret),
    /// The service in numbers, for Prometheus and other monitors
    Metrics(commands::metrics::Metrics),
    /// Exchange with other devices through a folder
    Sync(commands::sync::Sync),
    /// Invite people and devices, and let them in
    #[command(subcommand)]
    Invite(commands::invite::Invite),
    /// Join a service by an invitation
    Join(commands::invite::Join),
    /// People, roles, removal
    #[command(subcommand)]
    Person(commands::person::Person),
    /// Devices of the people
    #[command(subcommand)]
    Device(commands::person::Device),
    /// What is held back since its device was removed
    #[command(subcommand)]
    Held(commands::person::Held),
    /// What is here and has no effect, and why
    Rejected,
    /// The recovery sheet
    #[command(subcommand)]
    Recovery(commands::invite::Recovery),
    /// Direct connections to other devices: on, off, show
    Live(commands::sync::LiveCommand),
    /// Places to exchange with: list, add, remove, pause, resume
    Remote(commands::sync::Remote),
    /// What this device has, and of whom
    Status,
    /// Write the books for Beancount, hledger and Ledger, as tables, or as one sheet
    Books(commands::books::Books),
    /// The public page: write it to a folder, or look what it would show
    #[command(subcommand)]
    Site(commands::site::Site),
    /// Write the whole service as one archive
    Export(commands::archive::Export),
    /// Archives that are written by themselves, and tried
    #[command(subcommand)]
    Archive(commands::archive::Archive),
    /// Say whether an archive is whole
    Verify(commands::archive::Verify),
    /// Take a service from an archive into this profile
    Restore(commands::archive::Restore),
    /// Files that records name: receipts, donors' documents, files of banks
    #[command(subcommand)]
    File(commands::file::File),
    /// Find records by words
    Search(commands::search::Search),
    /// See it work: two profiles, apart and together
    Tour(commands::tour::Tour),
}

/// What every command gets.
#[derive(Clone)]
struct Context {
    home: PathBuf,
    service: Option<String>,
    output: Output,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let context = Context {
        home: cli.home.unwrap_or_else(commonhold_app::profile::default_home),
        service: cli.service,
        output: Output { json: cli.json },
    };
    let result = match cli.command {
        Command::Service(command) => commands::service::run(&context, command),
        Command::Record(command) => commands::record::run(&context, command),
        Command::Import(command) => commands::import::run(&context, command),
        Command::Listen(command) => commands::import::operations::listen(&context, &command),
        Command::Report(command) => commands::report::run(&context, &command),
        Command::Close(command) => commands::close::run(&context, command),
        Command::Reconcile(command) => commands::close::reconcile(&context, command),
        Command::Propose(command) => commands::decide::propose(&context, command),
        Command::Proposal(command) => commands::decide::run(&context, command),
        Command::Vote(command) => commands::decide::vote(&context, command),
        Command::Tally(command) => commands::decide::tally(&context, &command),
        Command::Decision(command) => commands::decide::decision(&context, command),
        Command::Check(command) => commands::framework::check(&context, &command),
        Command::Alerts(command) => commands::alerts::run(&context, &command),
        Command::Attest(command) => commands::framework::attest(&context, &command),
        Command::Phase(command) => commands::phase::phase(&context, command),
        Command::Framework(command) => commands::framework::framework(&context, &command),
        Command::Scenario(command) => commands::framework::scenario(&context, &command),
        Command::Pay(command) => commands::pay::run(&context, command),
        Command::Deploy(command) => commands::deploy::run(&context, command),
        Command::Hook(command) => commands::deploy::hook(&context, command),
        Command::Incident(command) => commands::incident::run(&context, command),
        Command::Runbook(command) => commands::runbook::run(&context, command),
        Command::Process(command) => commands::adopted::process(&context, command),
        Command::Secret(command) => commands::secret::run(&context, command),
        Command::Metrics(command) => commands::metrics::run(&context, &command),
        Command::Sync(command) => commands::sync::run(&context, &command),
        Command::Invite(command) => commands::invite::run(&context, command),
        Command::Join(command) => commands::invite::join(&context, &command),
        Command::Person(command) => commands::person::run(&context, command),
        Command::Device(command) => commands::person::devices(&context, command),
        Command::Held(command) => commands::person::held(&context, command),
        Command::Rejected => commands::person::rejected(&context),
        Command::Recovery(command) => commands::invite::recover(&context, command),
        Command::Live(command) => commands::sync::live(&context, &command),
        Command::Remote(command) => commands::sync::remote(&context, &command),
        Command::Status => commands::sync::status(&context),
        Command::Books(command) => commands::books::run(&context, &command),
        Command::Site(command) => commands::site::run(&context, &command),
        Command::Export(command) => commands::archive::export(&context, &command),
        Command::Archive(command) => commands::archive::archive(&context, &command),
        Command::Verify(command) => commands::archive::verify(&context, &command),
        Command::Restore(command) => commands::archive::restore(&context, &command),
        Command::File(command) => commands::file::run(&context, command),
        Command::Search(command) => commands::search::run(&context, &command),
        Command::Tour(command) => commands::tour::run(&context, command),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            context.output.failure(&failure);
            ExitCode::from(exit_code(&failure))
        }
    }
}

fn exit_code(failure: &Failure) -> u8 {
    match failure.code {
        Code::Invalid | Code::NotFound | Code::Exists | Code::NotAllowed => 2,
        Code::ReadOnly
        | Code::Storage
        | Code::Cancelled
        | Code::Unreachable
        | Code::Denied
        | Code::Unsupported
        | Code::Internal => 3,
    }
}
