//! An export of transactions from Open Collective.
#![no_main]

use commonhold_exchange::import::read;
use commonhold_fuzz::calm;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let Ok(reading) = read("open-collective", data, None) else { return };
        let found = reading.drafts.len() + reading.not_understood.len();
        assert_eq!(reading.rows, found as u64, "nothing is dropped");
        for draft in &reading.drafts {
            let legs = draft.legs.iter().map(|(_, leg)| i128::from(leg.minor)).sum::<i128>();
            assert_eq!(i128::from(draft.amount.minor) + legs, 0);
            assert!(draft.legs.iter().all(|(_, leg)| leg.currency == draft.amount.currency));
            assert!(!draft.narration.is_empty() && draft.narration.len() <= 10_000);
        }
    });
});
