//! `commonhold service`: begin, list, show.

use super::{Done, short, today};
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::service::{self, MonthlyCost, NewService};
use commonhold_app::commands::service_links::{self, LinkStanding};
use commonhold_app::commands::{records, sample};
use commonhold_app::events::unheard;
use commonhold_app::{App, Code, Failure};
use commonhold_core::{BookId, Kind};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What to do with services.
#[derive(Subcommand)]
pub enum Service {
    /// Begin a service
    New(New),
    /// List the services of this profile
    List,
    /// Show a service's profile
    Show,
    /// Create the sample service Harbor
    Sample,
    /// Show the services before and after this one, and decisions made in other books
    Links {
        /// Hold this archive against the links
        #[arg(long, value_name = "FILE")]
        archive: Option<PathBuf>,
    },
    /// Name the service before or after this one
    Link {
        /// predecessor or successor
        direction: String,
        /// The id of its book, 64 hexadecimal digits
        book: BookId,
        /// Its name and where its record is
        #[arg(long)]
        words: Option<String>,
    },
}

/// What beginning a service asks.
#[derive(Args)]
pub struct New {
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// What it is and for whom
    #[arg(long)]
    purpose: Option<String>,
    /// Its product category; it cannot be changed later
    #[arg(long)]
    category: Option<String>,
    /// evaluating, starting or operating
    #[arg(long, default_value = "evaluating")]
    phase: String,
    /// The currency reports are written in
    #[arg(long, default_value = "EUR")]
    currency: String,
    /// What is paid each month, such as "Hosting=412.35 EUR"; may be repeated
    #[arg(long, value_name = "LABEL=AMOUNT")]
    monthly_cost: Vec<String>,
    /// Fill in name, purpose and addresses from an ecosyste.ms project record (JSON)
    #[arg(long, value_name = "FILE")]
    from_ecosystems: Option<PathBuf>,
}

/// Runs the command.
pub fn run(context: &Context, command: Service) -> Done {
    match command {
        Service::New(new) => begin(context, new),
        Service::Sample => {
            let mut app = context.app()?;
            let book = sample::create(&mut app)?;
            context.output.line(format!("Created the sample service Harbor ({}).", short(&book)));
            context.output.value(&json!({ "book": book }));
            Ok(0)
        }
        Service::Links { archive: Some(file) } => check_link(context, &file),
        Service::Links { archive: None } => links(context),
        Service::Link { direction, book: other, words } => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let to = (direction.as_str(), other);
            let linked = service_links::service_link(&mut app, &book, to, words.as_deref())?;
            context.output.line(in_words(linked.standing));
            if let Some(why) = &linked.not_back {
                context.output.line(why);
            }
            context.output.value(&linked);
            Ok(0)
        }
        Service::List => list(context),
        Service::Show => show(context),
    }
}

fn in_words(standing: LinkStanding) -> &'static str {
    match standing {
        LinkStanding::Mutual => "Both services name each other.",
        LinkStanding::OneWay => "That service is here and does not name this one.",
        LinkStanding::NotHere => "That service is not here; its archive can be held against it.",
        LinkStanding::Words => "No book is named, only words.",
    }
}

fn links(context: &Context) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let found = service_links::service_links(&reader, &book)?;
    for link in &found.services {
        let name = link.name.as_ref().unwrap_or(&link.words);
        let of = link.book.as_ref().map(short).unwrap_or_default();
        context.output.line(format!("{}: {name} {of}", link.direction));
        context.output.line(format!("    {}", in_words(link.standing)));
    }
    for one in &found.decisions {
        let holds = match one.holds {
            Some(true) => "is there and has effect",
            Some(false) => "is not there, or has no effect",
            None => "cannot be looked at here",
        };
        let there = one.there.as_deref().unwrap_or(&one.elsewhere);
        context.output.line(format!("{}: “{there}” {holds}", one.title));
    }
    context.output.value(&found);
    Ok(0)
}

/// Exit code 1 where the archive is damaged, or of no service that is named.
fn check_link(context: &Context, file: &Path) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let found = service_links::service_link_check(&reader, &book, file, &mut unheard)?;
    let whole = if found.whole { "whole" } else { "damaged" };
    let is = found.direction.as_deref().map_or_else(
        || "this service does not name it".to_owned(),
        |direction| format!("it is this service's {direction}"),
    );
    context.output.line(format!("The archive of {} is {whole}; {is}.", found.name));
    context.output.value(&found);
    Ok(u8::from(!(found.whole && found.direction.is_some())))
}

fn begin(context: &Context, new: New) -> Done {
    let mut wanted = match &new.from_ecosystems {
        Some(path) => service::read_ecosystems(path)?,
        None => NewService::default(),
    };
    wanted.name = new.name.unwrap_or(wanted.name);
    wanted.purpose = new.purpose.unwrap_or(wanted.purpose);
    wanted.category = new.category.unwrap_or(wanted.category);
    wanted.phase = new.phase;
    wanted.reporting_currency = new.currency;
    for cost in new.monthly_cost {
        let (label, amount) = cost.split_once('=').ok_or_else(|| {
            Failure::new(Code::Invalid, format!("“{cost}” is not a monthly cost."))
                .hint("Write it like --monthly-cost \"Hosting=412.35 EUR\".")
        })?;
        wanted.monthly_costs.push(MonthlyCost { label: label.into(), amount: amount.into() });
    }
    let mut app: App = context.app()?;
    let book = service::create(&mut app, &wanted)?;
    context.output.line(format!(
        "Began {} ({}) in {}.",
        wanted.name,
        short(&book),
        context.home.display()
    ));
    context.output.value(&json!({ "book": book }));
    Ok(0)
}

fn list(context: &Context) -> Done {
    let services = service::list(&context.reader()?, today())?;
    let rows: Vec<Vec<String>> = services
        .iter()
        .map(|s| {
            let runway = s.runway_months.as_ref().map_or("-".into(), |m| format!("{m} months"));
            vec![
                short(&s.book),
                s.name.clone(),
                s.phase.clone(),
                runway,
                s.transactions.to_string(),
            ]
        })
        .collect();
    context.output.table(&["id", "name", "phase", "runway", "transactions"], &rows);
    context.output.value(&services);
    Ok(0)
}

fn show(context: &Context) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let query = records::Query { limit: 1, include_ineffective: true, ..Default::default() };
    let page = records::list(&reader, &book, Kind::Service, &query)?;
    let profile = page.rows.into_iter().next().ok_or_else(|| {
        Failure::new(Code::NotFound, "The service's profile has not arrived on this device yet.")
    })?;
    super::record::print_fields(context, &profile.fields);
    context.output.value(&json!({ "book": book, "service": profile }));
    Ok(0)
}
