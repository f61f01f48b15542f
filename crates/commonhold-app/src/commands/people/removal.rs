//! Removing somebody, with what follows from it shown before.

use super::team::{DeviceView, team};
use super::{Signed, count, decides, name_of, say};
use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::RecordId;
use commonhold_core::authority::{Role, Statement};
use commonhold_core::id::{BookId, Device};
use commonhold_core::reports::operations::rotation as report;
use commonhold_core::store::Reader;
use serde::Serialize;

/// A secret somebody who leaves holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SecretLine {
    /// The secret's record.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub label: String,
    /// The system it opens.
    pub system: String,
    /// How much harm it does in wrong hands, 1 to 5.
    #[cfg_attr(test, ts(type = "number"))]
    pub blast_radius: i64,
    /// Whether nobody who stays holds it.
    pub sole: bool,
    /// Names of holders who stay.
    pub holders: Vec<String>,
}

/// Secrets to be changed, and the little of the register that is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Rotation {
    /// Secrets a removed person held that were not changed since.
    pub items: Vec<SecretLine>,
    /// How many secrets there are.
    pub public_total: u32,
    /// How many are held by fewer than two who belong.
    pub public_single_holder: u32,
    /// The day the one was changed that was not changed for longest.
    pub public_oldest_rotation: Option<String>,
}

/// What removing somebody does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RemovalPreview {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// The devices that go.
    pub devices: Vec<DeviceView>,
    /// The roles that end.
    #[cfg_attr(test, ts(type = "Array<import(\"./Role\").Role>"))]
    pub roles: Vec<Role>,
    /// Whether this one signature is enough.
    pub in_force: bool,
    /// Signatures with this one.
    pub votes: u32,
    /// How many it takes.
    pub needed: u32,
    /// Names of those who signed already.
    pub voters: Vec<String>,
    /// Secrets that must be changed then.
    pub secrets: Vec<SecretLine>,
    /// How many of them nobody else holds.
    pub sole_secrets: u32,
    /// When the newest thing of theirs was written, as they say.
    pub last_seen: Option<String>,
    /// Whether it is the person at this device.
    #[serde(rename = "self")]
    pub self_: bool,
    /// Whether nobody is left in leadership.
    pub leaves_no_leader: bool,
}

fn lines(
    reader: &Reader,
    book: &BookId,
    items: Vec<report::ToRotate>,
) -> Result<Vec<SecretLine>, Failure> {
    let line = |item: report::ToRotate| {
        let holders = item.remaining.iter().map(|holder| name_of(reader, book, *holder));
        Ok(SecretLine {
            id: item.id,
            label: item.secret.label,
            system: item.secret.system,
            blast_radius: item.secret.blast_radius,
            sole: item.sole,
            holders: holders.collect::<Result<_, Failure>>()?,
        })
    };
    items.into_iter().map(line).collect()
}

/// Secrets to be changed since somebody left.
pub fn rotation(reader: &Reader, book: &BookId) -> Result<Rotation, Failure> {
    let found = report::rotation(reader, book, None)?;
    Ok(Rotation {
        public_total: count(found.total),
        public_single_holder: count(found.single_holder),
        public_oldest_rotation: found.oldest.map(|day| day.to_string()),
        items: lines(reader, book, found.items)?,
    })
}

/// What removing somebody, or one device of theirs, would do.
pub fn preview(
    app: &mut App,
    book: &BookId,
    person: RecordId,
    device: Option<Device>,
) -> Result<RemovalPreview, Failure> {
    let today = app.today();
    let team = team(app, book)?;
    let Some(member) = team.members.into_iter().find(|member| member.person == person) else {
        return Err(Failure::new(Code::NotFound, "This person never belonged to the service."));
    };
    let reader = app.reader();
    let authority = reader.authority(book)?;
    let state = authority.state();
    let goes = |view: &DeviceView| {
        view.standing == super::Standing::Active
            && device.is_none_or(|device| device.to_string() == view.device)
    };
    let devices: Vec<DeviceView> = member.devices.into_iter().filter(goes).collect();
    let all = state.devices().filter(|(d, a)| a.person == person && state.active(d).is_some());
    let whole = devices.len() == all.count();
    let self_ = team.me == Some(person);
    let so_far = state.removal_so_far(person, device);
    let mine = team.me.is_some_and(|me| so_far.votes.contains_key(&me));
    let votes = so_far.votes.len().saturating_add(usize::from(!mine));
    let needed = if self_ { 1 } else { state.needed_to_remove(person, today) };
    let gone = whole.then_some((person, today));
    let mut secrets = Vec::new();
    if let Some(gone) = gone {
        let mut items = report::rotation(reader, book, Some(gone))?.items;
        items.retain(|item| item.secret.holders.contains(&person));
        secrets = lines(reader, book, items)?;
    }
    let roles: Vec<Role> = match whole {
        true => state.roles(person, today).into_iter().collect(),
        false => Vec::new(),
    };
    let leaders = state.deciders(today);
    let voters = so_far.votes.keys().map(|voter| name_of(reader, book, *voter));
    Ok(RemovalPreview {
        person,
        name: member.name,
        last_seen: devices.iter().filter_map(|device| device.last_seen.clone()).max(),
        leaves_no_leader: whole && leaders.len() == 1 && leaders.contains(&person),
        devices,
        roles,
        in_force: count(votes) >= needed,
        votes: count(votes),
        needed,
        voters: voters.collect::<Result<_, _>>()?,
        sole_secrets: count(secrets.iter().filter(|secret| secret.sole).count()),
        secrets,
        self_,
    })
}

/// Removes somebody, or one device of theirs; or signs for it where it takes several.
pub fn remove(
    app: &mut App,
    book: &BookId,
    person: RecordId,
    device: Option<Device>,
    reason: &str,
) -> Result<Signed, Failure> {
    let before = preview(app, book, person, device)?;
    if before.devices.is_empty() {
        return Err(Failure::new(Code::NotFound, "There is nobody and no device to remove here."));
    }
    if !before.self_ && !decides(app, book)? {
        return Err(Failure::new(Code::NotAllowed, "Only leadership can remove somebody else.")
            .hint("Ask somebody in leadership."));
    }
    let own = app.store()?.device();
    let reader = app.reader();
    let authority = reader.authority(book)?;
    let state = authority.state();
    let gone: Vec<Device> = match device {
        Some(device) => vec![device],
        None => state.devices().filter(|(_, a)| a.person == person).map(|(d, _)| *d).collect(),
    };
    let mut cuts = reader.cuts(book, &gone)?;
    cuts.truncate(100);
    if gone.contains(&own) {
        // The statement itself is the last thing this device says.
        let log = app.store()?.identity().log(book);
        for cut in cuts.iter_mut().filter(|cut| cut.log == log) {
            cut.seq = cut.seq.saturating_add(1);
        }
    }
    let reason = reason.trim().to_owned();
    say(app, book, vec![Statement::Remove { person, device, reason, cuts, decision: None }])?;
    let authority = app.reader().authority(book)?;
    let state = authority.state();
    let in_force = gone.iter().all(|device| state.active(device).is_none());
    let votes = count(state.removal_so_far(person, device).votes.len());
    Ok(Signed {
        in_force,
        votes: if in_force { before.votes } else { votes },
        needed: before.needed,
    })
}
