//! The lists of requirements are whole and sound.

use super::{FRAMEWORKS, of};
use std::collections::BTreeSet;

#[test]
fn every_requirement_is_named_once_and_says_what_to_do() {
    for framework in FRAMEWORKS {
        let mut ids = BTreeSet::new();
        for requirement in framework.all() {
            assert!(ids.insert(requirement.id), "{}", requirement.id);
            for text in [requirement.why, requirement.next] {
                assert!(text.ends_with('.'), "{}: {text}", requirement.id);
            }
            assert!(!requirement.title.ends_with('.'), "{}", requirement.id);
        }
    }
    let (first, second) = (of("v1").unwrap(), of("v2").unwrap());
    assert_eq!(first.all().count(), 26);
    assert_eq!(second.all().count(), 32);
    assert_eq!(second.beyond(first).len(), 6, "a later version only adds");
    assert!(first.beyond(second).is_empty());
}
