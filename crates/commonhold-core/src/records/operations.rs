//! Area operations: keeping the service running.

pub mod action;
pub mod availability;
pub mod change;
pub mod component;
pub mod continuity;
pub mod deploy;
pub mod incident;
pub mod incident_line;
pub mod measurement;
pub mod review;
pub mod sealed_value;
pub mod secret;
#[cfg(test)]
mod tests;
