//! The first start: nothing is there, and a service is made in one form.

use super::driver::Window;

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_profile_offers_four_ways_to_begin() {
    let window = Window::open().await;
    for way in ["create", "sample", "archive", "join"] {
        window.find(&format!("first-run-{way}")).await;
    }
    assert!(window.folder().join("home").is_dir(), "the profile lies where --home says");
    window.picture("first-run").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_made_from_its_name_and_monthly_costs() {
    let window = Window::open().await;
    window.click("first-run-create").await;
    window.ready("new/create").await;
    window.click("save").await;
    window.find("problem-name").await;
    window.picture("create-without-name").await;
    window.fill("field-name", "Lighthouse").await;
    window.fill("field-purpose", "A mirror of free software for everyone.").await;
    window.fill("field-category", "mirror").await;
    window.fill("field-cost-0-label", "Server").await;
    window.fill("field-cost-0-amount", "49.90").await;
    window.click("save").await;
    window.ready("overview").await;
    window.find("service-Lighthouse").await;
    window.find("total-cash").await;
    window.picture("overview-new").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_shows_its_numbers() {
    let window = Window::with_sample().await;
    let total = window.text("total-cash").await;
    assert!(total.chars().any(|c| c.is_ascii_digit()), "the total is “{total}”");
    let runway = window.text("runway-months").await;
    assert!(!runway.trim().is_empty(), "the runway is a number or says that it is not known");
    window.find("months-table").await;
    window.find("service-Harbor").await;
    window.picture("overview").await;
}
