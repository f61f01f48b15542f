//! Who belongs, and what was taken back.

pub mod attestation;
pub mod ballot;
pub mod contact;
pub mod contribution;
pub mod disclosure;
pub mod meeting;
pub mod person;
pub mod reaffirmation;
pub mod withdrawal;
