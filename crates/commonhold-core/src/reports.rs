//! Reports: derived from the records at every call, never stored. Each says its formula.

pub mod finance;
pub mod governance;
pub mod operations;
