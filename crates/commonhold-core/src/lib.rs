//! The record of an open service: values, record kinds, documents, the store and the reports.
//!
//! This crate has no clock, randomness, network, thread or async runtime: whoever calls it passes
//! the time and the random bytes in. That makes it deterministic, so that it can be simulated.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

pub mod attachment;
pub mod authority;
pub mod date;
pub mod document;
pub mod framework;
pub mod iban;
pub mod id;
pub mod json;
pub mod keyring;
pub mod keys;
pub mod money;
pub mod object;
pub mod packed;
pub mod problem;
pub mod projection;
pub mod record;
pub mod records;
pub mod reports;
pub mod store;
pub mod table;

pub use date::{Date, Month, Time};
pub use iban::{Bic, Iban};
pub use id::{BookId, Device, RecordId};
pub use money::{Currency, Money};
pub use problem::Problem;
pub use records::Kind;
