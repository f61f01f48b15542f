//! Inviting: the inviter's side of joining. What is said over the shared folder is in
//! `commonhold_sync::joining`; here is what is kept, shown, and written once somebody is confirmed.

mod requests;

pub use requests::{JoinRequest, confirm, refuse, requests};

use super::people;
use super::sync;
use crate::app::App;
use crate::failure::{Code, Failure};
use crate::places::{Address, Place};
use crate::profile::random;
use commonhold_core::authority::Role;
use commonhold_core::id::{BookId, hex};
use commonhold_core::keys::words;
use commonhold_core::{RecordId, Time};
pub use commonhold_sync::joining::qr_terminal;
use commonhold_sync::joining::{Invitation, MAX_TEXT, meeting_secret, qr_svg};
use commonhold_sync::meeting::Meeting;
use commonhold_sync::shelf::{Room, Shelf};
use serde::{Deserialize, Serialize};
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
    place.shelf(&Room::Meeting(invitation.id, secret))
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
