//! People, devices and roles: who belongs, who may do what, and what it takes to change that.

mod removal;
mod team;

pub use removal::{RemovalPreview, Rotation, SecretLine, preview, remove, rotation};
pub use team::{DeviceView, Member, OpenVote, RoleRule, RoleView, Standing, Team, rules, team};

use super::count;
use crate::app::App;
use crate::events::Change;
use crate::failure::{Code, Failure};
use commonhold_core::authority::{Action, Basis, Role, Statement};
use commonhold_core::id::BookId;
use commonhold_core::store::Reader;
use commonhold_core::{Date, Kind, RecordId};
use serde::Serialize;
use serde_json::Value;

/// What became of something that may need several signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Signed {
    /// Whether there are enough.
    pub in_force: bool,
    /// How many there are.
    pub votes: u32,
    /// How many it takes.
    pub needed: u32,
}

/// What a person is called; their id where nothing is known.
pub fn name_of(reader: &Reader, book: &BookId, person: RecordId) -> Result<String, Failure> {
    let row = reader.record(book, Kind::Person, &person)?;
    let name = row
        .and_then(|row| row.fields.get("public_name").and_then(Value::as_str).map(str::to_owned));
    Ok(name.unwrap_or_else(|| person.to_string()))
}

/// Finds a person who was ever admitted, by id or by a name only one of them has.
pub fn find(reader: &Reader, book: &BookId, wanted: &str) -> Result<RecordId, Failure> {
    let authority = reader.authority(book)?;
    let mut found = Vec::new();
    for person in authority.state().people() {
        if person.to_string() == wanted || name_of(reader, book, person)? == wanted {
            found.push(person);
        }
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::new(Code::NotFound, format!("Nobody here is called “{wanted}”."))
            .hint("List the people with: commonhold person list.")),
        _ => Err(Failure::new(Code::Invalid, format!("Several people are called “{wanted}”."))
            .hint("Use the id that `commonhold person list` shows.")),
    }
}

/// Whether the person at this device is one of those who decide who belongs.
pub(crate) fn decides(app: &mut App, book: &BookId) -> Result<bool, Failure> {
    let today = app.today();
    let Ok(device) = app.store().map(|store| store.device()) else { return Ok(false) };
    let authority = app.reader().authority(book)?;
    let state = authority.state();
    let person = state.active(&device).map(|admitted| admitted.person);
    Ok(person.is_some_and(|person| state.deciders(today).contains(&person)))
}

pub(crate) fn require_decider(app: &mut App, book: &BookId) -> Result<(), Failure> {
    let now = app.now();
    app.store()?.writer(book, now)?;
    match decides(app, book)? {
        true => Ok(()),
        false => Err(Failure::new(Code::NotAllowed, "Only leadership can do this.")
            .hint("Ask somebody in leadership.")),
    }
}

/// Says something about people as this device.
pub(crate) fn say(app: &mut App, book: &BookId, statements: Vec<Statement>) -> Result<(), Failure> {
    if !statements.iter().all(Statement::is_sensible) {
        return Err(Failure::new(
            Code::Invalid,
            "A reason is missing, a text is too long, or a term ends before it begins.",
        )
        .hint("Say why in one line."));
    }
    let now = app.now();
    match app.store()?.say(book, now, &statements) {
        Err(commonhold_core::store::Error::Copied) => {
            app.renew()?;
            app.store()?.say(book, now, &statements)?;
        }
        other => {
            other?;
        }
    }
    app.tell(Change { book: *book, kind: "*".into(), id: None, source: "local".into() });
    Ok(())
}

/// A role to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub person: RecordId,
    /// Which.
    pub role: Role,
    /// First day of the term.
    pub from: Option<Date>,
    /// Last day of the term.
    pub to: Option<Date>,
    /// The decision behind it.
    pub decision: Option<RecordId>,
}

/// Gives a role, or signs for it where it takes several.
pub fn grant(app: &mut App, book: &BookId, grant: &Grant) -> Result<Signed, Failure> {
    require_decider(app, book)?;
    let Grant { person, role, mut from, mut to, mut decision } = *grant;
    let authority = app.reader().authority(book)?;
    let waiting = authority.state().open().find_map(|(action, tally)| match action {
        Action::Grant(who, of, from, to, _) if *who == person && *of == role => {
            Some((*from, *to, tally.basis.and_then(|(_, decision)| decision)))
        }
        _ => None,
    });
    if let Some(open) = waiting.filter(|_| from.is_none() && to.is_none() && decision.is_none()) {
        // Who only signs means what the others signed.
        (from, to, decision) = open;
    }
    if !authority.state().is_active(person) {
        return Err(Failure::new(Code::Invalid, "This person does not belong to the service.")
            .hint("Invite them first."));
    }
    let statement = Statement::Grant { person, role, from, to, basis: Basis::Decision, decision };
    say(app, book, vec![statement])?;
    let today = app.today();
    let authority = app.reader().authority(book)?;
    let state = authority.state();
    let held = state.granted(person).iter().any(|g| g.role == role && g.from == from && g.to == to);
    let needed = match role {
        Role::Leadership => state.needed_for_leadership(today),
        _ => 1,
    };
    let votes = votes_of(app, book, "grant", person, Some(role))?;
    Ok(Signed { in_force: held, votes: if held { needed } else { votes }, needed })
}

/// Ends a role, or signs for it where it takes several.
pub fn end(
    app: &mut App,
    book: &BookId,
    person: RecordId,
    role: Role,
    reason: &str,
) -> Result<Signed, Failure> {
    let now = app.now();
    let writer = app.store()?.writer(book, now)?;
    if writer.person != person {
        require_decider(app, book)?;
    }
    let authority = app.reader().authority(book)?;
    if !authority.state().granted(person).iter().any(|granted| granted.role == role) {
        return Err(Failure::new(Code::NotFound, format!("This person is not {role}.")));
    }
    let needed = match role {
        Role::Leadership if writer.person != person => {
            authority.state().needed_to_remove(person, now.date())
        }
        _ => 1,
    };
    say(app, book, vec![Statement::End { person, role, reason: reason.trim().to_owned() }])?;
    let authority = app.reader().authority(book)?;
    let in_force = !authority.state().granted(person).iter().any(|granted| granted.role == role);
    let votes = votes_of(app, book, "end", person, Some(role))?;
    Ok(Signed { in_force, votes: if in_force { needed } else { votes }, needed })
}

/// Signatures so far for something that waits for more.
fn votes_of(
    app: &mut App,
    book: &BookId,
    action: &str,
    person: RecordId,
    role: Option<Role>,
) -> Result<u32, Failure> {
    let open = team(app, book)?.votes;
    let same =
        |vote: &&OpenVote| vote.action == action && vote.person == person && vote.role == role;
    Ok(open.iter().find(same).map_or(count(1_u64), |vote| vote.votes))
}
