//! `commonhold site`: the public page.

use super::Done;
use crate::Context;
use clap::{ArgGroup, Args, Subcommand};
use commonhold_app::commands::site::{self, Branch, SitePreview, Way};
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
    /// Send the page onto a branch of a git repository, or by a command of your own
    Publish(Publish),
    /// Say what the page would show, what is not public yet, and what was masked
    Check,
}

/// How the page goes out.
#[derive(Args)]
#[command(group(ArgGroup::new("way").required(true).args(["git", "command"])))]
pub struct Publish {
    /// The repository; its work tree is not touched
    #[arg(long, value_name = "FOLDER")]
    git: Option<PathBuf>,
    /// The branch, for the page alone
    #[arg(long, default_value = "pages", requires = "git")]
    branch: String,
    /// Push the branch to this remote afterwards, such as origin
    #[arg(long, value_name = "REMOTE", requires = "git")]
    push: Option<String>,
    /// Where it will be found, such as https://example.org/harbor
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Do not record that it was published
    #[arg(long)]
    no_record: bool,
    /// A program and its arguments, told on its standard input as JSON where the page lies
    #[arg(last = true, value_name = "PROGRAM")]
    command: Vec<String>,
}

impl Publish {
    fn way(&self) -> Way {
        match &self.git {
            Some(repository) => Way::Git(Branch {
                repository: repository.clone(),
                branch: self.branch.clone(),
                push: self.push.clone(),
            }),
            None => Way::Command(self.command.clone()),
        }
    }
}

fn publish(context: &Context, command: &Publish) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let (mut progress, url) = (context.output.progress(), command.base_url.clone());
    let record = !command.no_record;
    let done = site::site_publish(&mut app, &book, &command.way(), url, record, &mut progress)?;
    let output = &context.output;
    let changed = format!("{} files, {} new or changed", done.files, done.written);
    match (&done.commit, &command.git) {
        (Some(commit), _) => {
            let short: String = commit.chars().take(12).collect();
            output.line(format!("Published as commit {short} of {}: {changed}.", command.branch));
        }
        (None, Some(_)) => output.line("Nothing changed; the branch is as it was."),
        (None, None) => output.line(format!("Published: {changed}.")),
    }
    if let Some(said) = &done.said {
        output.line(said);
    }
    if done.masked > 0 {
        output.line(format!(
            "Masked in {} places; to see where: commonhold site check.",
            done.masked
        ));
    }
    output.value(&done);
    Ok(0)
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
        Site::Publish(command) => publish(context, command),
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
