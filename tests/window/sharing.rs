//! Leaving the device: a folder that two windows share, and an archive that opens elsewhere.

use super::driver::Window;

#[tokio::test(flavor = "multi_thread")]
async fn a_service_goes_from_one_window_to_another_through_a_folder() {
    let first = Window::with_sample().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    first.go("sync").await;
    first.fill("field-folder", path).await;
    first.click("sync-now").await;
    first.says("sync-report", "Harbor").await;
    first.picture("sync").await;

    first.go("people").await;
    first.picture("people").await;
    first.click("invite").await;
    first.fill("field-name", "Dora").await;
    first.click("roles-treasurer").await;
    first.fill("field-folder", path).await;
    first.click("create-invitation").await;
    let words = shown(&first, "invitation-words").await;
    first.picture("invitation").await;
    first.click("invitation-done").await;

    let second = Window::open().await;
    second.click("first-run-join").await;
    second.ready("new/join").await;
    second.fill("field-words", &words).await;
    second.fill("field-folder", path).await;
    second.fill("field-name", "Dora").await;
    second.fill("field-label", "Dora's laptop").await;
    second.picture("join").await;
    second.click("join-now").await;
    let compare = shown(&second, "compare-words").await;
    second.picture("join-waiting").await;
    assert!(compare.split_whitespace().count() == 3, "{compare}");

    first.go("people").await;
    first.find("requests").await;
    assert_eq!(shown(&first, "compare-words").await, compare, "both see the same words");
    first.picture("join-request").await;
    first.click("confirm-request").await;
    second.ready("overview").await;
    assert_eq!(second.text("total-cash").await, first_total(&first).await);
    second.go("people").await;
    second.picture("people-second").await;
}

/// Words that are shown large, each by itself.
async fn shown(window: &Window, mark: &str) -> String {
    window.find(mark).await;
    let list = format!(
        "return [...document.querySelectorAll('[data-testid=\"{mark}\"] li')] \
            .map((one) => one.textContent.trim()).join(' ')"
    );
    window.script(&list).await.as_str().unwrap_or_default().to_owned()
}

/// Keeps what the host tells about long work in `window.heard`.
async fn hear_progress(window: &Window) {
    let script = "const done = arguments[arguments.length - 1]; \
        window.heard = []; \
        const host = window.__TAURI_INTERNALS__; \
        const handler = host.transformCallback((event) => window.heard.push(event.payload)); \
        host.invoke('plugin:event|listen', \
            { event: 'job-progress', target: { kind: 'Any' }, handler }).then(done);";
    window.script_async(script).await;
}

async fn first_total(window: &Window) -> String {
    window.go("overview").await;
    window.text("total-cash").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_written_judged_and_opened() {
    let window = Window::with_sample().await;
    let file = window.folder().join("harbor.zip");
    let path = file.to_str().unwrap();
    window.go("sync/archive").await;
    window.fill("field-path", path).await;
    hear_progress(&window).await;
    window.click("export-now").await;
    window.says("export-result", "harbor.zip").await;
    let heard = window.script("return window.heard").await;
    let last = heard.as_array().and_then(|heard| heard.last()).expect("progress was told");
    assert!(last["job"].is_string() && last["done"].as_u64() > Some(0), "{last}");
    assert!(file.metadata().unwrap().len() > 1000, "the archive is on the disk");
    window.fill("field-archive", path).await;
    window.click("verify-now").await;
    window.says("verify-result", "Harbor").await;
    window.picture("archive").await;

    let other = Window::open().await;
    other.click("first-run-archive").await;
    other.ready("new/archive").await;
    other.fill("field-archive", path).await;
    other.click("verify-now").await;
    other.says("verify-result", "Harbor").await;
    other.click("restore-now").await;
    other.ready("overview").await;
    other.find("service-Harbor").await;
}
