//! The pages. Each module writes some; `assemble.rs` calls them.

pub mod about;
pub mod accounts;
pub mod decisions;
pub mod framework;
pub mod front;
pub mod knowledge;
pub mod ledger;
pub mod money;
pub mod operations;
pub mod people;

/// A page: its path inside the language's folder, and the whole text.
pub type Written = (String, String);
