//! The power goes, the disk is full, the disk is read-only, somebody else is writing: what was
//! acknowledged is there, nothing is half done, and the reason is one clear sentence.

mod full;
mod kill;
mod locked;
mod scratch;
