//! Import of others' formats, files for others, and the archive that opens without this program in
//! thirty years.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

pub mod archive;
pub mod export;
pub mod import;
pub mod mask;
#[cfg(test)]
mod outside;
