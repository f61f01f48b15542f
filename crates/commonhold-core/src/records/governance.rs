//! Who belongs, and what was taken back.

pub mod ballot;
pub mod contact;
pub mod person;
pub mod withdrawal;
