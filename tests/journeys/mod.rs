//! What the command line promises to scripts, and the way of a new person through it.

mod contract;
mod walk;
