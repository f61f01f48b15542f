//! Who belongs, what is decided and how, and what was taken back.

pub mod ballot;
pub mod contact;
pub mod decision;
pub mod interest;
pub mod intervention;
pub mod person;
pub mod proposal;
pub mod rule;
pub mod tally;
pub mod withdrawal;
