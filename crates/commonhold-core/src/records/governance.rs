//! Who belongs, what is decided and how, and what was taken back.

pub mod attestation;
pub mod ballot;
pub mod contact;
pub mod contribution;
pub mod decision;
pub mod disclosure;
pub mod interest;
pub mod intervention;
pub mod manifesto;
pub mod meeting;
pub mod pairing;
pub mod person;
pub mod proposal;
pub mod reaffirmation;
pub mod rule;
pub mod session;
pub mod signature;
pub mod tally;
pub mod venue;
pub mod withdrawal;
