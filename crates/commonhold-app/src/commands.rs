//! What can be done, area by area. Reading takes a [`Reader`](commonhold_core::store::Reader) and
//! may run beside a writer; writing takes the [`App`](crate::App).

pub mod alerts;
pub mod archive;
pub mod attachments;
pub mod books;
pub mod bylaws;
pub mod closing;
pub mod decisions;
pub mod framework;
pub mod imports;
pub mod invitations;
pub mod joining;
pub mod needs;
pub mod operations;
pub mod payments;
pub mod people;
pub mod records;
pub mod recovery;
pub mod remotes;
pub mod reports;
pub mod sample;
pub mod service;
pub mod service_links;
pub mod site;
pub mod status;
pub mod sync;
pub mod trust;

/// A count for the window; more than four thousand million is shown as that many.
pub(crate) fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}
