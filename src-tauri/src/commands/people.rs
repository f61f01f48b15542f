//! People, devices, roles, removal, and what was not let in.

use crate::host::{Answer, State, today};
use commonhold_app::commands::people::{self, Grant, RemovalPreview, Rotation, Signed, Team};
use commonhold_app::commands::service_links::{self, PersonElsewhere};
use commonhold_app::commands::trust::{self, HeldObject, HistoryStep, RejectedList};
use commonhold_core::authority::Role;
use commonhold_core::{BookId, Date, Device, Kind, RecordId};
use tauri::{AppHandle, command};

#[command]
pub async fn team(host: State<'_>, window: AppHandle, book: BookId) -> Answer<Team> {
    host.write(window, move |app| people::team(app, &book)).await
}

#[command]
#[allow(clippy::too_many_arguments)]
pub async fn role_grant(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    person: RecordId,
    role: Role,
    from: Option<Date>,
    to: Option<Date>,
    decision: Option<RecordId>,
) -> Answer<Signed> {
    let grant = Grant { person, role, from, to, decision };
    host.write(window, move |app| people::grant(app, &book, &grant)).await
}

#[command]
pub async fn role_end(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    person: RecordId,
    role: Role,
    reason: String,
) -> Answer<Signed> {
    host.write(window, move |app| people::end(app, &book, person, role, &reason)).await
}

#[command]
pub async fn removal_preview(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    person: RecordId,
    device: Option<Device>,
) -> Answer<RemovalPreview> {
    host.write(window, move |app| people::preview(app, &book, person, device)).await
}

#[command]
pub async fn member_remove(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    person: RecordId,
    device: Option<Device>,
    reason: String,
) -> Answer<Signed> {
    host.write(window, move |app| people::remove(app, &book, person, device, &reason)).await
}

#[command]
pub async fn report_rotation(host: State<'_>, book: BookId) -> Answer<Rotation> {
    host.read(move |reader| people::rotation(reader, &book)).await
}

#[command]
pub async fn history(
    host: State<'_>,
    book: BookId,
    kind: Kind,
    id: RecordId,
) -> Answer<Vec<HistoryStep>> {
    host.read(move |reader| trust::history(reader, &book, kind, &id)).await
}

#[command]
pub async fn held_list(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
) -> Answer<Vec<HeldObject>> {
    host.write(window, move |app| trust::held(app, &book)).await
}

#[command]
pub async fn held_release(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    object: String,
    reason: String,
) -> Answer<()> {
    host.write(window, move |app| trust::release(app, &book, &object, &reason)).await
}

#[command]
pub async fn rejected_list(host: State<'_>, book: BookId) -> Answer<RejectedList> {
    host.read(move |reader| trust::rejected(reader, &book)).await
}

#[command]
pub async fn private_erase(
    host: State<'_>,
    window: AppHandle,
    book: BookId,
    kind: Kind,
    id: RecordId,
    reason: String,
) -> Answer<()> {
    host.write(window, move |app| trust::erase(app, &book, kind, &id, &reason)).await
}

#[command]
pub async fn person_elsewhere(
    host: State<'_>,
    book: BookId,
    person: RecordId,
) -> Answer<Vec<PersonElsewhere>> {
    host.read(move |reader| service_links::person_elsewhere(reader, &book, person, today())).await
}
