//! What objects said that a document holds no more, as edits that can be made once more: their own
//! part alone, not what others had written to the same records.

use super::{Saved, What};
use crate::document::{Document, Key, Named, Version, change_hash};
use crate::id::Hash;
use crate::json::Fields;
use crate::object::Object;
use crate::records::Kind;
use crate::table::ColumnType;
use serde_json::Value;
use similar::{Algorithm, DiffTag};
use std::collections::BTreeSet;
use std::ops::Range;

/// Most work comparing two texts may be, in lines of one times lines of the other.
const MAX_DIFF: usize = 25_000_000;

/// What of these objects, in their order, a document held and holds no more.
pub(super) fn said(old: &Document, new: &Document, objects: &[Object]) -> Vec<Saved> {
    let mut all = Vec::new();
    let mut done: BTreeSet<Hash> = BTreeSet::new();
    for part in objects.iter().flat_map(|object| &object.parts) {
        let change = change_hash(part);
        if old.has(&change) && !new.has(&change) && done.insert(change) {
            for saved in of_change(old, new, (&change, part)) {
                add(&mut all, saved);
            }
        }
    }
    all
}

/// Adds one edit; one that goes on from the text another left is one with it.
fn add(all: &mut Vec<Saved>, saved: Saved) {
    if let What::Text { field, base, text } = &saved.what {
        let same = |other: &&mut Saved| (&other.kind, other.id) == (&saved.kind, saved.id);
        for other in all.iter_mut().filter(same) {
            if let What::Text { field: of, text: before, .. } = &mut other.what
                && (&*of, &*before) == (field, base)
            {
                before.clone_from(text);
                return;
            }
        }
    }
    all.push(saved);
}

/// What one change says.
fn of_change(old: &Document, new: &Document, (hash, part): (&Hash, &Vec<u8>)) -> Vec<Saved> {
    let mut saved = Vec::new();
    let mut say = |key: &Key, what| {
        let (document, kind) = (old.name().to_owned(), key.kind.clone());
        saved.push(Saved { document, kind, id: key.id, what });
    };
    let mut living: BTreeSet<Key> = BTreeSet::new();
    for named in Document::named(std::slice::from_ref(part)) {
        match named {
            // Another of the same id may stand there, and be nobody's to write.
            Named::Entry(key) if version(new, &key, hash).is_none() => {
                if let Some(fields) = version(old, &key, hash).and_then(|version| version.fields) {
                    say(&key, What::Entry(fields));
                }
            }
            Named::Field(key) => drop(living.insert(key)),
            Named::Inside => living.extend(inside(old.name())),
            Named::Entry(_) | Named::Other => {}
        }
    }
    let around = if living.is_empty() { None } else { old.around(hash) };
    let Some((before, after)) = around else { return saved };
    for key in living {
        let of =
            |document: &Document| document.read(&key).map(|raw| raw.fields).unwrap_or_default();
        let [before, after, was, is] = [&before, &after, old, new].map(of);
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let mut fields = Fields::new();
        for name in names {
            let (from, to) = (before.get(name), after.get(name));
            if from == to || was.get(name) == is.get(name) {
                continue; // it said nothing of this, or nothing of it is lost
            }
            match to.and_then(Value::as_str).filter(|_| is_text(&key.kind, name)) {
                Some(text) => {
                    let base = from.and_then(Value::as_str).unwrap_or_default().to_owned();
                    say(&key, What::Text { field: name.clone(), base, text: text.to_owned() });
                }
                // Something else was written there since then.
                None if was.get(name) != to => {}
                None => drop(fields.insert(name.clone(), to.cloned().unwrap_or(Value::Null))),
            }
        }
        if !fields.is_empty() {
            say(&key, What::Fields(fields));
        }
    }
    saved
}

/// What a change wrote as an entry, where the document holds that.
fn version(document: &Document, key: &Key, change: &Hash) -> Option<Version> {
    let versions = document.read(key)?.versions;
    versions.into_iter().find(|version| version.change.as_ref() == Some(change))
}

/// The record whose texts lie in a document, where they do in one named after it.
fn inside(document: &str) -> Option<Key> {
    let (kind, id) = document.split_once('/')?;
    Some(Key { kind: kind.to_owned(), id: id.parse().ok()? })
}

fn is_text(kind: &str, field: &str) -> bool {
    let column = kind.parse::<Kind>().ok().and_then(|kind| kind.info().column(field));
    column.is_some_and(|column| column.holds == ColumnType::LongText)
}

/// A text to be said again, without the lines it adds to `base` that stand at the same places of
/// the text there is `now`: copies of a profile may have the same to say again. Whatever is taken
/// out of `base` is taken out once, anyway.
pub(super) fn without_what_is_there(base: &str, text: &str, now: &str) -> String {
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    let (base, text, now) = (lines(base), lines(text), lines(now));
    let most = base.len().saturating_mul(text.len().max(now.len()));
    if most > MAX_DIFF {
        return text.concat();
    }
    let mut added: Vec<(Range<usize>, Vec<&String>)> = Vec::new();
    for op in similar::capture_diff_slices(Algorithm::Myers, &base, &now) {
        if op.tag() != DiffTag::Equal {
            added.push((op.old_range(), now.get(op.new_range()).into_iter().flatten().collect()));
        }
    }
    let mut out = String::new();
    for op in similar::capture_diff_slices(Algorithm::Myers, &base, &text) {
        let (old, new) = (op.old_range(), text.get(op.new_range()).unwrap_or_default());
        for line in new {
            let mut there = added.iter_mut().filter(|_| op.tag() != DiffTag::Equal);
            let place = there.find_map(|(range, lines)| {
                let touches = range.start <= old.end && old.start <= range.end;
                let at = lines.iter().position(|other| *other == line).filter(|_| touches)?;
                Some((lines, at))
            });
            match place {
                Some((lines, at)) => drop(lines.remove(at)),
                None => out.push_str(line),
            }
        }
    }
    out
}
