//! The numbers of operations, worked out by hand.

mod deploys;
mod incidents;
mod standing;

use crate::date::{Date, Time};
use crate::id::RecordId;
use crate::reports::Records;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A moment written `2026-05-02 01:10`.
fn moment(text: &str) -> Time {
    format!("{}:00Z", text.replace(' ', "T")).parse().unwrap()
}

fn id(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

/// Records from their JSON, numbered from 1; each must be sound.
fn records<R: DeserializeOwned + crate::record::Record>(values: &[Value]) -> Records<R> {
    let numbered = values.iter().zip(1..);
    numbered
        .map(|(value, number)| {
            let record: R = serde_json::from_value(value.clone()).unwrap();
            let mut problems = Vec::new();
            record.check(&mut problems);
            assert_eq!(problems, [], "{value}");
            (id(number), record)
        })
        .collect()
}
