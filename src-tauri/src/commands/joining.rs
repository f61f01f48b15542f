//! Inviting, joining, recovering.

use crate::host::{Answer, State};
use commonhold_app::commands::invitations::{self, InvitationView, JoinRequest, NewInvitation};
use commonhold_app::commands::joining::{self, JoinState};
use commonhold_app::commands::recovery::{self, Recovered, RecoverySheet};
use commonhold_app::events::unheard;
use commonhold_core::authority::Role;
use commonhold_core::{BookId, RecordId};
use std::path::PathBuf;
use tauri::{AppHandle, command};

#[command]
#[allow(clippy::too_many_arguments)]
pub async fn invitation_create(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    person: Option<RecordId>,
    name: String,
    roles: Vec<Role>,
    days: u32,
    folder: String,
) -> Answer<InvitationView> {
    let new = NewInvitation { person, name, roles, days, folder };
    host.write(window, move |app| invitations::create(app, &book, &new)).await
}

#[command]
pub async fn invitation_list(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
) -> Answer<Vec<InvitationView>> {
    host.write(window, move |app| invitations::list(app, &book)).await
}

#[command]
pub async fn invitation_revoke(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    id: String,
) -> Answer<()> {
    host.write(window, move |app| invitations::revoke(app, &book, &id)).await
}

#[command]
pub async fn invitation_save(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    id: String,
    path: PathBuf,
) -> Answer<()> {
    host.write(window, move |app| invitations::save(app, &book, &id, &path)).await
}

#[command]
pub async fn join_requests(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
) -> Answer<Vec<JoinRequest>> {
    host.write(window, move |app| invitations::requests(app, &book)).await
}

#[command]
pub async fn join_confirm(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    id: String,
) -> Answer<()> {
    host.write(window, move |app| invitations::confirm(app, &book, &id)).await
}

#[command]
pub async fn join_refuse(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    id: String,
) -> Answer<()> {
    host.write(window, move |app| invitations::refuse(app, &book, &id)).await
}

#[command]
pub async fn join_start(
    host: State<'_>,
    window: AppHandle,
    folder: String,
    invitation: String,
    name: String,
    label: String,
) -> Answer<JoinState> {
    host.write(window, move |app| joining::start(app, &folder, &invitation, &name, &label)).await
}

#[command]
pub async fn join_check(
    host: State<'_>,
    window: AppHandle,
    id: String,
    job: String,
) -> Answer<JoinState> {
    host.write_job(window, job, move |app, on| joining::check(app, &id, on)).await
}

#[command]
pub async fn join_list(host: State<'_>, window: AppHandle) -> Answer<Vec<JoinState>> {
    host.write(window, joining::list).await
}

#[command]
pub async fn join_cancel(host: State<'_>, window: AppHandle, id: String) -> Answer<()> {
    host.write(window, move |app| joining::cancel(app, &id)).await
}

#[command]
pub async fn recovery_create(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
) -> Answer<RecoverySheet> {
    host.write(window, move |app| recovery::create(app, &book)).await
}

#[command]
pub async fn recovery_restore(
    host: State<'_>,
    window: AppHandle,
    words: String,
    folder: String,
    name: String,
) -> Answer<Recovered> {
    host.write(window, move |app| recovery::restore(app, &words, &folder, &name, &mut unheard))
        .await
}
