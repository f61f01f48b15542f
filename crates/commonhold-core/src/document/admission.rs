//! Admission of others' changes: nothing from outside reaches a document before its form, size
//! and chain are checked, and then only on a copy that is saved, loaded again and compared.
//!
//! The rules per actor make one signature under a head vouch for all of a device's earlier
//! changes: no gap in the sequence, each change depends directly on its predecessor, the author
//! stands at the first change only, and `start_op = 1 + max(max_op of what it depends on)`.

use super::{Document, Key, parse_key};
use crate::id::{Device, Hash, LogId};
use automerge::PatchAction;
use automerge::{ActorId, Automerge, Change, ChangeHash, PatchLog, Prop, ROOT};
use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why changes of others were not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// They build on changes that are not here yet: keep them and try again later.
    #[error("it builds on changes that have not arrived yet")]
    Waiting,
    /// They break a rule and never get in.
    #[error("{0}")]
    Broken(String),
    /// They are held back, since their device was removed.
    #[error("{0}")]
    Held(String),
    /// They write what is not their writer's to write.
    #[error("{0}")]
    NotAllowed(String),
}

/// What became of offers.
pub struct Admission {
    /// The document with what was taken in.
    pub document: Document,
    /// The records that were touched.
    pub touched: BTreeSet<Key>,
    /// One outcome for each offer, in their order.
    pub outcomes: Vec<Result<(), Refusal>>,
}

/// Runs library code on bytes from outside; nothing when it panicked.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

struct Seen {
    actor: ActorId,
    seq: u64,
    max_op: u64,
}

/// Says whether something may be written.
pub type May<'a> = Box<dyn Fn(&Named) -> Result<(), Refusal> + 'a>;

/// Changes one device offers, in the order it made them.
pub struct Offer<'a> {
    /// The log that holds them.
    pub log: LogId,
    /// The device whose signature covers them.
    pub device: Device,
    /// The changes' bytes.
    pub parts: Vec<Vec<u8>>,
    /// The document's heads after them, as signed.
    pub heads: Vec<Hash>,
    /// Whether its writer may write there.
    pub may: May<'a>,
}

/// What one operation of a change writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A whole entry.
    Entry(Key),
    /// A field of a living record.
    Field(Key),
    /// A long text or another object inside the document.
    Inside,
    /// Something that is no record.
    Other,
}

/// The changes of this batch that were checked so far.
type Batch = HashMap<ChangeHash, Seen>;

impl Document {
    /// Tries offers on a copy, in whatever order they fit; this document is never changed.
    /// Says of each offer whether it got in.
    pub fn admit(&self, offers: &[Offer<'_>]) -> Admission {
        let (fresh, outcomes) = self.check_all(offers);
        if let Some(Ok((document, touched))) = guarded(|| self.trial(fresh)) {
            return Admission { document, touched, outcomes };
        }
        if let [_] = offers {
            let why = "its changes cannot be applied without harm to the document".to_owned();
            let outcomes = vec![Err(Refusal::Broken(why))];
            return Admission { document: self.clone(), touched: BTreeSet::new(), outcomes };
        }
        // Something in the batch does harm: try its halves, each on what the one before left.
        let (first, second) = offers.split_at(offers.len().div_ceil(2));
        let mut halves = self.admit(first);
        let second = halves.document.admit(second);
        halves.document = second.document;
        halves.touched.extend(second.touched);
        halves.outcomes.extend(second.outcomes);
        halves
    }

    /// Checks every offer, again and again as long as one more fits onto the others.
    fn check_all(&self, offers: &[Offer<'_>]) -> (Vec<Change>, Vec<Result<(), Refusal>>) {
        let mut batch = Batch::default();
        let mut fresh = Vec::new();
        let mut outcomes: Vec<Result<(), Refusal>> = vec![Err(Refusal::Waiting); offers.len()];
        loop {
            let mut progress = false;
            for (offer, outcome) in offers.iter().zip(&mut outcomes) {
                if *outcome != Err(Refusal::Waiting) {
                    continue;
                }
                let unreadable = || Err(Refusal::Broken("its changes cannot be read".into()));
                match guarded(|| self.check(offer, &mut batch)).unwrap_or_else(unreadable) {
                    Ok(changes) => {
                        fresh.extend(changes);
                        *outcome = Ok(());
                        progress = true;
                    }
                    Err(refusal) => *outcome = Err(refusal),
                }
            }
            if !progress {
                return (fresh, outcomes);
            }
        }
    }

    /// Decodes one offer and checks the chain rules; changes that are here already are left out.
    fn check(&self, offer: &Offer<'_>, batch: &mut Batch) -> Result<Vec<Change>, Refusal> {
        let broken = |why: &str| Refusal::Broken(why.to_owned());
        let mut fresh: Vec<Change> = Vec::new();
        let mut overlay = Batch::default();
        for part in &offer.parts {
            super::bounds::check(part).map_err(broken)?;
            let change =
                Change::from_bytes(part.clone()).map_err(|_| broken("a change is damaged"))?;
            let hash = change.hash();
            let checksum = part.get(4..8) == hash.0.get(..4);
            if change.raw_bytes() != part.as_slice() || !checksum {
                return Err(broken("a change is not in its plain form"));
            }
            if overlay.contains_key(&hash)
                || batch.contains_key(&hash)
                || self.seen(&hash).is_some()
            {
                continue;
            }
            self.check_one(&change, offer, batch, &overlay)?;
            let length = as_u64(change.len());
            let seen = Seen {
                actor: change.actor_id().clone(),
                seq: change.seq(),
                max_op: change.start_op().get().saturating_add(length).saturating_sub(1),
            };
            overlay.insert(hash, seen);
            fresh.push(change);
        }
        let last = offer.parts.last().map(|part| change_hash(part));
        if !offer.heads.iter().copied().eq(last) {
            return Err(broken("its changes are not the ones its signature names"));
        }
        batch.extend(overlay);
        Ok(fresh)
    }

    fn check_one(
        &self,
        change: &Change,
        offer: &Offer<'_>,
        batch: &Batch,
        overlay: &Batch,
    ) -> Result<(), Refusal> {
        let broken = |why: &str| Err(Refusal::Broken(why.to_owned()));
        let actor = change.actor_id();
        if actor.to_bytes() != super::actor(&offer.log, &self.name) {
            return broken("a change is not written under its log's own name");
        }
        if change.deps().is_empty() || change.is_empty() {
            return broken("a change is empty or does not build on the document");
        }
        for (named, replaces) in written(change) {
            if replaces && matches!(named, Named::Entry(_)) {
                return broken(
                    "a change replaces or deletes an entry, and entries are never changed",
                );
            }
            (offer.may)(&named)?;
        }
        let mut max_op = 0;
        let mut predecessor = false;
        for dep in change.deps() {
            let earlier;
            let seen = match overlay.get(dep).or_else(|| batch.get(dep)) {
                Some(seen) => seen,
                None => {
                    earlier = self.seen(dep).ok_or(Refusal::Waiting)?;
                    &earlier
                }
            };
            max_op = max_op.max(seen.max_op);
            predecessor |= seen.actor == *actor && seen.seq.checked_add(1) == Some(change.seq());
        }
        if max_op.checked_add(1) != Some(change.start_op().get()) {
            return broken("a change numbers its operations wrongly");
        }
        match (change.seq(), predecessor, change.author()) {
            (1, _, Some(author)) if author.as_bytes() == offer.device.0 => Ok(()),
            (1, ..) => broken("a change is not by the device that signed it"),
            (_, true, None) => Ok(()),
            (_, true, Some(_)) => broken("a change names its author again"),
            (_, false, _) => broken("a change leaves a gap in its author's sequence"),
        }
    }

    fn seen(&self, hash: &ChangeHash) -> Option<Seen> {
        let meta = self.inner.get_change_meta_by_hash(hash)?;
        Some(Seen { actor: meta.actor.into_owned(), seq: meta.seq, max_op: meta.max_op })
    }

    /// Applies to a copy, saves, loads and compares.
    fn trial(&self, changes: Vec<Change>) -> Result<(Document, BTreeSet<Key>), String> {
        if changes.is_empty() {
            return Ok((self.clone(), BTreeSet::new()));
        }
        // Patches say nothing of a rival that loses where there are rivals already, so the keys
        // that the changes themselves name count too.
        let whole = self.inner.get_heads().len() == 1 && self.inner.keys_count() <= 3;
        let mut named = BTreeSet::new();
        if !whole {
            named.extend(changes.iter().flat_map(named_keys));
        }
        let mut copy = self.inner.clone();
        let mut log = if whole { PatchLog::inactive() } else { PatchLog::active() };
        copy.apply_changes_log_patches(changes, &mut log)
            .map_err(|error| format!("its changes cannot be applied: {error}"))?;
        let saved = copy.save_nocompress(); // only to be loaded again here
        let again =
            Automerge::load(&saved).map_err(|_| "it would damage the document".to_owned())?;
        if again.get_heads() != copy.get_heads() {
            return Err("it would damage the document".into());
        }
        if whole {
            named = Document { name: String::new(), inner: again }.keys();
        } else {
            named.extend(touched(&copy, &mut log));
        }
        Ok((Document { name: self.name.clone(), inner: copy }, named))
    }

    /// Applies changes this device took in before; they were checked then.
    pub fn replay(&mut self, parts: &[Vec<u8>]) -> Result<(), super::Error> {
        let changes = parts
            .iter()
            .map(|part| Change::from_bytes(part.clone()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| super::Error::Unreadable)?;
        guarded(|| self.inner.apply_changes(changes)).ok_or(super::Error::Unreadable)??;
        Ok(())
    }

    /// Changes that others build on and that are not here.
    pub fn missing(&self, parts: &[Vec<u8>]) -> BTreeSet<Hash> {
        let own: BTreeSet<Hash> = parts.iter().map(|part| change_hash(part)).collect();
        let mut missing = BTreeSet::new();
        for part in parts {
            let deps = guarded(|| {
                super::bounds::check(part).ok()?;
                Some(Change::from_bytes(part.clone()).ok()?.deps().to_vec())
            });
            let deps = deps.flatten().unwrap_or_default().into_iter().map(|dep| Hash(dep.0));
            missing.extend(deps.filter(|dep| !own.contains(dep) && !self.has(dep)));
        }
        missing
    }

    /// What changes write, from their bytes alone; nothing for bytes that are no change.
    pub fn named(parts: &[Vec<u8>]) -> Vec<Named> {
        let of_one = |part: &Vec<u8>| {
            let named = guarded(|| {
                super::bounds::check(part).ok()?;
                let change = Change::from_bytes(part.clone()).ok()?;
                Some(written(&change).into_iter().map(|(named, _)| named).collect::<Vec<_>>())
            });
            named.flatten().unwrap_or_default()
        };
        parts.iter().flat_map(of_one).collect()
    }

    /// What a change builds on; nothing where it cannot be read.
    pub fn builds_on(part: &[u8]) -> Option<Vec<Hash>> {
        super::bounds::check(part).ok()?;
        let change = guarded(|| Change::from_bytes(part.to_vec()).ok())??;
        Some(change.deps().iter().map(|dep| Hash(dep.0)).collect())
    }

    /// The times of those changes that name a record in what they do, in whole seconds; of all of
    /// them where none is asked for. Used for its history.
    pub fn times(parts: &[Vec<u8>], key: Option<&Key>) -> BTreeSet<i64> {
        let whole = key.map(|key| format!("{}/{}", key.kind, key.id));
        let names = |change: &Change| {
            let Some(whole) = &whole else { return true };
            change.decode().operations.iter().any(|op| match &op.key {
                automerge::legacy::Key::Map(name) => name
                    .strip_prefix(whole.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
                automerge::legacy::Key::Seq(_) => false,
            })
        };
        let time = |part: &Vec<u8>| {
            super::bounds::check(part).ok()?;
            let change =
                guarded(|| Change::from_bytes(part.clone()).ok().filter(|change| names(change)));
            Some(change??.timestamp())
        };
        parts.iter().filter_map(time).collect()
    }

    /// Whether changes name a record in what they do.
    pub fn mentions(parts: &[Vec<u8>], key: &Key) -> bool {
        !Self::times(parts, Some(key)).is_empty()
    }
}

trait KeysCount {
    fn keys_count(&self) -> usize;
}

impl KeysCount for Automerge {
    fn keys_count(&self) -> usize {
        automerge::ReadDoc::keys(self, ROOT).take(4).count()
    }
}

/// What a change writes, each with whether it replaces or deletes what stood there.
fn written(change: &Change) -> Vec<(Named, bool)> {
    let operations = change.decode().operations.into_iter();
    operations
        .map(|op| {
            let deletes = matches!(op.action, automerge::legacy::OpType::Delete);
            let replaces = deletes || op.pred.iter().next().is_some();
            let name = match &op.key {
                automerge::legacy::Key::Map(name) => name,
                automerge::legacy::Key::Seq(_) => return (Named::Inside, replaces),
            };
            if op.obj != automerge::legacy::ObjectId::Root {
                return (Named::Inside, replaces);
            }
            let named = match parse_key(name) {
                Some(key) if name.matches('/').count() == 1 => Named::Entry(key),
                Some(key) => Named::Field(key),
                None => Named::Other,
            };
            (named, replaces)
        })
        .collect()
}

fn named_keys(change: &Change) -> Vec<Key> {
    let keys = written(change).into_iter().filter_map(|(named, _)| match named {
        Named::Entry(key) | Named::Field(key) => Some(key),
        Named::Inside | Named::Other => None,
    });
    keys.collect()
}

/// The hash of a change in its plain form: SHA-256 of its chunk behind the check sum.
pub fn change_hash(part: &[u8]) -> Hash {
    use sha2::Digest;
    Hash(sha2::Sha256::digest(part.get(8..).unwrap_or_default()).into())
}

/// The records that patches touched.
fn touched(document: &Automerge, log: &mut PatchLog) -> BTreeSet<Key> {
    document
        .make_patches(log)
        .into_iter()
        .filter_map(|patch| {
            let key = match (patch.path.first(), patch.action) {
                (Some((_, Prop::Map(key))), _) => key.clone(),
                (None, PatchAction::PutMap { key, .. } | PatchAction::DeleteMap { key }) => key,
                (None, PatchAction::Conflict { prop: Prop::Map(key) }) => key,
                (None, PatchAction::Increment { prop: Prop::Map(key), .. }) => key,
                _ => return None,
            };
            parse_key(&key)
        })
        .collect()
}

fn as_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
