//! Exchange with other devices.

use crate::host::{Answer, Host, State};
use commonhold_app::background::{Background, BackgroundState};
use commonhold_app::commands::remotes::{self, Remote};
use commonhold_app::commands::sync::{self, SyncReport};
use commonhold_app::credentials::Credentials;
use commonhold_app::live::{self, LiveState};
use commonhold_core::BookId;
use tauri::{AppHandle, command};

#[command]
pub async fn sync_place(
    host: State<'_>,
    window: AppHandle,
    book: Option<BookId>,
    place: String,
    job: String,
) -> Answer<SyncReport> {
    let work = move |host: &Host| {
        let told = host.behind(window.clone())?;
        let report = host.job(&window, job, |on| sync::sync(&mut &told, book, &place, on));
        host.background(Background::places_changed);
        report
    };
    host.run(work).await
}

/// Lets the exchange that goes on by itself read its list of places again.
async fn places_changed(host: State<'_>) {
    // Where there is no such exchange nothing reads the list.
    let _ = host.run(|host| host.in_background(Background::places_changed)).await;
}

#[command]
pub async fn remote_list(host: State<'_>) -> Answer<Vec<Remote>> {
    let home = host.home.clone();
    host.read(move |reader| remotes::with_secrets(reader, &home)).await
}

#[command]
pub async fn remote_add(
    host: State<'_>,
    window: AppHandle,
    address: String,
    user: Option<String>,
    secret: Option<String>,
) -> Answer<Remote> {
    let user = user.unwrap_or_default();
    let opens = secret.map(|secret| Credentials { user, secret });
    let added = host.write(window, move |app| remotes::add(app, &address, opens)).await;
    places_changed(host).await;
    added
}

#[command]
pub async fn remote_remove(host: State<'_>, window: AppHandle, address: String) -> Answer<()> {
    let removed = host.write(window, move |app| remotes::remove(app, &address)).await;
    places_changed(host).await;
    removed
}

#[command]
pub async fn remote_pause(
    host: State<'_>,
    window: AppHandle,
    address: String,
    paused: bool,
) -> Answer<()> {
    let done = host.write(window, move |app| remotes::pause(app, &address, paused)).await;
    places_changed(host).await;
    done
}

#[command]
pub async fn background_state(host: State<'_>, window: AppHandle) -> Answer<BackgroundState> {
    let state = move |host: &Host| {
        host.exchange(window)?;
        Ok(host.background(Background::state).unwrap_or_default())
    };
    host.run(state).await
}

#[command]
pub async fn live_state(host: State<'_>) -> Answer<LiveState> {
    let now = host.background(Background::live).unwrap_or_default();
    host.read(move |reader| live::state(reader, &now)).await
}

#[command]
pub async fn live_choose(
    host: State<'_>,
    window: AppHandle,
    on: bool,
    discovery: bool,
    relays: Vec<String>,
) -> Answer<()> {
    host.write(window, move |app| live::switch(app, on, discovery, relays)).await?;
    host.run(|host| host.in_background(Background::live_changed)).await
}

#[command]
pub async fn background_pause(host: State<'_>, paused: bool) -> Answer<()> {
    host.run(move |host| host.in_background(|background| background.pause(paused))).await
}

#[command]
pub async fn background_call(host: State<'_>) -> Answer<()> {
    host.run(|host| host.in_background(Background::call)).await
}
