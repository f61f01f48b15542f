//! Column mappings saved by name. They stay on this device.

use super::NamedMapping;
use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::store::Reader;
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
