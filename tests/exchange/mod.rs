//! What goes in and out: statements of banks, archives.

mod folder;
mod statements;
