//! Governance from end to end: votes over many devices, money that runs out in good order, how the
//! framework is kept. Each device is a profile of its own; they exchange through a shared folder.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
// It waits for threads.
#![allow(clippy::disallowed_methods)]

mod chance;
mod check;
mod closing;
mod elsewhere;
mod moves;
mod recount;
mod support;
mod votes;
mod watching;
