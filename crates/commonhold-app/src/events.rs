//! What the app tells whoever shows it: records that changed, and how far long work is.

use commonhold_core::BookId;
use serde::Serialize;

/// Records that changed. It carries no data: whoever shows them reads them again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "RecordsChanged"))]
pub struct Change {
    /// The book.
    #[cfg_attr(test, ts(type = "string"))]
    pub book: BookId,
    /// The kind, or `*` for many.
    pub kind: String,
    /// The record, or nothing for many.
    pub id: Option<String>,
    /// `local`, `sync`, `import` or `restore`.
    pub source: String,
}

/// How far long work is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Progress {
    /// Steps done.
    #[cfg_attr(test, ts(type = "number"))]
    pub done: u64,
    /// Steps in all, when known.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub total: Option<u64>,
    /// What is being done.
    pub note: String,
}

/// Hears progress and may stop the work by answering false.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress) -> bool;

/// Hears nothing and never stops.
pub fn unheard(_: Progress) -> bool {
    true
}
