//! Area operations: keeping the service running.

pub mod secret;
