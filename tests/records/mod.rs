//! What holds for every kind of record, whichever it is.

mod every_kind;
mod future;
