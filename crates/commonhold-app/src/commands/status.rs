//! What this device has, and of whom.

use super::attachments::{self, AttachmentTotals};
use super::count;
use super::remotes;
use super::trust::{self, RejectedObject};
use crate::failure::Failure;
use commonhold_core::BookId;
use commonhold_core::id::hex;
use commonhold_core::store::{LogInfo, Reader};
use commonhold_core::{Device, Kind, Time};
use commonhold_sync::exchange::{self, Receipt};
use serde::Serialize;
use std::collections::BTreeMap;

/// One device's log, as this device has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct DeviceStatus {
    /// The device, short.
    pub short: String,
    /// Whether it is this one.
    pub own: bool,
    /// How many of its objects are here.
    pub objects: u32,
    /// When it wrote the newest of them, as it says.
    pub last: Option<String>,
    /// Whose it is, by their public name; nothing where that is not known.
    pub person: Option<String>,
    /// What its person calls it.
    pub label: Option<String>,
    /// Whether it belongs now; one that was removed is shown because of what it wrote.
    pub active: bool,
    /// Whether it is a recovery sheet, which writes only when it is needed.
    pub recovery: bool,
    /// What it was heard to have; nothing for this device and for those never heard of.
    pub seen: Option<Seen>,
}

/// What another device was heard to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Seen {
    /// When it said so (RFC 3339).
    pub heard: String,
    /// How many of the objects here it had not.
    pub missing: u32,
    /// The moment up to which it has everything that is here (RFC 3339); nothing when it has all.
    pub until: Option<String>,
    /// Whether it was told something else than this device at the same place of somebody's log.
    pub differs: bool,
}

/// What this device has of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Status {
    /// Equal on devices that have the same objects, and so the same records.
    pub fingerprint: String,
    /// Signed objects here.
    pub objects: u32,
    /// Those this device wrote.
    pub own_objects: u32,
    /// Those this device wrote that were handed over nowhere yet.
    pub unsent: u32,
    /// Documents of the book.
    pub documents: u32,
    /// Every device that wrote to the book.
    pub devices: Vec<DeviceStatus>,
    /// Attachments: how many are here, and how many are not.
    #[cfg_attr(test, ts(as = "Option<AttachmentTotals>", optional))]
    pub attachments: AttachmentTotals,
    /// Objects that were not taken in.
    #[cfg_attr(test, ts(type = "Array<import(\"./RejectedObject\").RejectedObject>"))]
    pub rejected: Vec<RejectedObject>,
}

/// Reads the status of a book.
pub fn status(reader: &Reader, book: &BookId) -> Result<Status, Failure> {
    let logs = reader.logs(book)?;
    let sum = |own_only: bool| {
        let wanted = logs.iter().filter(|log| log.own || !own_only);
        count(wanted.fold(0_u64, |sum, log| sum.saturating_add(log.count())))
    };
    Ok(Status {
        fingerprint: hex(&reader.heads_fingerprint(book)?.0),
        objects: sum(false),
        own_objects: sum(true),
        unsent: unsent(reader, book, &logs)?,
        documents: count(reader.documents(book)?.len()),
        devices: devices(reader, book, &logs)?,
        attachments: attachments::totals(reader, book)?,
        rejected: trust::rejected_objects(reader, book)?,
    })
}

/// Own objects that were handed over nowhere yet: those after the furthest any place was given.
fn unsent(reader: &Reader, book: &BookId, logs: &[LogInfo]) -> Result<u32, Failure> {
    let Some(own) = logs.iter().find(|log| log.own) else { return Ok(0) };
    let remotes = remotes::list(reader)?;
    let of_log = remotes.iter().filter_map(|remote| remote.handed.get(book));
    let handed = of_log.filter(|end| end.log == own.id.to_string()).map(|end| end.last).max();
    Ok(count(own.last.saturating_sub(handed.unwrap_or(0))))
}

/// Every device that belongs or belonged, and what is known of it.
fn devices(reader: &Reader, book: &BookId, logs: &[LogInfo]) -> Result<Vec<DeviceStatus>, Failure> {
    let authority = reader.authority(book)?;
    let mut names: BTreeMap<_, Option<String>> = BTreeMap::new();
    let receipts = exchange::receipts(reader, book)?;
    let own: Vec<Device> = logs.iter().filter(|log| log.own).map(|log| log.device).collect();
    let mut found = Vec::new();
    for (device, admitted) in authority.state().devices() {
        let of_device = || logs.iter().filter(|log| log.device == *device && log.last > 0);
        let active = authority.state().active(device).is_some();
        if !active && of_device().next().is_none() {
            continue;
        }
        let person = match names.get(&admitted.person) {
            Some(name) => name.clone(),
            None => {
                let record = reader.record(book, Kind::Person, &admitted.person)?;
                let name = record.and_then(|row| row.fields.get("public_name").cloned());
                let name = name.and_then(|name| name.as_str().map(str::to_owned));
                names.insert(admitted.person, name.clone());
                name
            }
        };
        let receipt = receipts.iter().find(|receipt| receipt.device == *device);
        let own = own.contains(device);
        found.push(DeviceStatus {
            short: device.short(),
            own,
            objects: count(of_device().fold(0_u64, |sum, log| sum.saturating_add(log.count()))),
            last: of_device().map(|log| log.last_time).max().map(|time| time.to_string()),
            person,
            active,
            recovery: admitted.recovery,
            label: Some(admitted.label.clone()).filter(|label| !label.is_empty()),
            seen: match receipt.filter(|_| !own) {
                Some(receipt) => Some(seen(reader, book, logs, receipt)?),
                None => None,
            },
        });
    }
    found.sort_by(|one, other| (!one.own, &other.last).cmp(&(!other.own, &one.last)));
    Ok(found)
}

/// What a receipt says, compared with what is here.
fn seen(
    reader: &Reader,
    book: &BookId,
    logs: &[LogInfo],
    receipt: &Receipt,
) -> Result<Seen, Failure> {
    let (mut missing, mut until, mut differs) = (0_u64, None::<Time>, false);
    for log in logs {
        let there = receipt.heads.iter().find(|(id, _, _)| *id == log.id);
        let last = there.map_or(log.first.saturating_sub(1), |(_, last, _)| *last);
        if log.last > last {
            missing = missing.saturating_add(log.last.saturating_sub(last));
            let first = reader.first_after(book, &log.id, last)?;
            until = match (until, first) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        if let Some((id, last, hash)) = there {
            let here = reader.object_hash(book, id, *last)?;
            differs |= here.is_some_and(|here| here != *hash);
        }
    }
    Ok(Seen {
        heard: receipt.time.to_string(),
        missing: count(missing),
        until: until.map(|time| time.to_string()),
        differs,
    })
}
