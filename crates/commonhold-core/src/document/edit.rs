//! Edits: what a write asks a document to hold.

use super::{Error, Key, values_in};
use crate::json::{self, Fields};
use automerge::transaction::{Transactable, Transaction};
use automerge::{ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use serde_json::Value;
use similar::{Algorithm, DiffOp};
use std::hash::Hash;
use std::ops::Range;

/// One thing to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A new entry with these fields.
    Entry(Key, Fields),
    /// Changed fields of a living record; `null` clears one. Fields not named stay as they are,
    /// also those this version does not know.
    Fields(Key, Fields),
    /// A long text: what the writer started from and what they want.
    Text {
        /// The record.
        key: Key,
        /// The field.
        field: String,
        /// The text the writer saw; what others wrote since then is kept.
        base: Option<String>,
        /// The text they want.
        text: String,
    },
}

/// One step on the document.
pub(super) enum Plan {
    Put(String, ScalarValue),
    NewText(String, String),
    Splices(ObjId, Vec<Splice>),
}

pub(super) struct Splice {
    at: usize,
    delete: isize,
    insert: String,
}

impl Plan {
    pub(super) fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Error> {
        match self {
            Self::Put(key, value) => tx.put(ROOT, key.as_str(), value.clone())?,
            Self::NewText(key, text) => {
                let object = tx.put_object(ROOT, key.as_str(), ObjType::Text)?;
                tx.splice_text(&object, 0, 0, text)?;
            }
            Self::Splices(object, splices) => {
                for splice in splices.iter().rev() {
                    tx.splice_text(object, splice.at, splice.delete, &splice.insert)?;
                }
            }
        }
        Ok(())
    }
}

/// What an edit does to a document as it is now.
pub(super) fn plan(doc: &impl ReadDoc, edit: &Edit) -> Result<Vec<Plan>, Error> {
    match edit {
        Edit::Entry(key, fields) => {
            let name = format!("{}/{}", key.kind, key.id);
            if doc.get(ROOT, name.as_str())?.is_some() {
                return Err(Error::Exists(key.id));
            }
            Ok(vec![Plan::Put(name, ScalarValue::from(entry_text(fields)))])
        }
        Edit::Fields(key, fields) => Ok(fields
            .iter()
            .map(|(field, value)| (format!("{}/{}/{field}", key.kind, key.id), value))
            .filter(|(name, value)| differs(doc, name, value))
            .map(|(name, value)| Plan::Put(name, scalar(value)))
            .collect()),
        Edit::Text { key, field, base, text } => {
            let name = format!("{}/{}/{field}", key.kind, key.id);
            Ok(vec![plan_text(doc, name, base.as_deref(), text)?])
        }
    }
}

/// Whether writing a value would change anything; a conflict is settled by writing either.
fn differs(doc: &impl ReadDoc, name: &str, value: &Value) -> bool {
    match values_in(doc, name).as_deref() {
        Some([one]) => one != value,
        Some(_) => true,
        None => !value.is_null(),
    }
}

fn plan_text(
    doc: &impl ReadDoc,
    name: String,
    base: Option<&str>,
    text: &str,
) -> Result<Plan, Error> {
    let Some((automerge::Value::Object(ObjType::Text), object)) = doc.get(ROOT, name.as_str())?
    else {
        return Ok(Plan::NewText(name, text.to_owned()));
    };
    let current: Vec<char> = doc.text(&object)?.chars().collect();
    let base: Vec<char> = base.map_or_else(|| current.clone(), |base| base.chars().collect());
    let wanted: Vec<char> = text.chars().collect();
    Ok(Plan::Splices(object, splices(&current, &base, &wanted)))
}

/// How an entry lies in a document: canonical JSON.
pub(super) fn entry_text(fields: &Fields) -> String {
    json::canonical(fields)
}

/// The edit from `base` to `wanted`, carried onto `current`: what others wrote in between stays.
fn splices(current: &[char], base: &[char], wanted: &[char]) -> Vec<Splice> {
    let moved = diff(base, current);
    let mut out = Vec::new();
    for op in diff(base, wanted) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (op.old_range(), op.new_range());
        let insert: String = wanted.get(new).unwrap_or_default().iter().collect();
        // What is deleted may have been split by others' insertions: delete only what was there.
        let kept = equal_runs(&moved, old.start, old.end);
        let at = kept.first().map_or_else(|| carry(&moved, old.start), |run| run.0);
        if !insert.is_empty() {
            out.push(Splice { at, delete: 0, insert });
        }
        for (start, length) in kept {
            let delete = isize::try_from(length).unwrap_or(0);
            out.push(Splice { at: start, delete, insert: String::new() });
        }
    }
    out
}

/// Most work a diff may be, in parts of one text times parts of the other.
const MAX_DIFF: usize = 25_000_000;

/// The difference of two texts: whole lines first, and letters only within lines that stand for
/// others. Compared letter by letter alone, letters of a line others put in could be taken for
/// those of the line after it, and what is put in there would come to lie in the midst of theirs.
fn diff(old: &[char], new: &[char]) -> Vec<DiffOp> {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let (mut ops, mut old_at, mut new_at) = (Vec::new(), 0_usize, 0_usize);
    for op in changes(&old_lines, &new_lines) {
        let (before, after) =
            (length(&old_lines, op.old_range()), length(&new_lines, op.new_range()));
        let (old_end, new_end) = (old_at.saturating_add(before), new_at.saturating_add(after));
        if matches!(op, DiffOp::Replace { .. }) {
            let old = old.get(old_at..old_end).unwrap_or_default();
            let new = new.get(new_at..new_end).unwrap_or_default();
            for op in changes(old, new) {
                let (from, to) = (op.old_range(), op.new_range());
                let from_at = old_at.saturating_add(from.start);
                let to_at = new_at.saturating_add(to.start);
                ops.push(step(&op, (from_at, from.len()), (to_at, to.len())));
            }
        } else {
            ops.push(step(&op, (old_at, before), (new_at, after)));
        }
        (old_at, new_at) = (old_end, new_end);
    }
    ops
}

/// A text in lines, each with its end.
fn lines(text: &[char]) -> Vec<&[char]> {
    text.split_inclusive(|letter| *letter == '\n').collect()
}

fn length(lines: &[&[char]], range: Range<usize>) -> usize {
    let lines = lines.get(range).unwrap_or_default().iter();
    lines.fold(0, |sum, line| sum.saturating_add(line.len()))
}

/// The same step over other ranges: where each begins and how long it is.
fn step(op: &DiffOp, old: (usize, usize), new: (usize, usize)) -> DiffOp {
    let ((old_index, old_len), (new_index, new_len)) = (old, new);
    match op {
        DiffOp::Equal { .. } => DiffOp::Equal { old_index, new_index, len: old_len },
        DiffOp::Delete { .. } => DiffOp::Delete { old_index, old_len, new_index },
        DiffOp::Insert { .. } => DiffOp::Insert { old_index, new_index, new_len },
        DiffOp::Replace { .. } => DiffOp::Replace { old_index, old_len, new_index, new_len },
    }
}

/// The difference of two sequences. What they have in common at both ends is left out first; where
/// the rest is too much to compare, it is replaced as a whole.
fn changes<T: Eq + Hash + Ord>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) =
        (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_len, new_len) =
        (old_rest.len().saturating_sub(tail), new_rest.len().saturating_sub(tail));
    if old_len.saturating_mul(new_len) <= MAX_DIFF {
        return similar::capture_diff_slices(Algorithm::Myers, old, new);
    }
    let (old_tail, new_tail) = (head.saturating_add(old_len), head.saturating_add(new_len));
    vec![
        DiffOp::Equal { old_index: 0, new_index: 0, len: head },
        DiffOp::Replace { old_index: head, old_len, new_index: head, new_len },
        DiffOp::Equal { old_index: old_tail, new_index: new_tail, len: tail },
    ]
}

/// The parts of a range of the old text that still stand in the new one: (start there, length).
fn equal_runs(ops: &[DiffOp], from: usize, to: usize) -> Vec<(usize, usize)> {
    ops.iter()
        .filter_map(|op| match *op {
            DiffOp::Equal { old_index, new_index, len } => {
                let start = from.max(old_index);
                let end = to.min(old_index.saturating_add(len));
                let offset = start.checked_sub(old_index)?;
                let length = end.checked_sub(start).filter(|length| *length > 0)?;
                Some((new_index.saturating_add(offset), length))
            }
            _ => None,
        })
        .collect()
}

/// Where a place of the old text is in the new one.
fn carry(ops: &[DiffOp], place: usize) -> usize {
    let mut at = 0;
    for op in ops {
        let (old, new) = (op.old_range(), op.new_range());
        if old.start > place {
            break;
        }
        let inside = place.saturating_sub(old.start);
        at = match op {
            DiffOp::Equal { .. } if place <= old.end => {
                return new.start.saturating_add(inside);
            }
            _ => new.end,
        };
    }
    at
}

/// A JSON value as one scalar: lists and objects as canonical JSON text.
fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Null => ScalarValue::Null,
        Value::Bool(yes) => ScalarValue::Boolean(*yes),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => ScalarValue::Int(whole),
            None => ScalarValue::from(number.to_string()),
        },
        Value::String(text) => ScalarValue::from(text.as_str()),
        other => ScalarValue::from(json::canonical(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(current: &str, base: &str, wanted: &str) -> String {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let mut out = chars(current);
        for splice in splices(&chars(current), &chars(base), &chars(wanted)).iter().rev() {
            let end = splice.at + usize::try_from(splice.delete).unwrap();
            out.splice(splice.at..end, splice.insert.chars());
        }
        out.into_iter().collect()
    }

    #[test]
    fn an_edit_keeps_what_others_wrote_since() {
        assert_eq!(merged("abc", "abc", "abXc"), "abXc");
        assert_eq!(merged("Hello dear world", "Hello world", "Hello world!"), "Hello dear world!");
        assert_eq!(merged("1 2 3 4", "1 2 3", "0 1 2 3"), "0 1 2 3 4");
        assert_eq!(merged("a NEW b", "a b", ""), "NEW ");
        assert_eq!(merged("", "gone", "gone and more"), " and more");
        assert_eq!(merged("über Öl", "über", "über!"), "über Öl!".replace(" Öl!", "! Öl"));
    }

    #[test]
    fn lines_come_to_lie_between_lines() {
        // Letter by letter, each of these could begin within the line after it.
        let base = "begin\nw1b00fd\nend\n";
        for line in ["w1\n", "w11b\n", "wb1b0\n", "we91f00fd1\n", "b\nw1b\n", "\n", "end\n"] {
            for at in [6, 14, base.len()] {
                let put = |text: &str, line: &str| format!("{}{line}{}", &text[..at], &text[at..]);
                let wanted = put(base, line);
                let moved = put(base, "w1cb9ffcfa\n");
                let text = merged(&moved, base, &wanted);
                let mut found: Vec<&str> = text.split_inclusive('\n').collect();
                let mut all: Vec<&str> = wanted.split_inclusive('\n').collect();
                all.push("w1cb9ffcfa\n");
                found.sort_unstable();
                all.sort_unstable();
                assert_eq!(found, all, "{line:?} at {at}");
            }
        }
        assert_eq!(merged("a\nb c\nd\n", "a\nb\nd\n", "a\nb!\nd\n"), "a\nb! c\nd\n");
        // The shortest difference of letters takes the “b” of the first word for that of “begin”.
        let others = "w53dd9765a49b\nw65605fa2d9b1\nwaa19512327f8\nwaef016dd09d1\nw1000ee262fca\n";
        let now = format!("wcb9ffcfa322d\nbegin\nend\n{others}");
        assert_eq!(
            merged(&now, "begin\nend\n", "w6a61845b5dd8\nbegin\nend\n"),
            format!("wcb9ffcfa322d\nw6a61845b5dd8\nbegin\nend\n{others}")
        );
    }

    #[test]
    fn a_text_replaced_as_a_whole_is_not_compared_letter_by_letter() {
        let old: String =
            (0..20_000_u32).map(|n| char::from(b'a' + u8::try_from(n * n % 23).unwrap())).collect();
        let new: String =
            (0..20_000_u32).map(|n| char::from(b'A' + u8::try_from(n * n % 19).unwrap())).collect();
        let wanted = format!("head {new} tail");
        assert_eq!(
            merged(&format!("head {old} tail"), &format!("head {old} tail"), &wanted),
            wanted
        );
    }

    #[test]
    fn without_others_the_wanted_text_comes_out() {
        for (base, wanted) in [("", "x"), ("x", ""), ("same", "same"), ("kitten", "sitting")] {
            assert_eq!(merged(base, base, wanted), wanted);
        }
    }
}
