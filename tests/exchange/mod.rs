//! What goes in and out: statements of banks, archives.

mod statements;
