//! Reading records out of a document.

use super::{Document, Key, Raw, Version, differ, to_json, values_in};
use crate::id::Hash;
use automerge::iter::MapRangeItem;
use automerge::{ROOT, ReadDoc, ScalarValueRef, ValueRef};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Records of a kind from which on it is worth going through all that the document has of it.
const MANY: usize = 1000;

impl Raw {
    /// An entry of these versions, the winner first.
    fn of(versions: Vec<Version>) -> Self {
        let winner = versions.first().and_then(|winner| winner.fields.clone());
        let unreadable = winner.is_none();
        let fields = winner.unwrap_or_default();
        Self { fields, entry: true, unreadable, versions, ..Self::default() }
    }
}

impl Document {
    /// Reads one record; nothing when it is not here.
    pub fn read(&self, key: &Key) -> Option<Raw> {
        let whole = format!("{}/{}", key.kind, key.id);
        if let Some(versions) = self.versions(&whole) {
            return Some(Raw::of(versions));
        }
        let mut raw = Raw::default();
        let prefix = format!("{whole}/");
        let end = format!("{whole}0"); // "0" is the character after "/"
        let range = self.inner.map_range(ROOT, prefix.clone()..end);
        let found: Vec<(String, bool)> =
            range.map(|item| (item.key.into_owned(), item.conflict)).collect();
        for (key, conflict) in found {
            let Some(field) = key.strip_prefix(&prefix) else {
                continue;
            };
            let Some(values) = self.values(&key) else {
                continue;
            };
            if let Some(winner) = values.last().filter(|value| !value.is_null()) {
                raw.fields.insert(field.to_owned(), winner.clone());
            }
            if conflict && differ(&values) {
                raw.conflicts.push((field.to_owned(), values));
            }
        }
        (!raw.fields.is_empty() || !raw.conflicts.is_empty()).then_some(raw)
    }

    /// Reads records one after the other; where they are many of a kind, by going through the
    /// document once.
    pub fn read_each<E>(
        &self,
        keys: &BTreeSet<Key>,
        mut on: impl FnMut(&Key, Option<Raw>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut by_kind: BTreeMap<&str, Vec<&Key>> = BTreeMap::new();
        keys.iter().for_each(|key| by_kind.entry(&key.kind).or_default().push(key));
        for (kind, keys) in by_kind {
            if keys.len() < MANY {
                keys.into_iter().try_for_each(|key| on(key, self.read(key)))?;
                continue;
            }
            // Both in the order of their ids; "0" is the character after "/".
            let mut items = self.inner.map_range(ROOT, format!("{kind}/")..format!("{kind}0"));
            let mut item = items.next();
            for key in keys {
                let name = format!("{kind}/{}", key.id);
                while item.as_ref().is_some_and(|item| *item.key < *name) {
                    item = items.next();
                }
                let entry = item.as_ref().filter(|item| item.key == name && !item.conflict);
                let raw = entry.and_then(|item| self.only_version(item));
                on(key, raw.or_else(|| self.read(key)))?;
            }
        }
        Ok(())
    }

    /// An entry of which there is one version, as text.
    fn only_version(&self, item: &MapRangeItem<'_>) -> Option<Raw> {
        let ValueRef::Scalar(ScalarValueRef::Str(text)) = &item.value else { return None };
        Some(Raw::of(vec![self.version(text, &item.id())]))
    }

    fn version(&self, text: &str, id: &automerge::ObjId) -> Version {
        let change = self.inner.hash_for_opid(id).map(|hash| Hash(hash.0));
        Version { fields: serde_json::from_str(text).ok(), change }
    }

    /// The versions of an entry, the winner first: the same order on every device.
    fn versions(&self, key: &str) -> Option<Vec<Version>> {
        let mut all = self.inner.get_all(ROOT, key).ok()?;
        if all.len() > 1
            && let Some((_, winner)) = self.inner.get(ROOT, key).ok()?
        {
            all.sort_by_key(|(_, id)| *id != winner);
        }
        let version = |(value, id): &(automerge::Value<'_>, automerge::ObjId)| match value {
            automerge::Value::Scalar(scalar) => {
                self.version(scalar.as_str().unwrap_or_default(), id)
            }
            other @ automerge::Value::Object(_) => {
                self.version(self.to_json(other, id).as_str().unwrap_or_default(), id)
            }
        };
        let versions: Vec<Version> = all.iter().map(version).collect();
        (!versions.is_empty()).then_some(versions)
    }

    fn values(&self, key: &str) -> Option<Vec<Value>> {
        values_in(&self.inner, key)
    }

    fn to_json(&self, value: &automerge::Value<'_>, id: &automerge::ObjId) -> Value {
        to_json(&self.inner, value, id)
    }
}
