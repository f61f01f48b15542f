//! The relay as others meet it: through real sockets, against a real file.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

mod api;
mod bucket;
mod kept;
mod limits;
mod program;
mod refused;
mod s3;
mod support;
mod watched;
