//! Bylaws: the questions, the text, the rules.

use super::Id;
use crate::host::{Answer, State, today};
use commonhold_app::commands::bylaws::{self, BylawsDraft};
use commonhold_core::BookId;
use commonhold_core::framework::bylaws::Answers;
use serde::Serialize;
use tauri::{AppHandle, command};

/// How many rules were written down.
#[derive(Serialize)]
pub struct Adopted {
    written: u32,
}

#[command]
pub async fn bylaws_draft(host: State<'_>, book: BookId, answers: Answers) -> Answer<BylawsDraft> {
    host.read_beside(move |reader| bylaws::draft(reader, &book, &answers, today())).await
}

#[command]
pub async fn bylaws_write(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    answers: Answers,
) -> Answer<Id> {
    host.write(window, move |app| Ok(Id { id: bylaws::write(app, &book, &answers)? })).await
}

#[command]
pub async fn bylaws_adopt(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    answers: Answers,
    decision: String,
) -> Answer<Adopted> {
    host.write(window, move |app| {
        Ok(Adopted { written: bylaws::adopt(app, &book, &answers, &decision)? })
    })
    .await
}
