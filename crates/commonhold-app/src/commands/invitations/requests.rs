//! Those who want to join: what they ask, and what follows when somebody confirms them.

use super::{Kept, all, keep, meeting, people, roles, room_in, room_of, state, sync};
use crate::app::{App, Lent};
use crate::commands::records::acts;
use crate::events::{Change, unheard};
use crate::failure::{Code, Failure};
use crate::places::Address;
use commonhold_core::authority::{Basis, Role, Statement};
use commonhold_core::id::{BookId, Hash, LogId, from_purpose, hex};
use commonhold_core::{Kind, RecordId};
use commonhold_sync::exchange;
use commonhold_sync::joining::{MAX_TEXT, OpenRequest, Welcome};
use commonhold_sync::shelf::Shelf;
use serde::Serialize;
use serde_json::json;

/// Somebody who wants to join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct JoinRequest {
    /// Names the request.
    pub id: String,
    /// The invitation it answers.
    pub invitation: String,
    /// What they call themselves.
    pub name: String,
    /// What they call the device.
    pub label: String,
    /// The device's first digits.
    pub short: String,
    /// Three words that must be the same on both screens.
    pub words: String,
    /// Whose further device it is.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub person: Option<RecordId>,
    /// The roles they get.
    #[cfg_attr(test, ts(type = "Array<import(\"./Role\").Role>"))]
    pub roles: Vec<Role>,
}

/// A request with the invitation it answers.
struct Asked {
    kept: Kept,
    id: String,
    message: Vec<u8>,
    open: OpenRequest,
}

/// Looks into the folders of open invitations for requests not answered yet. A folder that is not
/// there at the moment is left out.
fn asked(app: &mut App, book: &BookId) -> Result<Vec<Asked>, Failure> {
    let now = app.now();
    let mut found = Vec::new();
    for kept in all(app, book)?.into_iter().filter(|k| state(&k.invitation, now) == "open") {
        let Ok(mut shelf) = room_of(app, &kept.invitation) else { continue };
        let Ok(messages) = meeting(shelf.as_mut(), &kept.invitation).requests() else { continue };
        for message in messages {
            let id = hex(&Hash::of(&message).0);
            if kept.answered.contains(&id) {
                continue;
            }
            // Working a request out takes a moment, so it is done once.
            let Some(open) = app.remember_request(&id, || kept.invitation.open_request(&message))
            else {
                continue;
            };
            let kept =
                Kept { invitation: kept.invitation.clone(), answered: kept.answered.clone() };
            found.push(Asked { kept, id, message, open });
        }
    }
    Ok(found)
}

/// Those who want to join.
pub fn requests(app: &mut App, book: &BookId) -> Result<Vec<JoinRequest>, Failure> {
    let asked = asked(app, book)?;
    let request = |asked: Asked| JoinRequest {
        id: asked.id,
        invitation: hex(&asked.kept.invitation.id),
        name: asked.open.request.name.clone(),
        label: asked.open.request.label.clone(),
        short: asked.open.request.device.short(),
        words: asked.open.compare_words.clone(),
        person: asked.kept.invitation.person,
        roles: roles(&asked.kept.invitation),
    };
    Ok(asked.into_iter().map(request).collect())
}

fn find_request(app: &mut App, book: &BookId, id: &str) -> Result<Asked, Failure> {
    let found = asked(app, book)?.into_iter().find(|asked| asked.id == id);
    found.ok_or_else(|| {
        Failure::new(Code::NotFound, "There is no such request any more.")
            .hint("Perhaps it was answered, or its invitation has ended.")
    })
}

/// Lets somebody in: their device, their roles, their person record, the keys; and tells them.
pub fn confirm(app: &mut App, book: &BookId, id: &str) -> Result<(), Failure> {
    let mut asked = find_request(app, book, id)?;
    let address = asked.kept.invitation.folder.clone();
    let place = app.place(&Address::parse(&address)?)?;
    let request = &asked.open.request;
    let device = request.device;
    // The same person for the same device, should this be done twice.
    let fresh = from_purpose(book, &format!("person/of-device/{device}"));
    let person = asked.kept.invitation.person.unwrap_or(fresh);
    let mut statements = vec![Statement::Device {
        person,
        device,
        sealing: request.sealing,
        log: LogId::of(&device, book, &request.nonce),
        label: request.label.clone(),
        recovery: false,
    }];
    if asked.kept.invitation.person.is_none() {
        statements.extend(roles(&asked.kept.invitation).into_iter().map(|role| {
            let (from, to, basis, decision) = (None, None, Basis::Decision, None);
            Statement::Grant { person, role, from, to, basis, decision }
        }));
    }
    let name = match asked.kept.invitation.name.as_str() {
        "" => request.name.clone(),
        name => name.to_owned(),
    };
    people::say(app, book, statements)?;
    if app.reader().authority(book)?.state().active(&device).is_none() {
        let what = "This device of somebody who is here already needs more signatures.";
        return Err(Failure::new(Code::NotAllowed, what)
            .hint("The others in leadership must let it in too; then confirm again."));
    }
    write_person(app, book, person, &name)?;
    sync::sync(app, Some(*book), &address, &mut unheard)?;
    let name = sync::name_of(app.reader(), book)?;
    let name = name.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect();
    let welcome = Welcome::Accepted { book: *book, name };
    let mut shelf = room_in(&place, &asked.kept.invitation)?;
    if place.by_topic() {
        // Who joins has no key to the room of the book yet.
        exchange::lay_keys(&mut Lent(app), shelf.as_mut(), book)?;
    }
    answer(shelf.as_mut(), &asked, &welcome)?;
    meeting(shelf.as_mut(), &asked.kept.invitation).remove_offer()?;
    asked.kept.invitation.used = true;
    asked.kept.answered.push(asked.id);
    keep(app, &asked.kept)
}

fn write_person(app: &mut App, book: &BookId, person: RecordId, name: &str) -> Result<(), Failure> {
    if app.reader().record(book, Kind::Person, &person)?.is_some() {
        return Ok(());
    }
    let fields = json!({"public_name": name});
    let fields = fields.as_object().cloned().unwrap_or_default();
    let judged = (Kind::Person.info().judge)(&fields);
    let acts = acts(app, book, Kind::Person, person, &judged, fields)?;
    let (kind, id) = (Kind::Person.name().to_owned(), Some(person.to_string()));
    let change = Change { book: *book, kind, id, source: "local".into() };
    match app.write(book, &acts, change, &mut |_| true) {
        // Who adds a device of their own need not be one who may write others' records.
        Err(failure) if failure.code == Code::NotAllowed => Ok(()),
        other => other,
    }
}

fn answer(shelf: &mut dyn Shelf, asked: &Asked, welcome: &Welcome) -> Result<(), Failure> {
    let message = asked.kept.invitation.welcome(&asked.open, welcome);
    let message = message.ok_or_else(|| {
        Failure::new(Code::Internal, "The answer to the request could not be written.")
    })?;
    Ok(meeting(shelf, &asked.kept.invitation).put_welcome(&asked.message, &message)?)
}

/// Turns somebody away; the invitation stays open.
pub fn refuse(app: &mut App, book: &BookId, id: &str) -> Result<(), Failure> {
    let mut asked = find_request(app, book, id)?;
    let mut shelf = room_of(app, &asked.kept.invitation)?;
    let reason = "Whoever invited you did not confirm this device.".to_owned();
    answer(shelf.as_mut(), &asked, &Welcome::Refused { reason })?;
    asked.kept.answered.push(asked.id);
    keep(app, &asked.kept)
}
