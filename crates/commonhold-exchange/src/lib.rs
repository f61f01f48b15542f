//! Import of others' formats, and the archive that opens without this program in thirty years.

pub mod archive;
pub mod import;
