//! A book at rest: an exchange that finds nothing new.

use super::at_most;
use super::sync::{Relay, join, shared};
use crate::Failed;
use crate::place::Place;
use crate::table::{Row, Table, Value};
use std::time::Duration;

/// An exchange with nothing new, in a process that has been there before: through a folder and
/// through a relay. It must load no document.
pub fn at_rest(place: &Place, table: &mut Table) -> Result<(), Failed> {
    let size = place.size;
    let folder = shared(place, size, "rest")?.display().to_string();
    let (giver, home) = (place.at("giver-rest"), place.at("rest-taker"));
    let relay = Relay::start(place, "rest-relay")?;
    join(place, &giver, &home, &folder)?;
    for (through, name) in [(&folder, "a folder"), (&relay.address, "a relay")] {
        // Twice each: what the other says that it has is new the first time.
        for device in [&giver, &home, &giver, &home] {
            place.commonhold(device, &["sync", "--with", through])?;
        }
        let measured = place.warm(&home, "rest", std::slice::from_ref(through))?.0;
        let number = |name: &str| measured.get(name).and_then(serde_json::Value::as_u64);
        let [time, loaded, asked, bytes] = ["rest", "loaded", "asked", "bytes"].map(number);
        if loaded != Some(0) {
            return Err(format!("an exchange with nothing new loaded documents: {loaded:?}").into());
        }
        let what = format!(
            "a book of {size} at rest, through {name}: nothing new (0 documents loaded, {} requests, \
             {} bytes of files and names)",
            asked.unwrap_or(0),
            bytes.unwrap_or(0)
        );
        let time = Value::Time(Duration::from_micros(time.unwrap_or(0)));
        table.add(Row::new(what, time).target(at_most(50)));
    }
    Ok(())
}
