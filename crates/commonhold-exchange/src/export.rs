//! Files for others: orders for a bank, the books for accountants' programs and spreadsheets,
//! expenses for Open Collective, a payment for a command of the user's own, a calendar, sealed files
//! for secrets.
//!
//! Pure functions: records in, bytes out. Nothing here knows a store, a clock, a file or the
//! network, and nothing is sent: a person takes the file where it belongs. The same input gives
//! the same bytes.

pub mod age;
pub mod calendar;
pub mod hook;
pub mod ledger;
pub mod open_collective;
pub mod pain001;
