//! `commonhold search`: find records by words.

use super::Done;
use crate::Context;
use clap::Args;
use commonhold_app::commands::records;

/// What to find.
#[derive(Args)]
pub struct Search {
    /// Words; every one must occur, the last may be unfinished
    #[arg(required = true)]
    words: Vec<String>,
    /// How many at most
    #[arg(long, default_value_t = 20)]
    limit: u32,
}

/// Runs the command.
pub fn run(context: &Context, search: &Search) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let page = records::search(&reader, &book, &search.words.join(" "), 0, search.limit)?;
    let rows: Vec<Vec<String>> = page
        .rows
        .iter()
        .map(|row| {
            vec![row.kind.to_string(), row.title.clone(), row.detail.clone(), row.id.to_string()]
        })
        .collect();
    context.output.table(&["kind", "title", "", "id"], &rows);
    context.output.line(format!("{} found.", page.total));
    context.output.value(&page);
    Ok(0)
}
