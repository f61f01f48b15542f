//! `commonhold file`: attachments, the files records name by their SHA-256.

use super::Done;
use crate::Context;
use clap::Subcommand;
use commonhold_app::commands::attachments::{
    self, AttachmentInfo, AttachmentPolicy, AttachmentState,
};
use commonhold_app::commands::{remotes, sync};
use commonhold_app::places::PlaceKind;
use commonhold_app::{Code, Failure};
use commonhold_core::BookId;
use commonhold_core::id::Sha256;
use commonhold_core::store::Reader;
use std::path::PathBuf;

/// What to do with files.
#[derive(Subcommand)]
pub enum File {
    /// Keep a file, so that records can name it by the SHA-256 that is printed. It is handed over
    /// once a record names it
    Add {
        /// The file, of 20 MiB at most
        file: PathBuf,
        /// Leadership and treasurers alone are to read it
        #[arg(long)]
        sealed: bool,
    },
    /// Show the files that are here or that records name
    List {
        /// Only those that are not here
        #[arg(long)]
        wanted: bool,
    },
    /// Write a file out
    Get {
        /// Its SHA-256, or the first eight digits or more
        sha256: String,
        /// Where to; nothing that is there is overwritten
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Fetch a file from the places used before, however large it is
    Fetch {
        /// Its SHA-256, or the first eight digits or more
        sha256: String,
    },
    /// Show or choose which files come by themselves on this device
    Policy {
        /// Files up to so many MiB; 0: only those that are fetched
        #[arg(long, value_name = "MIB")]
        up_to: Option<u64>,
    },
}

/// Runs `file`.
pub fn run(context: &Context, command: File) -> Done {
    let out = context.output;
    match command {
        File::Add { file, sealed } => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let info = attachments::add(&mut app, &book, &file, sealed)?;
            out.line(format!("Kept {}: {}.", file.display(), in_words(&info)));
            out.line(format!("Records name it: {}", info.sha256));
            out.value(&info);
        }
        File::List { wanted } => {
            let reader = context.reader()?;
            let book = context.book(&reader)?;
            let found = match wanted {
                true => attachments::wanted(&reader, &book)?,
                false => attachments::list(&reader, &book)?,
            };
            let rows: Vec<Vec<String>> = found.iter().map(row).collect();
            out.table(&["sha256", "bytes", "kind", "state", "for"], &rows);
            out.line(format!("{} files.", found.len()));
            out.value(&found);
        }
        File::Get { sha256, to } => {
            let reader = context.reader()?;
            let book = context.book(&reader)?;
            let sha256 = meant(&reader, &book, &sha256)?;
            let info = attachments::save_to(&reader, &book, &sha256, &to)?;
            out.line(format!("Wrote {}: {}.", to.display(), in_words(&info)));
            out.value(&info);
        }
        File::Fetch { sha256 } => return fetch(context, &sha256),
        File::Policy { up_to } => {
            let mut app = context.app()?;
            if let Some(mib) = up_to {
                let up_to = mib.saturating_mul(1 << 20);
                attachments::set_policy(&mut app, &AttachmentPolicy { up_to })?;
            }
            let policy = attachments::policy(app.reader())?;
            out.line(match policy.up_to {
                0 => "No file comes by itself.".to_owned(),
                bytes => format!("Files of up to {bytes} bytes come by themselves."),
            });
            out.value(&policy);
        }
    }
    Ok(0)
}

fn fetch(context: &Context, sha256: &str) -> Done {
    let out = context.output;
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let sha256 = meant(app.reader(), &book, sha256)?;
    let mut info = attachments::fetch(&mut app, &book, &sha256)?;
    let mut failed = None;
    // Devices are reached directly only while connections are on: `sync` fetches from them.
    let usable = |r: &remotes::Remote| !r.paused && r.kind != PlaceKind::Peer;
    for remote in remotes::list(app.reader())?.into_iter().filter(usable) {
        if info.state == AttachmentState::Here {
            break;
        }
        let done = sync::sync(&mut app, Some(book), &remote.address, &mut out.progress());
        if let Err(failure) = done {
            failed.get_or_insert(failure);
        }
        info = attachments::show(app.reader(), &book, &sha256)?;
    }
    match (info.state, failed) {
        (AttachmentState::Here, _) => {
            out.line(format!("It is here: {}.", in_words(&info)));
            out.value(&info);
            Ok(0)
        }
        (_, Some(failure)) => Err(failure),
        _ => {
            Err(Failure::new(Code::Unreachable, "The file lies in none of the places used before.")
                .hint("It is asked for: it comes when a device that has it has handed it over."))
        }
    }
}

/// The attachment whose SHA-256 begins so.
fn meant(reader: &Reader, book: &BookId, text: &str) -> Result<Sha256, Failure> {
    if text.len() < 8 || text.len() == 64 {
        return attachments::sha256(text);
    }
    let text = text.to_lowercase();
    let mut found = attachments::list(reader, book)?;
    found.retain(|info| info.sha256.starts_with(&text));
    match found.as_slice() {
        [one] => attachments::sha256(&one.sha256),
        [] => Err(Failure::new(Code::NotFound, format!("No file’s SHA-256 begins with “{text}”."))
            .hint("List the files with: commonhold file list.")),
        _ => Err(Failure::new(Code::Invalid, format!("Several files begin with “{text}”."))
            .hint("Write more digits.")),
    }
}

fn in_words(info: &AttachmentInfo) -> String {
    let size =
        info.size.map_or_else(|| "size not known".to_owned(), |size| format!("{size} bytes"));
    let kind = info.media_type.clone().unwrap_or_default();
    let sealed = if info.sealed { ", for leadership and treasurers" } else { "" };
    format!("{size} {kind}{sealed}")
}

fn row(info: &AttachmentInfo) -> Vec<String> {
    let state = match info.state {
        AttachmentState::Here => "here",
        AttachmentState::Coming => "coming",
        AttachmentState::Wanted => "not here",
    };
    let whom = if info.sealed { "leadership, treasurers" } else { "everybody" };
    let named = if info.named { whom.to_owned() } else { format!("{whom}; no record names it") };
    vec![
        info.sha256.clone(),
        info.size.map_or_else(String::new, |size| size.to_string()),
        info.media_type.clone().unwrap_or_default(),
        state.to_owned(),
        named,
    ]
}
