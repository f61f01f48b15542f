//! Reports of the area operations.

pub mod rotation;
