//! Column mappings saved by name. They stay on this device.

use super::NamedMapping;
use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::store::Reader;
use commonhold_core::{BookId, RecordId};
use commonhold_exchange::import::CsvMapping;

/// The mapping saved under a name.
pub(super) fn saved(reader: &Reader, name: &str) -> Result<CsvMapping, Failure> {
    let bytes = reader.setting(&format!("mapping/{name}"))?;
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| Failure::new(Code::NotFound, format!("There is no saved mapping “{name}”.")))
}

/// Saved mappings.
pub fn mapping_list(reader: &Reader) -> Result<Vec<NamedMapping>, Failure> {
    let settings = reader.settings("mapping/")?;
    Ok(settings
        .into_iter()
        .filter_map(|(name, bytes)| {
            Some(NamedMapping { name, mapping: serde_json::from_slice(&bytes).ok()? })
        })
        .collect())
}

/// Saves a mapping under a name.
pub fn mapping_save(app: &mut App, named: &NamedMapping) -> Result<(), Failure> {
    if named.name.trim().is_empty() {
        return Err(Failure::new(Code::Invalid, "The mapping needs a name."));
    }
    let bytes = serde_json::to_vec(&named.mapping).unwrap_or_default();
    Ok(app.store()?.set_setting(&format!("mapping/{}", named.name), &bytes)?)
}

/// The key under which it is kept which of our accounts an account of a bank is. It stays on this
/// device, and holds the bank's number as a hash.
fn account_key(book: &BookId, named: &str) -> String {
    let hash = commonhold_core::id::Hash::of(named.as_bytes());
    format!("bank-account/{book}/{hash}")
}

/// Which of our accounts an account of a bank was the last time.
pub(super) fn account(
    reader: &Reader,
    book: &BookId,
    named: &str,
) -> Result<Option<RecordId>, Failure> {
    let bytes = reader.setting(&account_key(book, named))?;
    Ok(bytes.and_then(|bytes| RecordId::from_slice(&bytes).ok()))
}

/// Keeps which of our accounts an account of a bank is.
pub(super) fn remember_account(
    app: &mut App,
    book: &BookId,
    named: &str,
    account: &RecordId,
) -> Result<(), Failure> {
    Ok(app.store()?.set_setting(&account_key(book, named), account.as_bytes())?)
}
