//! `commonhold alerts`: what needs somebody, for monitors and mail.

use super::Done;
use crate::Context;
use clap::Args;
use commonhold_app::App;
use commonhold_app::commands::alerts::{self, Level};

/// What needs somebody: incidents, reviews, bills, votes, terms, secrets, scenarios.
///
/// The same that the window lists under “Needs you”, the most pressing first. Exit code 0: nothing
/// needs anybody; 1: something does; 2 and 3: it could not be found out. Secrets, and incidents that
/// are kept back, are counted and not named. Titles of bills and proposals are, so mail the list
/// only to those who may read the book, such as
///
///   commonhold alerts --level warning || commonhold alerts | mail -s Harbor team@example.org
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub struct Alerts {
    /// From which level on: notice (something waits), warning (something should have been done),
    /// critical (something is wrong now)
    #[arg(long, default_value = "notice")]
    level: Level,
}

/// Runs the command.
pub fn run(context: &Context, wanted: &Alerts) -> Done {
    let mut app = App::open_or_read(&context.home)?;
    let book = context.book(app.reader())?;
    let found = alerts::alerts(&mut app, &book, wanted.level)?;
    let out = context.output;
    for alert in &found.alerts {
        let since = alert.since.as_ref().map_or_else(String::new, |since| format!(" [{since}]"));
        out.line(format!("{:<8} {}{since}", alert.level, alert.text));
    }
    if found.alerts.is_empty() {
        out.line("Nothing needs anybody.");
    }
    if let Some(why) = &found.incomplete {
        out.line(format!("What only you can do is left out: {why}"));
    }
    out.value(&found);
    Ok(u8::from(!found.alerts.is_empty()))
}
