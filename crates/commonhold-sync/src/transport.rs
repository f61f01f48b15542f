//! Ways objects travel.

pub mod folder;
