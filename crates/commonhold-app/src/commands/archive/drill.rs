//! A drill: the newest archive is restored into a profile of its own that goes again, and compared
//! with the service as it is here. What came of it is recorded.

use super::regular::{archives, plan};
use super::{restore, verify};
use crate::app::App;
use crate::clock::System;
use crate::commands::{records, sync};
use crate::events::OnProgress;
use crate::failure::{Code, Failure};
use commonhold_core::id::{BookId, hex};
use commonhold_core::json::Fields;
use commonhold_core::store::Reader;
use commonhold_core::{Kind, RecordId};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// What a drill found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArchiveDrill {
    /// The archive.
    pub file: String,
    /// When it was written, as it says.
    pub written: String,
    /// Whether all is as it must be.
    pub ok: bool,
    /// Records in the archive.
    pub records: u32,
    /// Logs that were compared, each by the hash of its last object.
    pub logs: u32,
    /// Logs that went on here since the archive was written.
    pub went_on: u32,
    /// Accounts, funds, currencies and months whose sums were compared; nothing was, where logs went
    /// on.
    pub sums: u32,
    /// What is wrong, a sentence each.
    pub problems: Vec<String>,
    /// The record of the drill; nothing where none was asked for.
    pub drill: Option<RecordId>,
}

/// Restores an archive (the newest of the plan's folder, where none is named) and compares it with
/// what is here: every log by the hash at its end, and where none went on since, all kept sums and
/// the fingerprint of all records. With `record` the drill is written down.
pub fn drill(
    app: &mut App,
    book: &BookId,
    file: Option<&Path>,
    record: bool,
    on: OnProgress<'_>,
) -> Result<ArchiveDrill, Failure> {
    let file = match file {
        Some(file) => file.to_owned(),
        None => newest(app.reader(), book)?,
    };
    let judged = verify(&file, on)?;
    let mut found = ArchiveDrill {
        file: file.display().to_string(),
        written: judged.written,
        ok: false,
        records: judged.records,
        logs: 0,
        went_on: 0,
        sums: 0,
        problems: judged.problems,
        drill: None,
    };
    if judged.ok {
        let failed = |error: std::io::Error| Failure::file(&std::env::temp_dir(), &error);
        let home = tempfile::tempdir().map_err(failed)?;
        let mut other = App::open_in(home.path(), Box::new(System))?;
        match restore(&mut other, &file, on) {
            Ok(restored) if restored.book == *book => {
                compare(app.reader(), other.reader(), book, &mut found)?;
            }
            Ok(restored) => {
                found.problems.push(format!("It is an archive of {}.", restored.name));
            }
            Err(failure) if failure.code == Code::Cancelled => return Err(failure),
            Err(failure) => found.problems.push(failure.message),
        }
    }
    found.ok = found.problems.is_empty();
    if record {
        let sha256 = digest(&file)?;
        let fields = fields(app, book, &found, &sha256)?;
        found.drill = Some(records::add(app, book, Kind::Drill, fields)?);
    }
    Ok(found)
}

fn newest(reader: &Reader, book: &BookId) -> Result<PathBuf, Failure> {
    let name = sync::name_of(reader, book)?;
    let plan = plan(reader, book)?;
    let all = plan.map(|plan| archives(&name, &plan.folder)).transpose()?.unwrap_or_default();
    all.last().cloned().ok_or_else(|| {
        Failure::new(Code::NotFound, "There is no archive to try.")
            .hint("Write one: commonhold archive run. Or name one: commonhold archive drill FILE")
    })
}

fn compare(
    here: &Reader,
    there: &Reader,
    book: &BookId,
    found: &mut ArchiveDrill,
) -> Result<(), Failure> {
    let ends = here.log_heads(book)?;
    let restored = there.log_heads(book)?;
    for (log, seq, hash) in &restored {
        found.logs = found.logs.saturating_add(1);
        let known = here.object_hash(book, log, *seq)?;
        if known != Some(*hash) {
            found.problems.push(format!(
                "The log {} of the archive holds another object {seq} than the one here.",
                hex(&log.0)
            ));
        }
        let last = ends.iter().find(|(other, ..)| other == log).map(|(_, last, _)| *last);
        found.went_on = found.went_on.saturating_add(u32::from(last > Some(*seq)));
    }
    let new = ends.iter().filter(|(log, ..)| !restored.iter().any(|(other, ..)| other == log));
    found.went_on = found.went_on.saturating_add(super::count(new.count()));
    if found.went_on > 0 || !found.problems.is_empty() {
        return Ok(());
    }
    let (mut ours, mut theirs) = (here.sums(book)?, there.sums(book)?);
    let order = |line: &commonhold_core::projection::SumLine| {
        (line.account, line.fund, line.amount.currency, line.month)
    };
    ours.sort_by_key(order);
    theirs.sort_by_key(order);
    found.sums = super::count(ours.len());
    if ours != theirs {
        found.problems.push("The sums of the restored service differ from those here.".into());
    }
    if here.fingerprint(book)? != there.fingerprint(book)? {
        found.problems.push("The records of the restored service differ from those here.".into());
    }
    Ok(())
}

/// SHA-256 of a file, hexadecimal.
fn digest(file: &Path) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::file(file, &error);
    let (mut hash, mut open) = (Sha256::new(), std::fs::File::open(file).map_err(failed)?);
    let mut buffer = vec![0_u8; 1 << 16];
    loop {
        match std::io::Read::read(&mut open, &mut buffer).map_err(failed)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

fn fields(
    app: &mut App,
    book: &BookId,
    found: &ArchiveDrill,
    sha256: &str,
) -> Result<Fields, Failure> {
    let now = app.now();
    let person = app.store()?.writer(book, now)?.person;
    let note = match (found.problems.first(), found.went_on) {
        (Some(problem), _) => problem.clone(),
        (None, 0) => format!(
            "Restored {} records; {} logs and {} sums are the same.",
            found.records, found.logs, found.sums
        ),
        (None, _) => format!(
            "Restored {} records of {}; {} logs are the same up to there.",
            found.records, found.written, found.logs
        ),
    };
    let value = json!({
        "date": now.date(), "type": "restore", "result": if found.ok { "worked" } else { "failed" },
        "note": note, "sha256": sha256, "person": person,
    });
    Ok(match value {
        Value::Object(fields) => fields,
        _ => Fields::new(),
    })
}
