//! `commonhold person`, `device`, `held`, `rejected`: who belongs, and what was not let in.

use super::{Done, record_id, today};
use crate::Context;
use clap::Subcommand;
use commonhold_app::commands::people::{self, Grant, Member, Signed, Standing, Team};
use commonhold_app::commands::service_links::person_elsewhere;
use commonhold_app::commands::trust;
use commonhold_app::{App, Code, Failure};
use commonhold_core::authority::Role;
use commonhold_core::id::Device as DeviceKey;
use commonhold_core::{BookId, Date, RecordId};
use serde_json::json;

/// What to do with people.
#[derive(Subcommand)]
pub enum Person {
    /// List people, roles and what waits for signatures
    List,
    /// Show who may write what
    Rules,
    /// Give a role, or sign for it
    Grant {
        /// Name or id
        person: String,
        /// contributor, member, leadership, treasurer or teller
        role: Role,
        /// First day of the term
        #[arg(long)]
        from: Option<Date>,
        /// Last day of the term
        #[arg(long)]
        to: Option<Date>,
        /// The decision behind it
        #[arg(long)]
        decision: Option<String>,
    },
    /// End a role, or sign for that
    End {
        /// Name or id
        person: String,
        /// The role
        role: Role,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Their other services on this installation, where they agreed in both to be named (the field
    /// show_elsewhere of their record)
    Elsewhere {
        /// Name or id
        person: String,
    },
    /// Remove somebody, or sign for it
    Remove {
        /// Name or id
        person: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// Only show what it would do
        #[arg(long)]
        preview: bool,
    },
}

/// What to do with devices.
#[derive(Subcommand)]
pub enum Device {
    /// List all devices
    List,
    /// Remove a lost device
    Remove {
        /// Its first digits
        device: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// What to do with what is held back.
#[derive(Subcommand)]
pub enum Held {
    /// List what is held back since its device was removed
    List,
    /// Let something in after all
    Release {
        /// Its hash
        object: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Runs `person`.
pub fn run(context: &Context, command: Person) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    match command {
        Person::List => list(context, &people::team(&mut app, &book)?),
        Person::Rules => rules(context),
        Person::Grant { person, role, from, to, decision } => {
            let person = people::find(app.reader(), &book, &person)?;
            let decision = decision.as_deref().map(record_id).transpose()?;
            let grant = Grant { person, role, from, to, decision };
            Ok(signed(context, &people::grant(&mut app, &book, &grant)?))
        }
        Person::End { person, role, reason } => {
            let person = people::find(app.reader(), &book, &person)?;
            Ok(signed(context, &people::end(&mut app, &book, person, role, &reason)?))
        }
        Person::Elsewhere { person } => {
            let person = people::find(app.reader(), &book, &person)?;
            let found = person_elsewhere(app.reader(), &book, person, today())?;
            for one in &found {
                let roles = one.roles.join(", ");
                context.output.line(format!(
                    "{}: {} ({roles}), proved by device {}",
                    one.service, one.name, one.device
                ));
            }
            context.output.value(&found);
            Ok(0)
        }
        Person::Remove { person, reason, preview } => {
            let person = people::find(app.reader(), &book, &person)?;
            remove(context, &mut app, &book, (person, None), (&reason, preview))
        }
    }
}

fn list(context: &Context, team: &Team) -> Done {
    let out = context.output;
    let roles = |member: &Member| {
        let in_force = member.roles.iter().filter(|role| role.in_force);
        let names: Vec<&str> = in_force.map(|role| role.role.name()).collect();
        names.join(", ")
    };
    let row = |member: &Member| {
        let name = if member.me { format!("{} (you)", member.name) } else { member.name.clone() };
        vec![name, word(member.standing).to_owned(), roles(member), member.person.to_string()]
    };
    out.table(
        &["name", "standing", "roles", "id"],
        &team.members.iter().map(row).collect::<Vec<_>>(),
    );
    for vote in &team.votes {
        let what = [Some(vote.action.as_str()), vote.role.map(Role::name), Some(&vote.name)];
        let what: Vec<&str> = what.into_iter().flatten().collect();
        out.line(format!(
            "Waits for signatures: {} ({} of {}, signed by {})",
            what.join(" "),
            vote.votes,
            vote.needed,
            vote.voters.join(", ")
        ));
    }
    for warning in &team.warnings {
        out.line(format!("Mind: {warning}"));
    }
    out.value(team);
    Ok(0)
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "belongs",
        Standing::Removed => "removed",
        Standing::Stranger => "unknown",
    }
}

fn rules(context: &Context) -> Done {
    let rules = people::rules();
    let rows: Vec<Vec<String>> = rules
        .iter()
        .map(|rule| vec![rule.plural.clone(), Role::in_words(&rule.roles), rule.note.clone()])
        .collect();
    context.output.table(&["records", "written by", ""], &rows);
    context.output.value(&rules);
    Ok(0)
}

fn signed(context: &Context, signed: &Signed) -> u8 {
    let text = match signed.in_force {
        true => "Done.".to_owned(),
        false => format!("Signed: {} of {} signatures.", signed.votes, signed.needed),
    };
    context.output.line(text);
    context.output.value(signed);
    0
}

fn remove(
    context: &Context,
    app: &mut App,
    book: &BookId,
    (person, device): (RecordId, Option<DeviceKey>),
    (reason, preview): (&str, bool),
) -> Done {
    let out = context.output;
    let shown = people::preview(app, book, person, device)?;
    if preview {
        out.line(format!(
            "{}: {} devices, roles: {}",
            shown.name,
            shown.devices.len(),
            Role::in_words(&shown.roles)
        ));
        out.line(format!("Signatures with yours: {} of {}", shown.votes, shown.needed));
        for secret in &shown.secrets {
            let sole = if secret.sole { ", held by nobody else" } else { "" };
            out.line(format!("To change: {} (harm {}{sole})", secret.label, secret.blast_radius));
        }
        out.value(&shown);
        return Ok(0);
    }
    Ok(signed(context, &people::remove(app, book, person, device, reason)?))
}

/// Runs `device`.
pub fn devices(context: &Context, command: Device) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let team = people::team(&mut app, &book)?;
    let all = || team.members.iter().flat_map(|m| m.devices.iter().map(move |d| (m, d)));
    match command {
        Device::List => {
            let rows: Vec<Vec<String>> = all()
                .map(|(member, device)| {
                    let this = if device.this_device { " (this one)" } else { "" };
                    vec![
                        device.short.clone(),
                        format!("{}{this}", device.label),
                        member.name.clone(),
                        word(device.standing).to_owned(),
                        device.last_seen.clone().unwrap_or_default(),
                    ]
                })
                .collect();
            context.output.table(&["device", "called", "of", "standing", "newest from"], &rows);
            let devices: Vec<_> = all().map(|(_, device)| device).collect();
            context.output.value(&devices);
            Ok(0)
        }
        Device::Remove { device, reason } => {
            let digits: String = device.chars().filter(|c| !c.is_whitespace()).collect();
            let found: Vec<_> = all().filter(|(_, d)| d.device.starts_with(&digits)).collect();
            let [(member, one)] = found.as_slice() else {
                return Err(Failure::new(Code::Invalid, format!("“{device}” is not one device."))
                    .hint("List them with: commonhold device list."));
            };
            let key = one.device.parse().ok();
            remove(context, &mut app, &book, (member.person, key), (&reason, false))
        }
    }
}

/// Runs `held`.
pub fn held(context: &Context, command: Held) -> Done {
    let mut app = context.app()?;
    let book = context.book(app.reader())?;
    let out = context.output;
    match command {
        Held::List => {
            let all = trust::held(&mut app, &book)?;
            for held in &all {
                let who = held.person.clone().unwrap_or_else(|| held.device.clone());
                out.line(format!(
                    "{} by {who}, {}: {}\n  {}",
                    held.records.join(", "),
                    held.time,
                    held.reason,
                    held.object
                ));
            }
            if all.is_empty() {
                out.line("Nothing is held back.");
            }
            out.value(&all);
        }
        Held::Release { object, reason } => {
            trust::release(&mut app, &book, &object, &reason)?;
            out.line("Let in.");
            out.value(&json!({}));
        }
    }
    Ok(0)
}

/// Runs `rejected`.
pub fn rejected(context: &Context) -> Done {
    let reader = context.reader()?;
    let book = context.book(&reader)?;
    let list = trust::rejected(&reader, &book)?;
    let out = context.output;
    for record in &list.records {
        let who = record.person.clone().unwrap_or_else(|| "somebody unknown".into());
        out.line(format!("{} “{}” by {who}: {}", record.kind, record.title, record.reason));
    }
    for object in &list.objects {
        let who = object.person.clone().unwrap_or_else(|| object.device.clone());
        out.line(format!("{} by {who}: {}", object.document, object.reason));
    }
    if list.records.is_empty() && list.objects.is_empty() {
        out.line("Nothing was rejected.");
    }
    out.value(&list);
    Ok(0)
}
