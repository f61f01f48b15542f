//! What the service is.

pub mod service;
