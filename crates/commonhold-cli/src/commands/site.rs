//! `commonhold site`: the public page.

use super::Done;
use crate::Context;
use clap::Subcommand;
use commonhold_app::commands::site::{self, SitePreview};
use std::path::PathBuf;

/// What to do with the public page.
#[derive(Subcommand)]
pub enum Site {
    /// Write the page into a folder, and record the publication
    Build {
        /// The folder; files of others in it stay
        path: PathBuf,
        /// Where it will be found, such as https://example.org/harbor
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
        /// Do not record that it was published
        #[arg(long)]
        no_record: bool,
    },
    /// Say what the page would show, what is not public yet, and what was masked
    Check,
}

/// Runs the command.
pub fn run(context: &Context, command: &Site) -> Done {
    match command {
        Site::Build { path, base_url, no_record } => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let mut progress = context.output.progress();
            let url = base_url.clone();
            let done = site::site_build(&mut app, &book, path, url, !no_record, &mut progress)?;
            let output = &context.output;
            output.line(format!(
                "Wrote {}: {} files new, {} unchanged, {} removed.",
                path.display(),
                done.written,
                done.unchanged,
                done.removed
            ));
            for kept in &done.kept {
                output.line(format!("Somebody changed {kept}; it was left as it is."));
            }
            output.line(format!("{} entries are public for the first time.", done.transactions));
            if done.masked > 0 {
                output.line(format!(
                    "Masked in {} places; to see where: commonhold site check.",
                    done.masked
                ));
            }
            output.value(&done);
            Ok(0)
        }
        Site::Check => {
            let reader = context.reader()?;
            let book = context.book(&reader)?;
            let preview = site::site_preview(&reader, &book, super::now())?;
            tell(context, &preview);
            context.output.value(&preview);
            Ok(u8::from(preview.unpublished.overdue > 0 || !preview.findings.is_empty()))
        }
    }
}

fn tell(context: &Context, preview: &SitePreview) {
    let (output, waiting) = (&context.output, &preview.unpublished);
    output.line(format!(
        "As of {}: {} files, {} bytes; {} entries shown, {} left out.",
        preview.as_of, preview.files, preview.bytes, preview.shown, waiting.left_out
    ));
    if let Some(since) = waiting.since {
        output.line(format!(
            "Not published before: {} entries since {since}; {} of them should be public by now.",
            waiting.count, waiting.overdue
        ));
    }
    if !preview.findings.is_empty() {
        output.line(format!("Masked in {} places:", preview.findings.len()));
        let rows: Vec<Vec<String>> = preview
            .findings
            .iter()
            .map(|found| {
                vec![
                    found.what.clone(),
                    found.kind.clone(),
                    found.id.to_string(),
                    found.field.clone(),
                    found.line.to_string(),
                ]
            })
            .collect();
        output.table(&["found", "kind", "record", "field", "line"], &rows);
    }
}
