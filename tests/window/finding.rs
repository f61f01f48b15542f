//! Finding things: search, the palette; and a page that is written and saved.

use super::driver::Window;
use fantoccini::key::Key;

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_an_entry_and_opens_it() {
    let window = Window::with_sample().await;
    window.press(['/']).await;
    let focus = "return document.activeElement.dataset.testid ?? ''";
    assert_eq!(window.script(focus).await, "search-input");
    window.press("hosting".chars()).await;
    window.ready("search").await;
    window.find("result-0").await;
    window.picture("search").await;
    window.click("result-0").await;
    window.find("record-title").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_goes_where_its_words_say_and_escape_closes_it() {
    let window = Window::with_sample().await;
    window.press_control('k').await;
    window.find("palette-input").await;
    window.picture("palette").await;
    window.press([char::from(Key::Escape)]).await;
    window.until("the palette is closed", async || !window.has("palette-input").await).await;
    window.press_control('k').await;
    window.find("palette-input").await;
    window.press("funds".chars()).await;
    window.press([char::from(Key::Enter)]).await;
    window.ready("finance/funds").await;
    window.picture("funds").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_written_and_kept() {
    let window = Window::with_sample().await;
    window.go("knowledge/pages/new").await;
    window.fill("field-title", "How we restart the mirror").await;
    window.fill("field-body", "First look at the disk.").await;
    window.click("save").await;
    window.ready_below("knowledge/pages").await;
    window.fill("field-body", "First look at the disk.\n\nThen at the log.").await;
    window.click("save").await;
    window.says("page-state", "Saved").await;
    window.picture("page").await;
    window.page.refresh().await.unwrap();
    window.ready_below("knowledge/pages").await;
    let kept = window.find("field-body").await.prop("value").await.unwrap().unwrap();
    assert_eq!(kept, "First look at the disk.\n\nThen at the log.");
}
