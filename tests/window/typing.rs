//! Typing into the filter of a long ledger. A measurement, run by hand on a quiet machine:
//! `COMMONHOLD_HOME=DIR cargo test --workspace --test all -- --ignored --nocapture typing`, where
//! DIR is a profile with many entries; it is copied, and the copy is opened.

use super::driver::Window;
use std::path::PathBuf;

/// From a key going down until the page with it is painted (a message sent inside the next frame
/// arrives after that), and until two frames later, when it is surely on the screen. Beside it how
/// long the page could do nothing else: the longest pause between two ticks that are due every 4 ms.
const WATCH: &str = "const field = document.querySelector(\"[data-testid='FIELD']\"); \
    window.painted = []; window.typed = []; window.pauses = []; let last = performance.now(); \
    clearInterval(window.ticking); window.ticking = setInterval(() => { const now = performance.now(); \
    window.pauses.push(now - last); last = now; }, 4); \
    field.addEventListener('keydown', () => { const from = performance.now(); \
    requestAnimationFrame(() => { const sent = new MessageChannel(); \
    sent.port1.onmessage = () => window.painted.push(performance.now() - from); sent.port2.postMessage(0); \
    requestAnimationFrame(() => window.typed.push(performance.now() - from)); }); }, true);";
/// What the machine itself takes: a page with one field and nothing else.
const BARE: &str = "document.body.innerHTML = \"<input data-testid='bare'>\"; \
    for (const style of document.querySelectorAll('style, link')) style.remove();";

/// Types some words into a field and says how long each key took.
async fn typed(window: &Window, field: &str) {
    window.script(&WATCH.replace("FIELD", field)).await;
    for word in ["Payee 77", "entry", "x"] {
        window.click(field).await;
        for key in word.chars() {
            window.press([key]).await;
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        }
        window.find(field).await.clear().await.expect("the field can be emptied");
    }
    let milliseconds = async |name: &str| -> Vec<u64> {
        let sorted =
            format!("return window.{name}.map((ms) => Math.round(ms)).sort((a, b) => a - b)");
        let found = window.script(&sorted).await;
        found.as_array().unwrap().iter().filter_map(|ms| ms.as_u64()).collect()
    };
    let (keys, pauses) = (milliseconds("typed").await, milliseconds("pauses").await);
    println!("{field}: from key to paint, milliseconds: {:?}", milliseconds("painted").await);
    println!("{field}: from key to the frame after next: {keys:?}");
    println!("{field}: longest pauses: {:?}", &pauses[pauses.len().saturating_sub(8)..]);
    assert!(keys.len() >= 14, "every key is measured: {keys:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, on a profile that COMMONHOLD_HOME names"]
async fn typing_into_the_filter_of_a_long_ledger() {
    let home = PathBuf::from(std::env::var_os("COMMONHOLD_HOME").expect("COMMONHOLD_HOME is set"));
    let window = Window::on(Some(&home)).await;
    window.ready("overview").await;
    window.go("finance/transactions").await;
    window.find("filter-text").await;
    typed(&window, "filter-text").await;
    window.script(BARE).await;
    typed(&window, "bare").await;
}
