//! The lossless part: every record as JSON, the documents, and the signed objects.

use super::{Error, Export, Record, Stop, each, words};
use commonhold_core::id::{Hash, LogId};
use commonhold_core::json;
use commonhold_core::object::MAX_BYTES;
use commonhold_core::records::Kind;
use serde_json::{Value, json};
use std::io::Write;

/// Name of the form of `crdt/heads.json`.
pub(super) const HEADS_FORMAT: &str = "commonhold-heads/1";

/// One record on one line: canonical JSON (RFC 8785).
fn line(kind: Kind, record: Record) -> String {
    let value = json!({
        "document": record.document,
        "fields": Value::Object(record.fields),
        "id": record.id,
        "kind": kind.name(),
        "problems": record.problems,
        "state": record.state,
    });
    exact(value)
}

/// Largest whole number RFC 8785 writes exactly (I-JSON, RFC 7493 §2.2).
const MAX_EXACT: u64 = 1 << 53;

fn is_exact(value: &Value) -> bool {
    match value {
        Value::Number(number) => number
            .as_i64()
            .map(i64::unsigned_abs)
            .or(number.as_u64())
            .is_some_and(|number| number <= MAX_EXACT),
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(fields) => fields.values().all(is_exact),
        _ => true,
    }
}

/// Canonical JSON (RFC 8785), except that numbers it would round stay as they are.
pub(super) fn exact(mut value: Value) -> String {
    if is_exact(&value) {
        return json::canonical(&value);
    }
    value.sort_all_objects();
    value.to_string()
}

/// Writes `records/<plural>.jsonl` of every kind.
pub(super) fn write_records(work: &mut Export<'_>) -> Result<(), Error> {
    for kind in Kind::ALL.iter().copied() {
        let path = format!("data/records/{}.jsonl", kind.plural());
        work.progress.at(&path)?;
        work.bag.start(&path, true)?;
        let (bag, records) = (&mut work.bag, &mut work.records);
        each(work.source, kind, &mut work.progress, &mut |record| {
            *records = records.saturating_add(1);
            let mut text = line(kind, record);
            text.push('\n');
            Ok(bag.write_all(text.as_bytes())?)
        })?;
        work.bag.end();
    }
    Ok(())
}

/// The file of a document: slashes become two underscores; any name that is not plain, or would
/// be in the way on some system, is replaced by its hash.
pub(super) fn document_file(name: &str) -> String {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
    };
    if name.len() <= 150 && name.split('/').all(plain) && !words::is_device_name(name) {
        format!("{}.automerge", name.replace('/', "__"))
    } else {
        format!("x-{}.automerge", Hash::of(name.as_bytes()))
    }
}

/// Writes `crdt/*.automerge` and `crdt/heads.json`.
pub(super) fn write_documents(work: &mut Export<'_>) -> Result<(), Error> {
    let mut documents = Vec::new();
    for (name, heads) in work.source.documents()? {
        let file = document_file(&name);
        let path = format!("data/crdt/{file}");
        work.progress.at(&path)?;
        let bytes = work.source.document(&name)?;
        work.bag.start(&path, false)?;
        work.bag.write_all(&bytes)?;
        work.bag.end();
        documents.push(json!({ "file": file, "heads": heads, "name": name }));
    }
    let heads = json!({
        "book": work.source.book(),
        "documents": documents,
        "format": HEADS_FORMAT,
    });
    let text = format!("{}\n", json::canonical(&heads));
    work.bag.whole("data/crdt/heads.json", text.as_bytes())
}

/// Writes `objects/<log>.objects`, each log from 1, each branch of one from where it begins: before each object its length, four bytes, big-endian.
pub(super) fn write_objects(work: &mut Export<'_>) -> Result<(), Error> {
    work.progress.at("data/objects")?;
    let (bag, progress) = (&mut work.bag, &mut work.progress);
    let mut last: Option<(LogId, u64)> = None;
    let mut failure = None;
    let mut write = |log: LogId, seq: u64, bytes: &[u8]| -> Result<(), Error> {
        progress.step()?;
        let expected = last.map_or(1, |(_, seq)| seq.saturating_add(1));
        match last {
            Some((open, _)) if open == log && seq == expected => {}
            Some((open, _)) if open >= log => return Err(out_of_order(log, seq)),
            _ => {
                bag.end();
                bag.start(&format!("data/objects/{log}.objects"), false)?;
            }
        }
        last = Some((log, seq));
        if bytes.len() > MAX_BYTES {
            return Err(out_of_order(log, seq));
        }
        let length = u32::try_from(bytes.len()).map_err(|_| out_of_order(log, seq))?;
        bag.write_all(&length.to_be_bytes())?;
        Ok(bag.write_all(bytes)?)
    };
    let result = work.source.each_object(&mut |log, seq, bytes| {
        write(log, seq, bytes).map_err(|error| {
            failure = Some(error);
            Stop
        })
    });
    failure.map_or(result, Err)?;
    work.bag.end();
    Ok(())
}

fn out_of_order(log: LogId, seq: u64) -> Error {
    Error::Source(format!("object {seq} of log {log} is out of order or too long."))
}
