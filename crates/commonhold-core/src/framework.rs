//! The Open Services framework, as data: one module for each list of one version.

pub mod votes_v1;
