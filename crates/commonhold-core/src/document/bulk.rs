//! Many new entries at once. Their change is built whole and applied whole, which is several times
//! quicker than putting one key after the other and gives the same bytes.

use super::edit::entry_text;
use super::{Document, Edit, Error};
use crate::date::Time;
use crate::id::Device;
use crate::json::Fields;
use automerge::legacy::{Key, ObjectId, Op, OpType, SortedVec};
use automerge::transaction::Transactable;
use automerge::{
    ActorId, Author, Automerge, Change, ChangeHash, ExpandedChange, ROOT, ReadDoc, ScalarValue,
};
use std::collections::HashSet;
use std::num::NonZeroU64;

/// Entries from which on it is worth it.
const MANY: usize = 64;

impl Document {
    /// Writes new entries as one change and returns its bytes. Nothing is written and nothing
    /// returned when there are few, when one of them is not a new entry, or when this would be the
    /// actor's first change: that one names its author, and the library writes it.
    pub(super) fn write_entries(
        &mut self,
        actor: &ActorId,
        time: Time,
        edits: &[&Edit],
    ) -> Result<Option<Vec<u8>>, Error> {
        if edits.len() < MANY {
            return Ok(None);
        }
        let Some((last, seq)) = self.last_of(actor) else {
            return Ok(None);
        };
        let mut there: HashSet<String> = self.inner.keys(ROOT).collect();
        let mut operations = Vec::with_capacity(edits.len());
        for edit in edits {
            let Edit::Entry(key, fields) = edit else {
                return Ok(None);
            };
            let name = format!("{}/{}", key.kind, key.id);
            if !there.insert(name.clone()) {
                return Ok(None);
            }
            operations.push(put(name, entry_text(fields)));
        }
        self.put_all((actor, Some((last, seq)), Vec::new()), time, operations).map(Some)
    }

    /// Writes entries where others stand that are nobody's to write, and returns the change's bytes:
    /// what stands there stays, and which of them counts is for readers to know. An entry is never
    /// replaced, since nobody would take that in.
    pub fn write_beside(
        &mut self,
        actor: [u8; 16],
        device: &Device,
        time: Time,
        entries: &[(&super::Key, &Fields)],
    ) -> Result<Vec<u8>, Error> {
        let actor = ActorId::from(actor.as_slice());
        let operations = entries
            .iter()
            .map(|(key, fields)| put(format!("{}/{}", key.kind, key.id), entry_text(fields)));
        let operations = operations.collect();
        let last = self.last_of(&actor);
        let author = if last.is_none() { authors_mark(device)? } else { Vec::new() };
        self.put_all((&actor, last, author), time, operations)
    }

    /// Builds a change from operations after everything there is, applies it and returns its bytes.
    fn put_all(
        &mut self,
        (actor, last, author): (&ActorId, Option<(ChangeHash, u64)>, Vec<u8>),
        time: Time,
        operations: Vec<Op>,
    ) -> Result<Vec<u8>, Error> {
        let (last, seq) = last.unzip();
        let mut deps = self.inner.get_heads();
        deps.extend(last.filter(|last| !deps.contains(last)));
        deps.sort_unstable();
        let seen = deps.iter().filter_map(|dep| self.inner.get_change_meta_by_hash(dep));
        let max_op = seen.map(|meta| meta.max_op).max().unwrap_or(0);
        let start_op = NonZeroU64::new(max_op.saturating_add(1)).unwrap_or(NonZeroU64::MIN);
        let change = Change::from(ExpandedChange {
            operations,
            actor_id: actor.clone(),
            hash: None,
            seq: seq.unwrap_or(0).saturating_add(1),
            start_op,
            time: time.0.div_euclid(1000),
            message: None,
            deps,
            extra_bytes: author,
            author: None,
        });
        let bytes = change.raw_bytes().to_vec();
        self.inner.apply_changes([change])?;
        Ok(bytes)
    }

    /// Whether an actor has written here.
    pub fn knows(&self, actor: &[u8; 16]) -> bool {
        let actor = ActorId::from(actor.as_slice());
        self.inner.get_author_for_actor(&actor).is_some()
    }

    /// Hash and number of an actor's last change.
    fn last_of(&self, actor: &ActorId) -> Option<(ChangeHash, u64)> {
        let all = self.inner.get_changes_meta(&[]);
        let own = all.iter().filter(|meta| *meta.actor == *actor);
        own.max_by_key(|meta| meta.seq).map(|meta| (meta.hash, meta.seq))
    }
}

/// What an actor's first change ends with to name its author, as the library writes it.
fn authors_mark(device: &Device) -> Result<Vec<u8>, Error> {
    let author = Author::from(device.0.to_vec());
    let mut sample = Automerge::new().with_author(Some(author));
    let mut tx = sample.transaction();
    tx.put(ROOT, "sample", "")?;
    tx.commit();
    let changes = sample.get_changes(&[]);
    Ok(changes.first().map(|change| change.extra_bytes().to_vec()).unwrap_or_default())
}

/// Puts a text at the root, beside whatever stands there.
fn put(name: String, text: String) -> Op {
    Op {
        action: OpType::Put(ScalarValue::from(text)),
        obj: ObjectId::Root,
        key: Key::Map(name.into()),
        pred: SortedVec::new(),
        insert: false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Edit, Key, actor};
    use super::MANY;
    use crate::date::Time;
    use crate::id::{BookId, Device, LogId, RecordId};
    use serde_json::json;

    fn entry(n: u16) -> Edit {
        let mut id = [7; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        let fields =
            json!({"narration": format!("Öl {n}"), "v": 1, "postings": [{"b": 1, "a": "x"}]});
        let key = Key { kind: "transaction".into(), id: RecordId::from_bytes(id) };
        Edit::Entry(key, fields.as_object().cloned().unwrap())
    }

    /// Writes entries 0 to 300, the later ones in changes of a size, and returns all changes.
    fn written(size: usize) -> (Document, Vec<Vec<u8>>) {
        let mut document = Document::new(&BookId([9; 32]), "ledger/2026").unwrap();
        let entries: Vec<Edit> = (0..300).map(entry).collect();
        let all: Vec<&Edit> = entries.iter().collect();
        let actor = actor(&LogId([3; 16]), "ledger/2026");
        let mut write = |edits: &[&Edit]| {
            document.write(actor, &Device([1; 32]), Time(5_000), edits).unwrap().unwrap()
        };
        let mut changes = vec![write(&all[..10])];
        changes.extend(all[10..].chunks(size).map(&mut write));
        (document, changes)
    }

    #[test]
    fn a_change_built_whole_is_the_one_the_library_writes() {
        let (whole, changes) = written(290);
        let (mut slow, first) = written(290);
        slow.inner = Document::new(&BookId([9; 32]), "ledger/2026").unwrap().inner;
        slow.replay(&first[..1]).unwrap();
        let actor = automerge::ActorId::from(&actor(&LogId([3; 16]), "ledger/2026")[..]);
        let entries: Vec<Edit> = (10..300).map(entry).collect();
        slow.inner.set_actor(actor);
        let bytes = slow.write_one_by_one(Time(5_000), &entries.iter().collect::<Vec<_>>());
        assert_eq!(bytes.unwrap().unwrap(), changes[1]);
        assert_eq!(slow.save(), whole.save());
        let few = written(MANY - 1).0;
        assert_eq!(few.keys(), whole.keys());
        for n in [0, 150, 299] {
            let Edit::Entry(key, fields) = entry(n) else { unreachable!() };
            assert_eq!(whole.read(&key).unwrap().fields, fields);
        }
    }

    #[test]
    fn an_entry_that_is_there_is_refused_also_among_many() {
        let (mut document, _) = written(290);
        let entries: Vec<Edit> = (299..400).map(entry).collect();
        let edits: Vec<&Edit> = entries.iter().collect();
        let actor = actor(&LogId([3; 16]), "ledger/2026");
        assert!(document.write(actor, &Device([1; 32]), Time(6_000), &edits).is_err());
    }
}
