//! Exchange of signed objects between devices, without any network of its own. An exchange
//! (`exchange.rs`) talks to a shelf (`shelf.rs`): files that can be listed, read, laid down and
//! taken away. The engine decides from two lists what to fetch and what to hand over. A shelf may
//! lie, repeat, forget or be gone.
//!
//! Nothing leaves in the clear: bundles of objects are sealed under a key of the book, and that key
//! lies beside them sealed to the devices that belong (`sealing.rs`). How a device comes to belong
//! is in `joining.rs`.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

pub mod attachments;
pub mod bundle;
pub mod engine;
pub mod exchange;
pub mod joining;
pub mod keep;
pub mod meeting;
pub mod offer;
pub mod sealing;
pub mod shelf;
pub mod transport;
