//! Admission of others' changes: nothing from outside reaches a document before its form, size
//! and chain are checked, and then only on a copy that is saved, loaded again and compared.
//!
//! The rules per actor make one signature under a head vouch for all of a device's earlier
//! changes: no gap in the sequence, each change depends directly on its predecessor, the author
//! stands at the first change only, and `start_op = 1 + max(max_op of what it depends on)`.

use super::{Document, Key, parse_key};
use crate::id::Device;
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

/// Changes one device offers, in the order it made them.
pub struct Offer {
    /// The device whose signature covers them.
    pub device: Device,
    /// The changes' bytes.
    pub parts: Vec<Vec<u8>>,
}

/// What was checked so far: changes of this batch, and who owns the actors that begin in it.
#[derive(Default)]
struct Batch {
    seen: HashMap<ChangeHash, Seen>,
    owners: HashMap<ActorId, Device>,
}

impl Document {
    /// Tries offers on a copy, in whatever order they fit; this document is never changed.
    /// Says of each offer whether it got in.
    pub fn admit(&self, offers: &[Offer]) -> Admission {
        let (fresh, mut outcomes) = self.check_all(offers);
        if let Some(Ok((document, touched))) = guarded(|| self.trial(fresh)) {
            return Admission {
                document,
                touched,
                outcomes,
            };
        }
        if let [_] = offers {
            let why = "its changes cannot be applied without harm to the document".to_owned();
            outcomes = vec![Err(Refusal::Broken(why))];
            return Admission {
                document: self.clone(),
                touched: BTreeSet::new(),
                outcomes,
            };
        }
        // Something in the batch does harm: find it by trying one offer at a time.
        let mut document = self.clone();
        let mut touched = BTreeSet::new();
        for (offer, outcome) in offers.iter().zip(&mut outcomes) {
            if outcome.is_err() {
                continue;
            }
            let one = document.admit(std::slice::from_ref(offer));
            document = one.document;
            touched.extend(one.touched);
            *outcome = one
                .outcomes
                .into_iter()
                .next()
                .unwrap_or(Err(Refusal::Waiting));
        }
        Admission {
            document,
            touched,
            outcomes,
        }
    }

    /// Checks every offer, again and again as long as one more fits onto the others.
    fn check_all(&self, offers: &[Offer]) -> (Vec<Change>, Vec<Result<(), Refusal>>) {
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
    fn check(&self, offer: &Offer, batch: &mut Batch) -> Result<Vec<Change>, Refusal> {
        let broken = |why: &str| Refusal::Broken(why.to_owned());
        let mut fresh: Vec<Change> = Vec::new();
        let mut overlay = Batch::default();
        for part in &offer.parts {
            let change =
                Change::from_bytes(part.clone()).map_err(|_| broken("a change is damaged"))?;
            let hash = change.hash();
            let checksum = part.get(4..8) == hash.0.get(..4);
            if change.raw_bytes() != part.as_slice() || !checksum {
                return Err(broken("a change is not in its plain form"));
            }
            if overlay.seen.contains_key(&hash)
                || batch.seen.contains_key(&hash)
                || self.seen(&hash).is_some()
            {
                continue;
            }
            self.check_one(&change, &offer.device, batch, &mut overlay)?;
            let length = as_u64(change.len());
            let seen = Seen {
                actor: change.actor_id().clone(),
                seq: change.seq(),
                max_op: change
                    .start_op()
                    .get()
                    .saturating_add(length)
                    .saturating_sub(1),
            };
            overlay.seen.insert(hash, seen);
            fresh.push(change);
        }
        batch.seen.extend(overlay.seen);
        batch.owners.extend(overlay.owners);
        Ok(fresh)
    }

    fn check_one(
        &self,
        change: &Change,
        device: &Device,
        batch: &Batch,
        overlay: &mut Batch,
    ) -> Result<(), Refusal> {
        let broken = |why: &str| Err(Refusal::Broken(why.to_owned()));
        let actor = change.actor_id();
        if change.deps().is_empty() || change.is_empty() {
            return broken("a change is empty or does not build on the document");
        }
        let mut max_op = 0;
        let mut predecessor = false;
        for dep in change.deps() {
            let earlier;
            let seen = match overlay.seen.get(dep).or_else(|| batch.seen.get(dep)) {
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
        if change.seq() == 1 {
            overlay.owners.insert(actor.clone(), *device);
            return match change.author() {
                Some(author) if author.as_bytes() == device.0 => Ok(()),
                _ => broken("a change is not by the device that signed it"),
            };
        }
        let owner = overlay
            .owners
            .get(actor)
            .or_else(|| batch.owners.get(actor))
            .copied();
        let owner = owner
            .or_else(|| Device::from_slice(self.inner.get_author_for_actor(actor)?.as_bytes()));
        match (predecessor, owner == Some(*device), change.author()) {
            (true, true, None) => Ok(()),
            (false, _, _) => broken("a change leaves a gap in its author's sequence"),
            _ => broken("a change is not by the device that signed it"),
        }
    }

    fn seen(&self, hash: &ChangeHash) -> Option<Seen> {
        let meta = self.inner.get_change_meta_by_hash(hash)?;
        Some(Seen {
            actor: meta.actor.into_owned(),
            seq: meta.seq,
            max_op: meta.max_op,
        })
    }

    /// Applies to a copy, saves, loads and compares.
    fn trial(&self, changes: Vec<Change>) -> Result<(Document, BTreeSet<Key>), String> {
        if changes.is_empty() {
            return Ok((self.clone(), BTreeSet::new()));
        }
        let whole = self.inner.get_heads().len() == 1 && self.inner.keys_count() <= 3;
        let mut copy = self.inner.clone();
        let mut log = if whole {
            PatchLog::inactive()
        } else {
            PatchLog::active()
        };
        copy.apply_changes_log_patches(changes, &mut log)
            .map_err(|error| format!("its changes cannot be applied: {error}"))?;
        let saved = copy.save();
        let again =
            Automerge::load(&saved).map_err(|_| "it would damage the document".to_owned())?;
        if again.get_heads() != copy.get_heads() {
            return Err("it would damage the document".into());
        }
        let touched = if whole {
            Document {
                name: String::new(),
                inner: again,
            }
            .keys()
        } else {
            touched(&copy, &mut log)
        };
        Ok((
            Document {
                name: self.name.clone(),
                inner: copy,
            },
            touched,
        ))
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

    /// Whether changes name a record in what they do; used for its history.
    pub fn mentions(parts: &[Vec<u8>], key: &Key) -> bool {
        let whole = format!("{}/{}", key.kind, key.id);
        parts.iter().any(|part| {
            let names = |change: Change| {
                change.decode().operations.iter().any(|op| match &op.key {
                    automerge::legacy::Key::Map(name) => name
                        .strip_prefix(whole.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
                    automerge::legacy::Key::Seq(_) => false,
                })
            };
            guarded(|| Change::from_bytes(part.clone()).is_ok_and(names)).unwrap_or(false)
        })
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

/// The records that patches touched.
fn touched(document: &Automerge, log: &mut PatchLog) -> BTreeSet<Key> {
    document
        .make_patches(log)
        .into_iter()
        .filter_map(|patch| {
            let key = match (patch.path.first(), patch.action) {
                (Some((_, Prop::Map(key))), _) => key.clone(),
                (None, PatchAction::PutMap { key, .. } | PatchAction::DeleteMap { key }) => key,
                (
                    None,
                    PatchAction::Conflict {
                        prop: Prop::Map(key),
                    },
                ) => key,
                (
                    None,
                    PatchAction::Increment {
                        prop: Prop::Map(key),
                        ..
                    },
                ) => key,
                _ => return None,
            };
            parse_key(&key)
        })
        .collect()
}

fn as_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
