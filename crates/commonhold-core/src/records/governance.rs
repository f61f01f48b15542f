//! Who belongs, and what was taken back.

pub mod person;
pub mod withdrawal;
