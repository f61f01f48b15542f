//! What all pages share.

pub mod chart;
pub mod layout;
pub mod markdown;

pub use layout::{Leaf, Words};

/// The one style sheet.
pub const STYLE: &str = include_str!("html/style.css");
