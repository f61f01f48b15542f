//! Joining: the joiner's side. Between asking and being let in may lie days, so what is needed is
//! kept, and the folder is looked into whenever somebody asks.

use super::sync;
use crate::app::{App, Lent};
use crate::events::OnProgress;
use crate::failure::{Code, Failure};
use crate::places::{Address, Place};
use crate::profile::random;
use commonhold_core::id::{BookId, hex, unhex};
use commonhold_core::keys::words;
use commonhold_core::{Problem, Time};
use commonhold_sync::exchange;
use commonhold_sync::joining::{Joining, Offer, Request, Ticket, Welcome, meeting_secret};
use commonhold_sync::meeting::{InvitationId, Meeting};
use commonhold_sync::shelf::{Room, Shelf};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Most open offers that six words are tried on.
const MAX_OFFERS: usize = 20;
/// Most offers looked at.
const MAX_SEEN: usize = 100;

/// How far joining is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct JoinState {
    /// Names it.
    pub id: String,
    /// waiting, joined, refused or expired.
    #[cfg_attr(test, ts(type = "\"waiting\" | \"joined\" | \"refused\" | \"expired\""))]
    pub state: &'static str,
    /// Three words that must be the same on both screens.
    pub words: String,
    /// The service, as far as the invitation or the answer says.
    pub service: Option<String>,
    /// The shared folder.
    pub folder: String,
    /// Why it was refused.
    pub reason: Option<String>,
    /// The book, once it is joined.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub book: Option<BookId>,
}

/// What is kept of an attempt to join. With six words alone it cannot be seen which of several
/// open offers they fit, so all are answered.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: String,
    folder: String,
    service: Option<String>,
    expires: i64,
    attempts: Vec<Joining>,
    outcome: Outcome,
    /// The words, or the digits of a ticket: they open the room to meet in.
    secret: String,
}

#[derive(Clone, Serialize, Deserialize)]
enum Outcome {
    Waiting,
    Joined(BookId),
    Refused(String),
}

fn keep(app: &mut App, kept: &Kept) -> Result<(), Failure> {
    let bytes = serde_json::to_vec(kept).unwrap_or_default();
    Ok(app.store()?.set_setting(&format!("joining/{}", kept.id), &bytes)?)
}

fn view(kept: &Kept, now: Time) -> JoinState {
    let (state, reason, book) = match &kept.outcome {
        Outcome::Joined(book) => ("joined", None, Some(*book)),
        Outcome::Refused(why) => ("refused", Some(why.clone()), None),
        Outcome::Waiting if kept.expires < now.0 => ("expired", None, None),
        Outcome::Waiting => ("waiting", None, None),
    };
    // Several offers have words each; the other side shows those of one of them.
    let words: Vec<String> = kept.attempts.iter().map(Joining::compare_words).collect();
    JoinState {
        id: kept.id.clone(),
        state,
        words: words.join(" / "),
        service: kept.service.clone(),
        folder: kept.folder.clone(),
        reason,
        book,
    }
}

fn room(place: &Place, id: InvitationId, secret: &str) -> Result<Box<dyn Shelf>, Failure> {
    let secret = meeting_secret(secret).map_err(|why| Failure::new(Code::Invalid, why))?;
    place.shelf(&Room::Meeting(id, secret))
}

/// Offers that lie in a place: where rooms are told apart by names, all of them; else the one in
/// the room the secret opens.
fn offers(place: &Place, secret: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let Some(mut root) = place.root() else {
        let mut shelf = room(place, [0; 16], secret)?;
        return Ok(Meeting::new(shelf.as_mut(), None).offer()?.into_iter().collect());
    };
    let mut items = root.list("joining/")?;
    items.sort();
    let ids = items.iter().filter_map(|item| {
        let id = item.name.strip_prefix("joining/")?.strip_suffix("/offer")?;
        InvitationId::try_from(unhex(id)?).ok()
    });
    let mut found = Vec::new();
    for id in ids.take(MAX_SEEN) {
        let mut shelf = room(place, id, secret)?;
        found.extend(Meeting::new(shelf.as_mut(), Some(id)).offer()?);
    }
    Ok(found)
}

/// Asks to join by an invitation: six words, its text, or `file:` and the path of its file.
pub fn start(
    app: &mut App,
    address: &str,
    invitation: &str,
    name: &str,
    label: &str,
) -> Result<JoinState, Failure> {
    let field = |name: &str, message: String| Failure::invalid(vec![Problem::new(name, message)]);
    let text = read_invitation(invitation.trim())?;
    let ticket = match text.to_uppercase().contains("COMMONHOLD1:") {
        true => Some(Ticket::parse(&text).map_err(|why| field("invitation", why))?),
        false => None,
    };
    let secret = match &ticket {
        Some(_) => String::new(),
        None => words::normal(&text).map_err(|why| field("invitation", why))?,
    };
    let meet = ticket.as_ref().map_or_else(|| secret.clone(), Ticket::secret);
    let now = app.now();
    let address = Address::parse(address)?;
    let place = app.place(&address)?;
    let mut offers = Vec::new();
    for bytes in self::offers(&place, &meet)? {
        let Ok(offer) = Offer::read(&bytes) else { continue };
        if ticket.as_ref().is_none_or(|ticket| ticket.id == offer.id) && offer.expires >= now.0 {
            offers.push((offer, bytes));
        }
    }
    offers.truncate(MAX_OFFERS);
    if offers.is_empty() {
        let what = format!("No open invitation lies in {address} yet.");
        return Err(field("folder", what)
            .hint("Choose the folder you share, and wait until it has arrived on this computer."));
    }
    let identity = app.store()?.identity();
    let request = Request {
        device: identity.device(),
        sealing: identity.keys().sealing(),
        nonce: identity.nonce(),
        name: name.trim().to_owned(),
        label: label.trim().to_owned(),
    };
    let keys = identity.keys().clone();
    let mut kept = Kept {
        id: hex(&random::<16>(app.world())?),
        folder: address.to_string(),
        service: ticket.as_ref().map(|ticket| ticket.name.clone()),
        expires: offers.iter().map(|(offer, _)| offer.expires).max().unwrap_or(now.0),
        attempts: Vec::new(),
        outcome: Outcome::Waiting,
        secret: meet,
    };
    for (offer, bytes) in &offers {
        let random = random(app.world())?;
        let begun = Joining::begin(bytes, &secret, ticket.as_ref(), &request, &keys, random);
        let (attempt, message) = begun.map_err(|why| field("name", why))?;
        let mut shelf = room(&place, offer.id, &kept.secret)?;
        Meeting::new(shelf.as_mut(), Some(offer.id)).put_request(&message)?;
        kept.attempts.push(attempt);
    }
    keep(app, &kept)?;
    Ok(view(&kept, now))
}

fn all(app: &App) -> Result<Vec<Kept>, Failure> {
    let settings = app.reader().settings("joining/")?;
    Ok(settings.iter().filter_map(|(_, bytes)| serde_json::from_slice(bytes).ok()).collect())
}

/// Attempts to join, as long as they were not put away.
pub fn list(app: &mut App) -> Result<Vec<JoinState>, Failure> {
    let now = app.now();
    Ok(all(app)?.iter().map(|kept| view(kept, now)).collect())
}

fn find(app: &App, id: &str) -> Result<Kept, Failure> {
    let found = all(app)?.into_iter().find(|kept| kept.id == id);
    found.ok_or_else(|| Failure::new(Code::NotFound, "There is no such attempt to join."))
}

/// Looks once whether there is an answer; takes the service over if it says yes.
pub fn check(app: &mut App, id: &str, on: OnProgress<'_>) -> Result<JoinState, Failure> {
    let mut kept = find(app, id)?;
    let now = app.now();
    if !matches!(kept.outcome, Outcome::Waiting) {
        return Ok(view(&kept, now));
    }
    let place = app.place(&Address::parse(&kept.folder)?)?;
    let mut refused = Vec::new();
    let mut accepted = None;
    for attempt in &kept.attempts {
        let mut shelf = room(&place, attempt.id(), &kept.secret)?;
        let welcome = Meeting::new(shelf.as_mut(), Some(attempt.id())).welcome(attempt.message());
        let Some(message) = welcome? else { continue };
        match attempt.welcome(&message) {
            Ok(Welcome::Accepted { book, name }) => accepted = Some((book, name, shelf)),
            Ok(Welcome::Refused { reason }) => refused.push(reason),
            // Anybody can lay something down here; only what opens is an answer.
            Err(_) => {}
        }
    }
    if let Some((book, name, mut shelf)) = accepted {
        app.store()?.expect(&book)?;
        if place.by_topic() {
            exchange::learn_keys(&mut Lent(app), shelf.as_mut(), &book)?;
        }
        let address = kept.folder.clone();
        sync::sync(app, Some(book), &address, on)?;
        if app.reader().genesis(&book)?.is_none() {
            // The folder has not brought everything yet: look again later.
            return Ok(view(&kept, now));
        }
        kept.service = Some(name);
        kept.outcome = Outcome::Joined(book);
        keep(app, &kept)?;
    } else if !refused.is_empty() && refused.len() == kept.attempts.len() {
        kept.outcome = Outcome::Refused(refused.swap_remove(0));
        keep(app, &kept)?;
    }
    Ok(view(&kept, now))
}

/// Puts an attempt away.
pub fn cancel(app: &mut App, id: &str) -> Result<(), Failure> {
    let kept = find(app, id)?;
    Ok(app.store()?.remove_setting(&format!("joining/{}", kept.id))?)
}

/// An invitation as typed, pasted, or in a file named `file:<path>`.
fn read_invitation(text: &str) -> Result<String, Failure> {
    let Some(path) = text.strip_prefix("file:") else { return Ok(text.to_owned()) };
    let path = Path::new(path);
    let meta = std::fs::metadata(path).map_err(|error| Failure::file(path, &error))?;
    if meta.len() > 65_536 {
        let what = format!("{} is too large to be an invitation.", path.display());
        return Err(Failure::new(Code::Invalid, what));
    }
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(Code::Invalid, format!("{} is not an invitation.", path.display()))
    })
}
