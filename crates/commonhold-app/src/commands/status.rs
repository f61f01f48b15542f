//! What this device has, and of whom.

use super::count;
use super::trust::{self, RejectedObject};
use crate::failure::Failure;
use commonhold_core::BookId;
use commonhold_core::id::hex;
use commonhold_core::store::Reader;
use serde::Serialize;

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
}

/// What this device has of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Status {
    /// Equal on devices with equal records.
    pub fingerprint: String,
    /// Signed objects here.
    pub objects: u32,
    /// Those this device wrote.
    pub own_objects: u32,
    /// Documents of the book.
    pub documents: u32,
    /// Every device that wrote to the book.
    pub devices: Vec<DeviceStatus>,
    /// Objects that were not taken in.
    #[cfg_attr(test, ts(type = "Array<import(\"./RejectedObject\").RejectedObject>"))]
    pub rejected: Vec<RejectedObject>,
}

/// Reads the status of a book.
pub fn status(reader: &Reader, book: &BookId) -> Result<Status, Failure> {
    let logs = reader.logs(book)?;
    let sum = |own_only: bool| {
        let wanted = logs.iter().filter(|log| log.own || !own_only);
        count(wanted.fold(0_u64, |sum, log| sum.saturating_add(log.last)))
    };
    let devices = logs
        .iter()
        .filter(|log| log.last > 0)
        .map(|log| DeviceStatus {
            short: log.device.short(),
            own: log.own,
            objects: count(log.last),
            last: Some(log.last_time.to_string()),
        })
        .collect();
    Ok(Status {
        fingerprint: hex(&reader.fingerprint(book)?.0),
        objects: sum(false),
        own_objects: sum(true),
        documents: count(reader.documents(book)?.len()),
        devices,
        rejected: trust::rejected_objects(reader, book)?,
    })
}
