//! A relay: it stores sealed files it cannot read and hands them on. It knows no books and no
//! people, only topics: public keys whose private halves sign every request. `docs/RELAY.md` says
//! how to run one and what it speaks.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

mod address;
mod answer;
mod api;
mod away;
pub mod clock;
mod connection;
mod hub;
mod io;
mod metrics;
mod names;
pub mod options;
mod serve;
pub mod shelf;
mod sign;
mod store;
mod tls;

pub use serve::{Running, start};
