//! Reports about what is decided, and how.

pub mod absence;
pub mod tally;
