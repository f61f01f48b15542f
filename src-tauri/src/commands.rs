//! What the page may ask, area by area, under the names the app has for the areas. A command only
//! passes on what it was given; `build.rs` gives each its permission.

pub mod archive;
pub mod attachments;
pub mod bylaws;
pub mod closing;
pub mod decisions;
pub mod framework;
pub mod host;
pub mod imports;
pub mod joining;
pub mod needs;
pub mod operations;
pub mod payments;
pub mod people;
pub mod records;
pub mod reports;
pub mod service;
pub mod site;
pub mod sync;

use commonhold_core::{BookId, RecordId};
use serde::Serialize;

/// The service that was made or taken over.
#[derive(Serialize)]
pub struct Book {
    book: BookId,
}

/// The record that was written.
#[derive(Serialize)]
pub struct Id {
    id: RecordId,
}

/// Nothing to say but that it is done.
#[derive(Serialize)]
pub struct Done {}
