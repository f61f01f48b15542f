//! Money: an entry made with the keyboard alone, and a bank file taken in and taken back.

use super::driver::Window;
use fantoccini::key::Key;
use serde_json::json;

const STATEMENT: &str = "Date,Payee,Description,Amount,Currency\n\
    2026-05-02,Fern Hosting,May servers,-61.20,EUR\n\
    2026-05-09,Ada,Donation,25.00,EUR\n\
    2026-05-31,Bank,Fee,-3.10,EUR\n";

/// Chooses the first thing of a list field that is not empty, as its arrow keys would.
async fn choose_first(window: &Window, mark: &str) {
    let script = "const list = document.querySelector(`[data-testid='${arguments[0]}']`); \
        const option = [...list.options].find((option) => option.value !== ''); \
        return option.label";
    let label = window.page.execute(script, vec![json!(mark)]).await.unwrap();
    // Typing the beginning of an option's name chooses it without opening the list.
    window.press(label.as_str().unwrap().chars()).await;
    let chosen = format!("return document.querySelector(`[data-testid='{mark}']`).value");
    window
        .until(&format!("something is chosen in “{mark}”"), async || {
            window.script(&chosen).await.as_str().is_some_and(|value| !value.is_empty())
        })
        .await;
}

/// Goes down the palette's list until this is the one that Enter would take.
async fn choose_in_palette(window: &Window, mark: &str) {
    window.find(mark).await;
    let chosen = "return document.querySelector('[role=option][aria-selected=true]')\
        ?.dataset.testid ?? ''";
    for _ in 0..30 {
        if window.script(chosen).await == mark {
            return;
        }
        window.press([char::from(Key::Down)]).await;
    }
    panic!("the arrow keys do not reach “{mark}” in the palette");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_made_with_the_keyboard_alone() {
    let window = Window::with_sample().await;
    window.press_control('k').await;
    window.find("palette-input").await;
    window.press("transaction".chars()).await;
    choose_in_palette(&window, "palette-new-transaction").await;
    window.press([char::from(Key::Enter)]).await;
    window.ready("finance/transactions/new").await;
    window.tab_to("field-payee").await;
    window.press("Fern Hosting".chars()).await;
    window.tab_to("field-narration").await;
    window.press("Two keyboards".chars()).await;
    window.tab_to("field-amount").await;
    window.press("19.99".chars()).await;
    window.tab_to("field-category").await;
    choose_first(&window, "field-category").await;
    window.picture("transaction-form").await;
    window.tab_to("save").await;
    window.press([char::from(Key::Enter)]).await;
    window.ready_below("finance/transactions").await;
    window.says("record-title", "Fern Hosting").await;
    window.picture("transaction").await;
    window.go("finance/transactions").await;
    window.says("grid", "19.99").await;
    window.picture("transactions").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_entry_says_what_is_wrong_and_keeps_what_was_typed() {
    let window = Window::with_sample().await;
    window.go("finance/transactions/new").await;
    window.fill("field-narration", "No amount yet").await;
    window.click("save").await;
    window.find("failure").await;
    let kept = window.find("field-narration").await.prop("value").await.unwrap();
    assert_eq!(kept.as_deref(), Some("No amount yet"));
    window.picture("transaction-wrong").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_file_is_looked_at_taken_in_and_taken_back() {
    let window = Window::with_sample().await;
    let file = window.folder().join("statement.csv");
    std::fs::write(&file, STATEMENT).unwrap();
    window.go("finance/imports/new").await;
    window.fill("field-path", file.to_str().unwrap()).await;
    window.tab_to("pick-path").await;
    window.says("import-preview", "Fern Hosting").await;
    window.picture("import-preview").await;
    window.click("run-import").await;
    window.ready_below("finance/imports").await;
    window.picture("import").await;

    window.go("finance/transactions").await;
    window.fill("filter-text", "May servers").await;
    window.says("count", "1 ").await;
    window.says("grid", "61.20").await;

    window.go("finance/imports").await;
    window.click("row-0").await;
    window.click("undo-import").await;
    window.fill("field-reason", "The wrong account").await;
    window.click("confirm-withdraw").await;
    window.find("record-state").await;

    window.go("finance/transactions").await;
    window.fill("filter-text", "May servers").await;
    window.says("count", "0 ").await;
}
