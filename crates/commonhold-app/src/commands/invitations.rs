//! Inviting: the inviter's side of joining. What is said over the shared folder is in
//! `commonhold_sync::joining`; here is what is kept, shown, and written once somebody is confirmed.

use super::people;
use super::records::acts;
use super::sync;
use crate::app::{App, Lent};
use crate::events::{Change, unheard};
use crate::failure::{Code, Failure};
use crate::places::{Address, Place};
use crate::profile::random;
use commonhold_core::authority::{Basis, Role, Statement};
use commonhold_core::id::{BookId, Hash, LogId, from_purpose, hex};
use commonhold_core::keys::words;
use commonhold_core::{Kind, RecordId, Time};
use commonhold_sync::exchange;
pub use commonhold_sync::joining::qr_terminal;
use commonhold_sync::joining::{
    Invitation, MAX_TEXT, OpenRequest, Welcome, meeting_secret, qr_svg,
};
use commonhold_sync::meeting::Meeting;
use commonhold_sync::shelf::{Room, Shelf};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::Path;

/// Longest an invitation is valid, in days.
const MAX_DAYS: u32 = 90;

/// An invitation, as its maker sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct InvitationView {
    /// Its number.
    pub id: String,
    /// open, used, revoked or expired.
    #[cfg_attr(test, ts(type = "\"open\" | \"used\" | \"revoked\" | \"expired\""))]
    pub state: &'static str,
    /// Who is invited.
    pub name: String,
    /// Whose further device it is for.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub person: Option<RecordId>,
    /// The roles they get.
    #[cfg_attr(test, ts(type = "Array<import(\"./Role\").Role>"))]
    pub roles: Vec<Role>,
    /// When it ends (RFC 3339).
    pub expires: String,
    /// The shared folder.
    pub folder: String,
    /// Six words to be read out; nothing once it is closed.
    pub words: Option<String>,
    /// The same as a text or file; empty once it is closed.
    pub text: String,
    /// The text as a picture; empty once it is closed.
    pub qr_svg: String,
}

/// What inviting asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewInvitation {
    /// Set for another device of this person.
    pub person: Option<RecordId>,
    /// Who is invited.
    pub name: String,
    /// The roles they get.
    pub roles: Vec<Role>,
    /// How many days it is valid.
    pub days: u32,
    /// The shared folder.
    pub folder: String,
}

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

/// What is kept of an invitation.
#[derive(Serialize, Deserialize)]
struct Kept {
    invitation: Invitation,
    /// Requests that were answered, by their names.
    answered: Vec<String>,
}

fn setting(id: &[u8; 16]) -> String {
    format!("invitation/{}", hex(id))
}

fn keep(app: &mut App, kept: &Kept) -> Result<(), Failure> {
    let bytes = serde_json::to_vec(kept).unwrap_or_default();
    Ok(app.store()?.set_setting(&setting(&kept.invitation.id), &bytes)?)
}

fn all(app: &App, book: &BookId) -> Result<Vec<Kept>, Failure> {
    let settings = app.reader().settings("invitation/")?;
    let kept = settings.iter().filter_map(|(_, bytes)| serde_json::from_slice(bytes).ok());
    Ok(kept.filter(|kept: &Kept| kept.invitation.book == *book).collect())
}

fn find(app: &App, book: &BookId, id: &str) -> Result<Kept, Failure> {
    let found = all(app, book)?.into_iter().find(|kept| hex(&kept.invitation.id) == id);
    found.ok_or_else(|| Failure::new(Code::NotFound, "There is no such invitation."))
}

fn state(invitation: &Invitation, now: Time) -> &'static str {
    match invitation {
        Invitation { revoked: true, .. } => "revoked",
        Invitation { used: true, .. } => "used",
        Invitation { expires, .. } if *expires < now.0 => "expired",
        _ => "open",
    }
}

fn view(app: &App, kept: &Kept, now: Time) -> Result<InvitationView, Failure> {
    let invitation = &kept.invitation;
    let state = state(invitation, now);
    let open = state == "open";
    let mut text = String::new();
    if open {
        let name = sync::name_of(app.reader(), &invitation.book)?;
        let folder = Address::parse(&invitation.folder)?.hint();
        let ticket = Invitation { folder, ..invitation.clone() }.ticket(&name);
        text = ticket.map_err(|why| Failure::new(Code::Internal, why))?.text();
    }
    Ok(InvitationView {
        id: hex(&invitation.id),
        state,
        name: invitation.name.clone(),
        person: invitation.person,
        roles: roles(invitation),
        expires: Time(invitation.expires).to_string(),
        folder: invitation.folder.clone(),
        words: open.then(|| invitation.secret.clone()),
        qr_svg: if open { qr_svg(&text).unwrap_or_default() } else { String::new() },
        text,
    })
}

fn roles(invitation: &Invitation) -> Vec<Role> {
    invitation.roles.iter().filter_map(|role| role.parse().ok()).collect()
}

/// Invites somebody, or another device of the person at this one.
pub fn create(
    app: &mut App,
    book: &BookId,
    new: &NewInvitation,
) -> Result<InvitationView, Failure> {
    let now = app.now();
    let writer = app.store()?.writer(book, now)?;
    if new.person != Some(writer.person) {
        people::require_decider(app, book)?;
    }
    check(new)?;
    let address = Address::parse(&new.folder)?;
    let place = app.place(&address)?;
    let milliseconds = i64::from(new.days).saturating_mul(86_400_000);
    let invitation = Invitation {
        id: random(app.world())?,
        book: *book,
        secret: words::six(random(app.world())?),
        seed: random(app.world())?,
        inviter: app.store()?.device(),
        person: new.person,
        name: new.name.trim().to_owned(),
        roles: new.roles.iter().map(|role| role.name().to_owned()).collect(),
        expires: now.0.saturating_add(milliseconds),
        folder: address.to_string(),
        used: false,
        revoked: false,
    };
    let kept = Kept { invitation, answered: Vec::new() };
    keep(app, &kept)?;
    let mut shelf = room_in(&place, &kept.invitation)?;
    meeting(shelf.as_mut(), &kept.invitation).put_offer(&kept.invitation.offer())?;
    view(app, &kept, now)
}

/// Where the two sides of an invitation meet, in a place.
fn room_in(place: &Place, invitation: &Invitation) -> Result<Box<dyn Shelf>, Failure> {
    let secret = meeting_secret(&invitation.secret);
    let secret = secret.map_err(|why| Failure::new(Code::Internal, why))?;
    Ok(place.shelf(&Room::Meeting(invitation.id, secret)))
}

/// The same, in the place the invitation was made for.
fn room_of(app: &mut App, invitation: &Invitation) -> Result<Box<dyn Shelf>, Failure> {
    let place = app.place(&Address::parse(&invitation.folder)?)?;
    room_in(&place, invitation)
}

fn meeting<'a>(shelf: &'a mut dyn Shelf, invitation: &Invitation) -> Meeting<'a> {
    Meeting::new(shelf, Some(invitation.id))
}

fn check(new: &NewInvitation) -> Result<(), Failure> {
    let field = |name: &str, message: &str| {
        Err(Failure::invalid(vec![commonhold_core::Problem::new(name, message)]))
    };
    if new.name.trim().is_empty() && new.person.is_none() {
        return field("name", "Say who is invited.");
    }
    if new.name.chars().count() > MAX_TEXT || new.name.chars().any(char::is_control) {
        return field("name", "The name is too long or has odd characters.");
    }
    if !(1..=MAX_DAYS).contains(&new.days) {
        return field("days", "An invitation is valid for 1 to 90 days.");
    }
    if new.person.is_none() && new.roles.is_empty() {
        return field("roles", "Choose at least one role.");
    }
    if new.folder.trim().is_empty() {
        return field("folder", "Choose the shared folder both of you can reach.");
    }
    Ok(())
}

/// Invitations made here, the open ones first.
pub fn list(app: &mut App, book: &BookId) -> Result<Vec<InvitationView>, Failure> {
    let now = app.now();
    let mut views = Vec::new();
    for kept in all(app, book)? {
        views.push(view(app, &kept, now)?);
    }
    views.sort_by_key(|view| (view.state != "open", std::cmp::Reverse(view.expires.clone())));
    Ok(views)
}

/// Calls an invitation back.
pub fn revoke(app: &mut App, book: &BookId, id: &str) -> Result<(), Failure> {
    let mut kept = find(app, book, id)?;
    kept.invitation.revoked = true;
    keep(app, &kept)?;
    if let Ok(mut shelf) = room_of(app, &kept.invitation) {
        // Nobody answers to it any more, wherever it still lies.
        let _ = meeting(shelf.as_mut(), &kept.invitation).remove_offer();
    }
    Ok(())
}

/// Writes an open invitation to a file.
pub fn save(app: &mut App, book: &BookId, id: &str, path: &Path) -> Result<(), Failure> {
    let now = app.now();
    let view = view(app, &find(app, book, id)?, now)?;
    if view.state != "open" {
        return Err(Failure::new(Code::Invalid, "This invitation is not open any more."));
    }
    std::fs::write(path, format!("{}\n", view.text)).map_err(|error| Failure::file(path, &error))
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
