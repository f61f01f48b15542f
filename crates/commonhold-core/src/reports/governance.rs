//! Reports about what is decided, and how.

pub mod tally;
