//! One automerge document: reading records out of it, writing changes, and admitting the changes
//! of others. It knows keys and values, but no kind of record and no SQL.
//!
//! Keys lie flat under the root: `kind/<id>` holds an entry (one canonical JSON text),
//! `kind/<id>/<field>` one field of a living record (a scalar, or a Text for long text). Every
//! document begins with the same first change on every device, so that two devices that create
//! it while apart have created the same document.

mod admission;
mod bounds;
mod bulk;
mod edit;
mod read;

pub use admission::{Admission, Named, Offer, Refusal, change_hash};
pub use edit::Edit;

use crate::date::Time;
use crate::id::{BookId, Device, Hash, LogId, RecordId};
use crate::json::Fields;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Author, Automerge, AutomergeError, ChangeHash, ROOT, ReadDoc};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Name of the format, held by every document's first change.
const FORMAT: &str = "commonhold/1";
/// Longest name of a document, in bytes.
pub const MAX_NAME: usize = 200;

/// Where one record lies in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The kind's name; it may be one this version does not know.
    pub kind: String,
    /// The record's id.
    pub id: RecordId,
}

/// What is wrong with a document's bytes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The library refused.
    #[error("the document cannot be read or written: {0}")]
    Automerge(#[from] AutomergeError),
    /// A library panicked on the bytes; the document is unharmed.
    #[error("the document's bytes cannot be read")]
    Unreadable,
    /// An entry with this id is there already.
    #[error("the entry {0} is there already, and entries are never changed")]
    Exists(RecordId),
}

/// A record as it lies in a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raw {
    /// The fields; for an entry those of its JSON text.
    pub fields: Fields,
    /// Fields that hold more than one value since they were written while apart, with all values
    /// in the same order on every device. The field is empty for a whole entry.
    pub conflicts: Vec<(String, Vec<Value>)>,
    /// Whether it was written as an entry.
    pub entry: bool,
    /// Whether the text of an entry could not be read as JSON.
    pub unreadable: bool,
    /// All versions of an entry that were written while apart, the winner first; one as a rule.
    pub versions: Vec<Version>,
}

/// One version of an entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Version {
    /// Its fields; nothing when it could not be read.
    pub fields: Option<Fields>,
    /// The change that wrote it.
    pub change: Option<Hash>,
}

/// One document, loaded.
#[derive(Clone)]
pub struct Document {
    name: String,
    inner: Automerge,
}

impl Document {
    /// A document nobody has written to yet: the same bytes on every device.
    pub fn new(book: &BookId, name: &str) -> Result<Self, Error> {
        let seed = blake3::derive_key("commonhold 1 document genesis", FORMAT.as_bytes());
        let mut inner = Automerge::new().with_actor(actor_from(&seed));
        let mut tx = inner.transaction();
        tx.put(ROOT, "format", FORMAT)?;
        tx.put(ROOT, "book", book.to_string())?;
        tx.put(ROOT, "document", name)?;
        tx.commit_with(CommitOptions::default().with_time(0));
        Ok(Self { name: name.to_owned(), inner })
    }

    /// Loads bytes that [`Document::save`] gave, here or elsewhere.
    pub fn load(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        bounds::check_document(bytes).map_err(|_| Error::Unreadable)?;
        let inner = admission::guarded(|| Automerge::load(bytes)).ok_or(Error::Unreadable)??;
        Ok(Self { name: name.to_owned(), inner })
    }

    /// Bytes that [`Document::load`] reads again; the same document gives the same bytes.
    pub fn save(&self) -> Vec<u8> {
        self.inner.save()
    }

    /// Bytes that depend on the changes alone, not on the order they arrived in: for archives.
    pub fn save_canonical(&self) -> Result<Vec<u8>, Error> {
        let mut waiting: BTreeMap<ChangeHash, automerge::Change> = BTreeMap::new();
        let mut missing: BTreeMap<ChangeHash, usize> = BTreeMap::new();
        let mut after: BTreeMap<ChangeHash, Vec<ChangeHash>> = BTreeMap::new();
        for change in self.inner.get_changes(&[]) {
            missing.insert(change.hash(), change.deps().len());
            for dep in change.deps() {
                after.entry(*dep).or_default().push(change.hash());
            }
            waiting.insert(change.hash(), change);
        }
        let mut again = Automerge::new();
        // Round by round those whose predecessors were all placed in earlier rounds, by hash.
        let first = waiting.iter().filter(|(_, change)| change.deps().is_empty());
        let mut round: BTreeSet<ChangeHash> = first.map(|(hash, _)| *hash).collect();
        let mut next = BTreeSet::new();
        let mut ordered = Vec::new();
        while let Some(hash) = round.pop_first() {
            ordered.extend(waiting.remove(&hash));
            for later in after.remove(&hash).unwrap_or_default() {
                let left = missing.entry(later).or_default();
                *left = left.saturating_sub(1);
                if *left == 0 {
                    next.insert(later);
                }
            }
            if round.is_empty() {
                round = std::mem::take(&mut next);
            }
        }
        again.apply_changes(ordered)?;
        Ok(again.save())
    }

    /// Its name in the book, such as `ledger/2026`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hashes of the changes nothing else depends on, sorted.
    pub fn heads(&self) -> Vec<Hash> {
        self.inner.get_heads().iter().map(|head| Hash(head.0)).collect()
    }

    /// Every record in it, known kinds or not.
    pub fn keys(&self) -> BTreeSet<Key> {
        self.inner.keys(ROOT).filter_map(|key| parse_key(&key)).collect()
    }

    /// Whether an entry stands here.
    pub fn holds_entry(&self, key: &Key) -> bool {
        let name = format!("{}/{}", key.kind, key.id);
        self.inner.get(ROOT, name).is_ok_and(|found| found.is_some())
    }

    /// Writes edits as one change of this device and returns its bytes; nothing when the edits
    /// change nothing. On an error the document must be thrown away.
    pub fn write(
        &mut self,
        actor: [u8; 16],
        device: &Device,
        time: Time,
        edits: &[&Edit],
    ) -> Result<Option<Vec<u8>>, Error> {
        let author = Author::from(device.0.to_vec());
        if self.inner.get_author() != Some(&author) {
            self.inner.set_author(Some(author));
        }
        let actor = ActorId::from(actor.as_slice());
        self.inner.set_actor(actor.clone());
        match self.write_entries(&actor, time, edits)? {
            Some(change) => Ok(Some(change)),
            None => self.write_one_by_one(time, edits),
        }
    }

    fn write_one_by_one(&mut self, time: Time, edits: &[&Edit]) -> Result<Option<Vec<u8>>, Error> {
        let mut tx = self.inner.transaction();
        for edit in edits {
            // Each after the one before it: two may be about the same text.
            for plan in edit::plan(&tx, edit)? {
                plan.apply(&mut tx)?;
            }
        }
        if tx.pending_ops() == 0 {
            tx.rollback();
            return Ok(None);
        }
        let seconds = time.0.div_euclid(1000);
        let (hash, _) = tx.commit_with(CommitOptions::default().with_time(seconds));
        let change = hash.and_then(|hash| self.inner.get_change_by_hash(&hash));
        Ok(change.map(|change| change.raw_bytes().to_vec()))
    }

    /// The document as the author of a change had it, and as the change left it; nothing when it
    /// does not hold the change.
    pub(crate) fn around(&self, hash: &Hash) -> Option<(Self, Self)> {
        let change = self.inner.get_change_by_hash(&ChangeHash(hash.0))?;
        let at = |heads: &[ChangeHash]| {
            let inner = self.inner.fork_at(heads).ok()?;
            Some(Self { name: self.name.clone(), inner })
        };
        at(change.deps()).zip(at(&[change.hash()]))
    }

    /// Whether it holds a change.
    pub fn has(&self, hash: &Hash) -> bool {
        self.inner.get_change_meta_by_hash(&ChangeHash(hash.0)).is_some()
    }
}

/// All values of a key, the winner last: the same order on every device.
fn values_in(doc: &impl ReadDoc, key: &str) -> Option<Vec<Value>> {
    let mut all = doc.get_all(ROOT, key).ok()?;
    if let [(value, id)] = all.as_slice() {
        return Some(vec![to_json(doc, value, id)]);
    }
    let (winner, winner_id) = doc.get(ROOT, key).ok()??;
    all.retain(|(_, id)| *id != winner_id);
    all.push((winner, winner_id));
    Some(all.iter().map(|(value, id)| to_json(doc, value, id)).collect())
}

fn to_json(doc: &impl ReadDoc, value: &automerge::Value<'_>, id: &automerge::ObjId) -> Value {
    use automerge::ScalarValue as S;
    match value {
        automerge::Value::Object(automerge::ObjType::Text) => {
            Value::String(doc.text(id).unwrap_or_default())
        }
        automerge::Value::Object(_) => Value::Null,
        automerge::Value::Scalar(scalar) => match scalar.as_ref() {
            S::Str(text) => Value::String(text.to_string()),
            S::Int(number) => Value::from(*number),
            S::Uint(number) => Value::from(*number),
            S::Boolean(yes) => Value::from(*yes),
            _ => Value::Null,
        },
    }
}

/// Whether not all values are the same.
fn differ(values: &[Value]) -> bool {
    values.first().is_some_and(|first| values.iter().any(|value| value != first))
}

/// An actor id from the first half of a hash.
fn actor_from(seed: &[u8; 32]) -> ActorId {
    ActorId::from(seed.split_at(16).0)
}

/// The actor under which a log writes to one document. Whoever receives a change can compute it,
/// so nobody can write under another's; and a copied profile with a log of its own contradicts
/// nobody.
pub fn actor(log: &LogId, document: &str) -> [u8; 16] {
    let material = [log.0.as_slice(), document.as_bytes()].concat();
    let hash = blake3::derive_key("commonhold 1 actor", &material);
    let mut actor = [0; 16];
    actor.copy_from_slice(hash.split_at(16).0);
    actor
}

/// Reads `kind/<id>` or `kind/<id>/<field>`; nothing for any other key.
pub fn parse_key(key: &str) -> Option<Key> {
    let mut parts = key.splitn(3, '/');
    let (kind, id) = (parts.next()?, parts.next()?);
    // One spelling an id: otherwise two keys could claim the same record.
    let parsed = RecordId::try_parse(id).ok().filter(|uuid| uuid.to_string() == id)?;
    Some(Key { kind: kind.to_owned(), id: parsed })
}

#[cfg(test)]
mod tests;
