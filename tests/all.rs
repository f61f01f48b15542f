//! Every test of the whole, in one program: `cargo test -p commonhold-tests --test all WORD`.

// Tests wait for real processes, so they ask the clock.
#![allow(clippy::disallowed_methods)]

mod crash;
mod decisions;
mod exchange;
mod hostile;
mod journeys;
mod merge;
mod records;
mod reports;
mod roles;
mod support;
mod tidy;
mod ways;
mod window;
