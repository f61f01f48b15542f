//! Files damaged in many ways: never a panic, and what is read stays sound.

use super::*;
use crate::import::tests::mutations::{Dice, mutate};

/// How many damaged files of each fixture.
const ROUNDS: u32 = 1_500;

#[test]
#[allow(clippy::disallowed_methods)] // how long it takes is what is asked
fn damaged_files_are_refused_or_read_soundly() {
    let mut dice = Dice(0x0BAD_5EED_0BAD_5EED);
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let format = detect::detect(&bytes).unwrap_or_else(|| panic!("{path:?} is not told"));
        let began = std::time::Instant::now();
        for round in 0..ROUNDS {
            let mut damaged = bytes.clone();
            for _ in 0..=dice.roll(4) {
                mutate(&mut dice, &mut damaged);
            }
            let _ = detect::detect(&damaged);
            if let Ok(found) = read(format, &damaged, &about()) {
                assert!(found.drafts.len() <= MAX_DRAFTS);
                if round % 10 == 0 && unique(&found) {
                    assert_sound(&found);
                }
            }
        }
        let took = began.elapsed();
        println!("{} {ROUNDS} times in {took:?}", path.file_name().unwrap().to_string_lossy());
        assert!(took.as_secs() < 120);
    }
}

/// A damaged file may hold one thing twice; its second coming is the same record.
fn unique(found: &Drafted) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    found.drafts.iter().all(|draft| seen.insert((draft.kind, draft.origin.as_str())))
}
