//! Votes held elsewhere: their file is counted again, and the result is put on the register with
//! the file's SHA-256.

use crate::app::App;
use crate::commands::imports::read_file;
use crate::commands::{count, records};
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::json;
use commonhold_core::records::governance::decision::Decision;
use commonhold_core::{Date, Kind, RecordId};
use commonhold_exchange::import::ballots::{self, Election};
use serde::Serialize;
use std::path::Path;

/// A vote held elsewhere, counted again.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ElectionView {
    /// The format: civs or blt.
    pub format: String,
    /// What the file calls the election.
    pub title: Option<String>,
    /// The options, in the file's order.
    pub candidates: Vec<String>,
    /// How many ballots.
    pub ballots: u32,
    /// How many seats were to be filled, where the file says so.
    pub seats: Option<u32>,
    /// Options that had withdrawn.
    pub withdrawn: Vec<String>,
    /// The order by Schulze's method, the best first; equals joined by “ = ”.
    pub order: Vec<String>,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Lines of the file that could not be read, as sentences.
    pub not_understood: Vec<String>,
}

fn view(election: Election) -> ElectionView {
    let order = election.order();
    ElectionView {
        format: election.format.to_owned(),
        ballots: count(election.count()),
        order,
        title: election.title,
        seats: election.seats,
        withdrawn: election.withdrawn,
        candidates: election.candidates,
        sha256: election.sha256,
        not_understood: election.not_understood,
    }
}

/// Reads a file of ballots without writing anything.
pub fn election_read(path: &Path) -> Result<ElectionView, Failure> {
    let bytes = read_file(path)?;
    let election =
        ballots::read(&bytes).map_err(|error| Failure::new(Code::Invalid, error.to_string()))?;
    Ok(view(election))
}

/// Puts the result of a vote held elsewhere on the register. Returns the decision and what was
/// read.
pub fn election_import(
    app: &mut App,
    book: &BookId,
    path: &Path,
    (title, text, date): (&str, &str, Option<Date>),
) -> Result<(RecordId, ElectionView), Failure> {
    let election = election_read(path)?;
    let there = app.reader().with(book, Kind::Decision, "vote_sha256", &election.sha256)?;
    if let Some(row) = there.iter().find(|r| r.state == commonhold_core::projection::State::Ok) {
        return Err(Failure::new(Code::Exists, "The result of this file is on the register.")
            .detail(row.id));
    }
    if let Some(line) = election.not_understood.first() {
        return Err(Failure::new(Code::Invalid, line.clone())
            .hint("A result is recorded only from a file that was read whole; mend the file."));
    }
    let today = app.today();
    let title = match (title.trim(), &election.title) {
        ("", Some(title)) => title.clone(),
        (title, _) => title.to_owned(),
    };
    let decision = Decision {
        title,
        text: text.to_owned(),
        date: date.or(Some(today)),
        vote_format: Some(election.format.clone()),
        vote_sha256: Some(election.sha256.clone()),
        vote_order: election.order.clone(),
        ..Decision::default()
    };
    let id = records::add(app, book, Kind::Decision, json::fields(&decision))?;
    Ok((id, election))
}
