//! What the service is.

pub mod drill;
pub mod firing;
pub mod interface;
pub mod item;
pub mod phase;
pub mod plan;
pub mod scenario;
pub mod service;
