//! `commonhold invite`, `join`, `recovery`: how devices come to belong.

use super::Done;
use crate::Context;
use clap::{Args, Subcommand};
use commonhold_app::commands::invitations::{self, InvitationView, NewInvitation};
use commonhold_app::commands::joining::{self, JoinState};
use commonhold_app::commands::{people, recovery};
use commonhold_app::{App, Code, Failure};
use commonhold_core::authority::Role;
use serde_json::json;
use std::io::BufRead;
use std::path::PathBuf;
use std::time::Duration;

/// What to do with invitations.
#[derive(Subcommand)]
pub enum Invite {
    /// Invite somebody, or another device of your own
    New(New),
    /// List the invitations made here
    List,
    /// Call an invitation back
    Revoke {
        /// The invitation's number
        id: String,
    },
    /// Write an open invitation to a file
    Save {
        /// The invitation's number
        id: String,
        /// The file
        file: PathBuf,
    },
    /// Show who wants to join
    Requests,
    /// Let somebody in, after comparing the three words
    Confirm {
        /// The request
        id: String,
    },
    /// Turn somebody away
    Refuse {
        /// The request
        id: String,
    },
}

/// Whom to invite.
#[derive(Args)]
pub struct New {
    /// Who is invited
    #[arg(long, default_value = "")]
    name: String,
    /// A role they get: contributor, member, leadership, treasurer, teller; may be repeated
    #[arg(long = "role")]
    roles: Vec<Role>,
    /// Another device of yours instead of somebody else
    #[arg(long, conflicts_with_all = ["roles", "name"])]
    my_device: bool,
    /// How many days it is valid
    #[arg(long, default_value_t = 7)]
    days: u32,
    /// The place both of you reach: a folder, a bucket, a relay
    #[arg(long = "with", value_name = "PLACE")]
    folder: String,
    /// Print the invitation as a QR code too
    #[arg(long)]
    qr: bool,
}

/// How to join.
#[derive(Args)]
pub struct Join {
    /// Six words in quotes, the text of an invitation, or file:PATH; without it, open attempts
    /// are looked after
    invitation: Option<String>,
    /// The place both of you reach: a folder, a bucket, a relay
    #[arg(long = "with", value_name = "PLACE")]
    folder: Option<String>,
    /// Your name or pseudonym
    #[arg(long, default_value = "")]
    name: String,
    /// What you call this device
    #[arg(long, default_value = "")]
    label: String,
    /// Wait up to so many seconds to be let in
    #[arg(long, default_value_t = 0)]
    wait: u64,
}

/// What to do with recovery sheets.
#[derive(Subcommand)]
pub enum Recovery {
    /// Make a sheet: twelve words to be kept on paper
    New,
    /// Admit this device by the words of a sheet
    Restore {
        /// The place shared before, or a copy of it
        #[arg(long = "with", value_name = "PLACE")]
        folder: String,
        /// The twelve words; asked for when left out
        #[arg(long)]
        words: Option<String>,
        /// What you call this device
        #[arg(long, default_value = "New device")]
        label: String,
    },
}

/// Runs `invite`.
pub fn run(context: &Context, command: Invite) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let out = context.output;
    match command {
        Invite::New(new) => return create(context, app, new),
        Invite::List => {
            let all = invitations::list(&mut app, &book)?;
            let rows: Vec<Vec<String>> = all.iter().map(row).collect();
            out.table(&["invitation", "for", "roles", "until", "state"], &rows);
            out.value(&all);
        }
        Invite::Revoke { id } => {
            invitations::revoke(&mut app, &book, &id)?;
            out.line("Called back.");
            out.value(&json!({}));
        }
        Invite::Save { id, file } => {
            invitations::save(&mut app, &book, &id, &file)?;
            out.line(format!("Written to {}.", file.display()));
            out.value(&json!({ "file": file }));
        }
        Invite::Requests => {
            let all = invitations::requests(&mut app, &book)?;
            for request in &all {
                out.line(format!(
                    "{} on “{}” ({}) shows: {}\n  let in: commonhold invite confirm {}",
                    request.name, request.label, request.short, request.words, request.id
                ));
            }
            if all.is_empty() {
                out.line("Nobody asks to join.");
            }
            out.value(&all);
        }
        Invite::Confirm { id } => {
            invitations::confirm(&mut app, &book, &id)?;
            out.line("Let in; they get the service as soon as the folder reaches them.");
            out.value(&json!({}));
        }
        Invite::Refuse { id } => {
            invitations::refuse(&mut app, &book, &id)?;
            out.line("Turned away.");
            out.value(&json!({}));
        }
    }
    Ok(0)
}

fn row(view: &InvitationView) -> Vec<String> {
    let roles = Role::in_words(&view.roles);
    let who = if view.person.is_some() { "a device of yours".into() } else { view.name.clone() };
    vec![view.id.clone(), who, roles, view.expires.clone(), view.state.to_owned()]
}

fn create(context: &Context, mut app: App, new: New) -> Done {
    let book = context.book(app.reader())?;
    let team = people::team(&mut app, &book)?;
    let wanted = NewInvitation {
        person: if new.my_device { team.me } else { None },
        name: if new.my_device { team.my_name } else { new.name },
        roles: new.roles,
        days: new.days,
        folder: new.folder.clone(),
    };
    let view = invitations::create(&mut app, &book, &wanted)?;
    let out = context.output;
    out.line(format!("Read these six words out, to {} alone:\n", view.name));
    out.line(format!("    {}\n", view.words.clone().unwrap_or_default()));
    out.line(format!("or hand this over (until {}):\n\n{}\n", view.expires, view.text));
    if new.qr {
        out.line(invitations::qr_terminal(&view.text).unwrap_or_default());
    }
    out.line("When they have entered it: commonhold invite requests");
    out.value(&view);
    Ok(0)
}

/// Runs `join`.
pub fn join(context: &Context, command: &Join) -> Done {
    let mut app = context.app()?;
    let mut states = match (&command.invitation, &command.folder) {
        (Some(invitation), Some(folder)) => {
            let label = match command.label.as_str() {
                "" => "This computer",
                label => label,
            };
            vec![joining::start(&mut app, folder, invitation, &command.name, label)?]
        }
        (Some(_), None) => {
            return Err(Failure::new(Code::Invalid, "The place both of you reach is missing.")
                .hint("Name it: commonhold join \"SIX WORDS\" --with PLACE --name YOU."));
        }
        (None, _) => joining::list(&mut app)?,
    };
    let mut left = command.wait;
    loop {
        for state in &mut states {
            *state = joining::check(&mut app, &state.id, &mut context.output.progress())?;
        }
        let waiting = states.iter().any(|state| state.state == "waiting");
        if !waiting || left == 0 {
            break;
        }
        left = left.saturating_sub(1);
        std::thread::sleep(Duration::from_secs(1));
    }
    for state in &states {
        print(context, state);
    }
    if states.is_empty() {
        context.output.line("Nothing is being joined.");
    }
    context.output.value(&states);
    let refused = states.iter().any(|state| ["refused", "expired"].contains(&state.state));
    Ok(u8::from(refused))
}

fn print(context: &Context, state: &JoinState) {
    let service = state.service.clone().unwrap_or_else(|| "the service".into());
    let text = match state.state {
        "joined" => format!("Joined {service}."),
        "refused" => format!("Not let in. {}", state.reason.clone().unwrap_or_default()),
        "expired" => "The invitation has ended. Ask for another.".to_owned(),
        _ => format!(
            "Asked to join {service}. Whoever invited you must see the same three words:\n\n    \
             {}\n\nThen look again: commonhold join",
            state.words
        ),
    };
    context.output.line(text);
}

/// Runs `recovery`.
pub fn recover(context: &Context, command: Recovery) -> Done {
    let mut app = context.app()?;
    let out = context.output;
    match command {
        Recovery::New => {
            let book = context.book(app.reader())?;
            let sheet = recovery::create(&mut app, &book)?;
            out.line("Write these words on paper and keep it where only you find it.");
            out.line("They are shown once, and whoever has them can act as you:\n");
            out.line(format!("    {}\n", sheet.words));
            out.line("Sync once more, so that the sheet works: commonhold sync");
            out.value(&sheet);
        }
        Recovery::Restore { folder, words, label } => {
            let words = match words {
                Some(words) => words,
                None => ask(context)?,
            };
            let on = &mut out.progress();
            let recovered = recovery::restore(&mut app, &words, &folder, &label, on)?;
            out.line(format!("This device belongs to {} again.", recovered.books.len()));
            out.line("Remove the devices you lost: commonhold device list");
            out.value(&recovered);
        }
    }
    Ok(0)
}

fn ask(context: &Context) -> Result<String, Failure> {
    context.output.line("The twelve words of the sheet:");
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| {
        Failure::new(Code::Invalid, "The words could not be read.").detail(error)
    })?;
    Ok(line)
}
