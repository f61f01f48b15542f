//! The rows of the table, in groups that can be chosen with `--only`.

mod disk;
mod fossil;
mod import;
mod peers;
mod read;
mod rest;
mod sync;

use crate::Failed;
use crate::place::Place;
use crate::table::{Table, Value};
use std::time::Duration;

/// A group of rows.
type Group = fn(&Place, &mut Table) -> Result<(), Failed>;

/// All groups, in the order they run.
pub const GROUPS: &[(&str, Group)] = &[
    ("import", import::import),
    ("open", read::open),
    ("reports", read::reports),
    ("add", read::add),
    ("verify", read::verify),
    ("search", read::search),
    ("list", read::list),
    ("sync", sync::two_devices),
    ("fresh", sync::fresh),
    ("rest", rest::at_rest),
    ("disk", disk::disk),
    ("archive", disk::archive),
];

/// A target in milliseconds.
fn at_most(milliseconds: u64) -> Value {
    Value::Time(Duration::from_millis(milliseconds))
}
