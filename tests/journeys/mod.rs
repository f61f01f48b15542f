//! What the command line promises to scripts, and the ways of people through it.

mod contract;
mod leaving;
mod paying;
mod walk;
