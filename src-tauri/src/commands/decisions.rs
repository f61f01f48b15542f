//! Votes and the register of decisions.

use super::Id;
use crate::host::{Answer, State};
use commonhold_app::commands::decisions::{self, *};
use commonhold_core::{BookId, Date, RecordId};
use serde::Serialize;
use std::path::PathBuf;
use tauri::{AppHandle, command};

#[command]
pub async fn rules(host: State<'_>, window: AppHandle, book: BookId) -> Answer<Vec<RuleView>> {
    host.write(window, move |app| decisions::rules(app, &book)).await
}

#[command]
pub async fn proposal_list(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
) -> Answer<Vec<ProposalRow>> {
    host.write(window, move |app| decisions::proposal_list(app, &book)).await
}

#[command]
pub async fn proposal_view(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    id: RecordId,
) -> Answer<ProposalView> {
    host.write(window, move |app| decisions::proposal_view(app, &book, &id)).await
}

#[command]
pub async fn proposal_open(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    new: NewProposal,
) -> Answer<Id> {
    host.write(window, move |app| Ok(Id { id: decisions::proposal_open(app, &book, &new)? })).await
}

#[command]
pub async fn vote(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    proposal: RecordId,
    choice: Choice,
) -> Answer<Id> {
    host.write(window, move |app| Ok(Id { id: decisions::vote(app, &book, &proposal, &choice)? }))
        .await
}

#[command]
pub async fn say(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    proposal: RecordId,
    kind: String,
    reason: Option<String>,
) -> Answer<Id> {
    host.write(window, move |app| {
        Ok(Id { id: decisions::say(app, &book, &proposal, &kind, reason.as_deref())? })
    })
    .await
}

#[command]
pub async fn tally_preview(host: State<'_>, book: BookId, proposal: RecordId) -> Answer<TallyDone> {
    host.read_beside(move |reader| decisions::tally_preview(reader, &book, &proposal)).await
}

#[command]
pub async fn tally_sign(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    proposal: RecordId,
    recount: bool,
) -> Answer<TallyDone> {
    host.write(window, move |app| decisions::tally_sign(app, &book, &proposal, recount)).await
}

#[command]
pub async fn decision_record(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    new: NewDecision,
) -> Answer<Id> {
    host.write(window, move |app| Ok(Id { id: decisions::decision_record(app, &book, &new)? }))
        .await
}

/// A decision and the election it rests on.
#[derive(Serialize)]
pub struct Imported {
    id: RecordId,
    election: ElectionView,
}

#[command]
pub async fn election_read(host: State<'_>, path: PathBuf) -> Answer<ElectionView> {
    host.read_beside(move |_| decisions::election_read(&path)).await
}

#[command]
pub async fn election_import(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    path: PathBuf,
    title: String,
    text: String,
    date: Option<Date>,
) -> Answer<Imported> {
    host.write(window, move |app| {
        let (id, election) = decisions::election_import(app, &book, &path, (&title, &text, date))?;
        Ok(Imported { id, election })
    })
    .await
}
