//! The traps of GitHub's export.

use super::*;
use crate::import::tests::fixture;

#[test]
fn sponsors_who_are_not_public_are_not_named() {
    let reading = read(&fixture("github-sponsors.csv")).unwrap();
    let text = format!("{:?}", reading.drafts);
    assert!(!text.contains("Secret") && !text.contains("ben"), "{text}");
    assert!(text.contains("Ann Example"));
}
