//! `commonhold secret`: the register of secrets and their sealed values. A value is read from the
//! standard input or typed unseen, never from an argument; it is printed to a terminal only, unless
//! it is asked for.

use super::{Done, today};
use crate::Context;
use clap::Subcommand;
use commonhold_app::clipboard::{CLEAR_AFTER, Clipboard};
use commonhold_app::clock::{System, World};
use commonhold_app::commands::operations::{secret, vault};
use commonhold_app::{Code, Failure};
use commonhold_core::Date;
use serde_json::json;
use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// What to do with secrets.
#[derive(Subcommand)]
pub enum Secret {
    /// List the register, without values; those held by one person come first
    List,
    /// Seal the value of a secret in the book; it is typed unseen, or read from standard input
    Put {
        /// The secret: its label or id
        secret: String,
    },
    /// Print the value of a secret
    Get {
        /// The secret: its label or id
        secret: String,
        /// Also where standard output is no terminal
        #[arg(long)]
        stdout: bool,
    },
    /// Copy the value of a secret, and take it out of the clipboard again after 45 seconds, if it
    /// is still there
    Copy {
        /// The secret: its label or id
        secret: String,
    },
    /// Print rules on handling secrets, or add them to the record as the service's guideline
    Guideline {
        /// Add them as a page, to be changed there
        #[arg(long)]
        add: bool,
    },
    /// Write all secrets whose values lie in the book as one file of age
    Export {
        /// Whom to seal it to, such as age1…; may be given several times
        #[arg(long = "to", value_name = "RECIPIENT", required = true)]
        recipients: Vec<String>,
        /// The file; it must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Take in secrets from a file of age
    Import {
        /// The file
        file: PathBuf,
        /// What opens it: a file as age-keygen writes it
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
    },
    /// Say that a secret was changed
    Rotate {
        /// The secret: its label or id
        secret: String,
        /// The day it was changed [default: today]
        #[arg(long, value_name = "DAY")]
        date: Option<Date>,
    },
}

/// Runs the command.
pub fn run(context: &Context, command: Secret) -> Done {
    match command {
        Secret::List => list(context),
        Secret::Put { secret } => put(context, &secret),
        Secret::Get { secret, stdout } => get(context, &secret, stdout),
        Secret::Copy { secret } => copy(context, &secret),
        Secret::Guideline { add } => guideline(context, add),
        Secret::Export { recipients, out } => export(context, &recipients, &out),
        Secret::Import { file, identity } => import(context, &file, &identity),
        Secret::Rotate { secret, date } => {
            let mut app = context.app()?;
            let book = context.book(app.reader())?;
            let (id, found) = secret::meant(app.reader(), &book, &secret)?;
            let day = date.unwrap_or_else(today);
            secret::rotate(&mut app, &book, &id, day)?;
            context.output.line(format!("“{}” was changed on {day}.", found.label));
            context.output.value(&json!({ "id": id, "rotated": day }));
            Ok(0)
        }
    }
}

fn copy(context: &Context, wanted: &str) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let (id, found) = secret::meant(&reader, &book, wanted)?;
    let mut clipboard = Clipboard::open()?;
    let number = clipboard.copy(&secret::get(&reader, &book, &id)?)?;
    let seconds = CLEAR_AFTER.as_secs();
    context.output.line(format!(
        "“{}” is copied. Leave this running: in {seconds} seconds it is taken out again.",
        found.label
    ));
    std::thread::sleep(CLEAR_AFTER);
    let cleared = clipboard.clear(number)?;
    context.output.line(match cleared {
        true => "It is taken out.",
        false => "Something else was copied meanwhile; that stays.",
    });
    context.output.value(&json!({ "id": id, "cleared": cleared }));
    Ok(0)
}

fn guideline(context: &Context, add: bool) -> Done {
    if !add {
        context.output.line(secret::GUIDELINE.trim_end());
        context.output.value(&json!({ "text": secret::GUIDELINE }));
        return Ok(0);
    }
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let id = secret::add_guideline(&mut app, &book)?;
    context.output.line(format!("The guideline is a page now: {id}"));
    context.output.value(&json!({ "id": id }));
    Ok(0)
}

fn list(context: &Context) -> Done {
    let (reader, out) = (context.reader()?, context.output);
    let book = context.book(&reader)?;
    let found = secret::list(&reader, &book, today())?;
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|row| {
            vec![
                row.label.clone(),
                row.system.clone(),
                row.blast_radius.to_string(),
                row.holders.join(", "),
                row.rotated.map_or_else(String::new, |day| day.to_string()),
                if row.has_value { "sealed here" } else { "elsewhere" }.to_owned(),
                row.id.to_string(),
            ]
        })
        .collect();
    out.table(&["label", "system", "harm", "holders", "changed", "value", "id"], &rows);
    for row in &found {
        row.warnings.iter().for_each(|said| out.line(format!("“{}”: {said}", row.label)));
    }
    out.value(&found);
    Ok(0)
}

/// Reads a value: unseen from a terminal, else all of the standard input without its last line end.
fn value() -> Result<String, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return rpassword::prompt_password("The value (it is not shown): ").map_err(|error| {
            Failure::new(Code::Unsupported, "The value could not be read from the terminal.")
                .hint("Give it on standard input.")
                .detail(error)
        });
    }
    let most = u64::try_from(secret::MAX_VALUE).unwrap_or(u64::MAX).saturating_add(3);
    let mut text = String::new();
    stdin.lock().take(most).read_to_string(&mut text).map_err(|error| {
        Failure::new(Code::Invalid, "The value is no text in UTF-8.").detail(error)
    })?;
    let kept = text.strip_suffix('\n').map_or(text.len(), str::len);
    text.truncate(kept);
    let kept = text.strip_suffix('\r').map_or(text.len(), str::len);
    text.truncate(kept);
    Ok(text)
}

fn put(context: &Context, wanted: &str) -> Done {
    {
        // Whether there is such a secret is said before anybody types.
        let reader = context.reader()?;
        secret::meant(&reader, &context.book(&reader)?, wanted)?;
    }
    let value = value()?;
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let (id, found) = secret::meant(app.reader(), &book, wanted)?;
    secret::put(&mut app, &book, &id, &value)?;
    context.output.line(format!("The value of “{}” is sealed in the book.", found.label));
    context.output.line("Leadership alone reads it. Clear it from where you copied it from.");
    context.output.value(&json!({ "id": id }));
    Ok(0)
}

fn get(context: &Context, wanted: &str, anywhere: bool) -> Done {
    let mut out = std::io::stdout();
    if !anywhere && !out.is_terminal() {
        return Err(Failure::new(Code::Invalid, "A secret is printed to a terminal only.")
            .hint("Add --stdout where it shall go somewhere else."));
    }
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let (id, _) = secret::meant(&reader, &book, wanted)?;
    let value = secret::get(&reader, &book, &id)?;
    if context.output.json {
        context.output.value(&json!({ "id": id, "value": value.as_str() }));
    } else {
        let _ = writeln!(out, "{}", value.as_str());
    }
    Ok(0)
}

fn export(context: &Context, recipients: &[String], path: &Path) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let mut chance = |bytes: &mut [u8]| System.random(bytes).is_ok();
    let (text, number) = vault::export(&reader, &book, recipients, &mut chance)?;
    File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(
        |error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Failure::new(Code::Exists, format!("{} is there already.", path.display()))
                    .hint("Choose a name that is free; nothing was changed.")
            }
            _ => Failure::file(path, &error),
        },
    )?;
    context.output.line(format!("Wrote {number} secrets to {}.", path.display()));
    context.output.value(&json!({ "path": path, "secrets": number }));
    Ok(0)
}

/// Reads a file of at most 32 MiB.
fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(32 << 20).read_to_end(&mut bytes))
        .map_err(|error| Failure::file(path, &error))?;
    Ok(bytes)
}

fn import(context: &Context, file: &Path, identity: &Path) -> Done {
    let (sealed, identity) = (bytes(file)?, bytes(identity)?);
    let identity = std::str::from_utf8(&identity).map_err(|error| {
        Failure::new(Code::Invalid, "The identity is no text in UTF-8.").detail(error)
    })?;
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let done = vault::import(&mut app, &book, &sealed, identity)?;
    let (added, values) = (done.added, done.values);
    context.output.line(format!("Took in {values} values; {added} secrets are new."));
    context.output.value(&done);
    Ok(0)
}
