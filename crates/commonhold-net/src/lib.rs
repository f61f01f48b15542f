//! Every way to exchange that opens a connection: a bucket, a relay, a peer. Each of them comes
//! down to a shelf (`commonhold_sync::shelf`); what is on it is sealed and need not be trusted.
//! Nothing else in the product opens a connection.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

pub mod bucket;
pub mod peer;
pub mod relay;
#[allow(dead_code)]
mod runtime;
