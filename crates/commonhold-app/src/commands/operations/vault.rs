//! Secrets as files of age, for other programs and other vaults.

use super::secret::put;
use super::{object, person};
use crate::app::App;
use crate::commands::records::add;
use crate::failure::{Code, Failure};
use commonhold_core::framework::facts::all;
use commonhold_core::records::operations::secret::Secret;
use commonhold_core::store::Reader;
use commonhold_core::{BookId, Kind, RecordId};
use commonhold_exchange::export::age::{self, AgeError, Recipient};
use serde::{Deserialize, Serialize};
use serde_json::json;
use zeroize::{Zeroize, Zeroizing};

/// Most secrets of one file.
const MAX_SECRETS: usize = 10_000;

/// What is inside such a file.
#[derive(Serialize, Deserialize)]
struct Contents {
    v: u8,
    secrets: Vec<Entry>,
}

/// One secret with its value.
#[derive(Serialize, Deserialize)]
struct Entry {
    label: String,
    system: String,
    #[serde(default)]
    kind: Option<String>,
    value: String,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

/// What came of taking in such a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VaultImported {
    /// Secrets that are new in the register.
    pub added: u32,
    /// Values that were put or changed.
    pub values: u32,
}

fn wrong(error: AgeError) -> Failure {
    Failure::new(Code::Invalid, error.to_string())
}

/// Seals all secrets whose values lie in the book to recipients of age. Returns the file in text
/// form, and how many secrets it holds.
pub fn export(
    reader: &Reader,
    book: &BookId,
    recipients: &[String],
    chance: &mut dyn FnMut(&mut [u8]) -> bool,
) -> Result<(String, usize), Failure> {
    let recipients: Vec<Recipient> =
        recipients.iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(wrong)?;
    let secrets = all::<Secret>(reader, book, Kind::Secret)?;
    let values = super::secret::values(reader, book)?;
    let of = |id: &RecordId| secrets.iter().find(|(own, _)| own == id).map(|(_, secret)| secret);
    let secrets: Vec<Entry> = values
        .into_iter()
        .filter_map(|(_, value)| {
            let secret = of(&value.secret)?;
            Some(Entry {
                label: secret.label.clone(),
                system: secret.system.clone(),
                kind: Some(secret.kind.clone()).filter(|kind| !kind.is_empty()),
                value: value.value,
            })
        })
        .collect();
    if secrets.is_empty() {
        return Err(Failure::new(Code::NotFound, "No value of a secret lies in the book.")
            .hint("Put one there with: commonhold secret put."));
    }
    let number = secrets.len();
    let contents = Contents { v: 1, secrets };
    let text = Zeroizing::new(serde_json::to_vec_pretty(&contents).unwrap_or_default());
    let sealed = age::seal(&text, &recipients, chance).map_err(wrong)?;
    Ok((age::armor(&sealed), number))
}

/// Takes in a file of age that holds secrets, opened with identities as `age-keygen` writes them.
/// One the register does not know yet, by its label and system, is entered, held by the person at
/// this device.
pub fn import(
    app: &mut App,
    book: &BookId,
    file: &[u8],
    identities: &str,
) -> Result<VaultImported, Failure> {
    let identities = age::identities(identities).map_err(wrong)?;
    let text = age::open(file, &identities).map_err(wrong)?;
    let contents: Contents = serde_json::from_slice(&text).map_err(|_| {
        // What serde says could repeat a value.
        Failure::new(Code::Invalid, "What is sealed in this file are no secrets of Commonhold.")
            .hint("It holds: {\"v\": 1, \"secrets\": [{\"label\", \"system\", \"value\"}]}.")
    })?;
    if contents.v != 1 || contents.secrets.len() > MAX_SECRETS {
        return Err(Failure::new(Code::Unsupported, "This version cannot read such a file."));
    }
    let me = person(app, book)?;
    let mut done = VaultImported::default();
    for entry in &contents.secrets {
        let secrets = all::<Secret>(app.reader(), book, Kind::Secret)?;
        let there = secrets
            .iter()
            .find(|(_, secret)| secret.label == entry.label && secret.system == entry.system);
        let id = match there {
            Some((id, _)) => *id,
            None => {
                done.added = done.added.saturating_add(1);
                let kind = entry.kind.as_deref().unwrap_or("other");
                let fields = json!({"label": entry.label, "system": entry.system, "kind": kind,
                    "blast_radius": 3, "holders": [me]});
                add(app, book, Kind::Secret, object(fields))?
            }
        };
        put(app, book, &id, &entry.value)?;
        done.values = done.values.saturating_add(1);
    }
    Ok(done)
}
