//! Exchange of signed objects between devices. The engine decides what to fetch and what to hand
//! over from two lists; transports only list, read and write bytes and may lie, repeat or forget.
//!
//! Objects are signed but not yet sealed: whoever can read the folder can read the book. Keys and
//! sealing have their place here and come with the authority set.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

pub mod bundle;
pub mod engine;
pub mod transport;
