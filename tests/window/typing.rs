//! Typing into the filter of a long ledger. A measurement, run by hand on a quiet machine:
//! `COMMONHOLD_HOME=DIR cargo test --workspace --test all -- --ignored --nocapture typing`, where
//! DIR is a profile with many entries; it is copied, and the copy is opened.

use super::driver::Window;
use std::path::PathBuf;

/// From a key going down until two frames later: what was typed is on the screen then.
const WATCH: &str = "const field = document.querySelector(\"[data-testid='filter-text']\"); \
    window.typed = []; field.addEventListener('keydown', () => { const from = performance.now(); \
    requestAnimationFrame(() => requestAnimationFrame(() => window.typed.push(performance.now() - from))); }, true);";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, on a profile that COMMONHOLD_HOME names"]
async fn typing_into_the_filter_of_a_long_ledger() {
    let home = PathBuf::from(std::env::var_os("COMMONHOLD_HOME").expect("COMMONHOLD_HOME is set"));
    let window = Window::on(Some(&home)).await;
    window.ready("overview").await;
    window.go("finance/transactions").await;
    window.find("filter-text").await;
    window.script(WATCH).await;
    for word in ["Payee 77", "entry", "x"] {
        window.click("filter-text").await;
        for key in word.chars() {
            window.press([key]).await;
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        }
        window.find("filter-text").await.clear().await.expect("the field can be emptied");
    }
    let typed = window.script("return window.typed.map((ms) => Math.round(ms))").await;
    let all: Vec<u64> = typed.as_array().unwrap().iter().filter_map(|ms| ms.as_u64()).collect();
    println!("from key to screen, milliseconds: {all:?}, longest {:?}", all.iter().max());
    assert!(all.len() >= 14, "every key is measured: {all:?}");
}
