//! Exchange of signed objects between devices. The engine decides what to fetch and what to hand
//! over from two lists; transports only list, read and write bytes and may lie, repeat or forget.
//!
//! Nothing leaves in the clear: bundles of objects are sealed under a key of the book, and that key
//! lies beside them sealed to the devices that belong (`sealing.rs`). How a device comes to belong
//! is in `joining.rs`.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

pub mod bundle;
pub mod engine;
pub mod joining;
pub mod sealing;
pub mod shelf;
pub mod transport;
