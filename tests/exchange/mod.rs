//! What goes in and out: statements of banks, archives; and who comes in.

mod folder;
mod joining;
mod sorting;
mod statements;
mod transfers;
mod unshown;
mod wire;
