//! Truncated, damaged, foreign, huge and forged input: refused with what is wrong, or taken in as
//! what it is; never a panic, never much memory, and nothing changes.

mod bundles;
mod changes;
mod damage;
mod files;
mod forged;
mod memory;
mod trust;
