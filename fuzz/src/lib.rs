//! What the targets have in common: taking fuzzed bytes apart, repairing the checksums and
//! signatures that would otherwise end every run at the first check, and a small service to write to.

pub mod book;
pub mod bytes;
pub mod calm;
pub mod change;
pub mod import;
pub mod object;

pub use bytes::{Bytes, Layout};
pub use calm::calm;
