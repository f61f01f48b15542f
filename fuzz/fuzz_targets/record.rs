//! Fields of a record, judged by every kind there is.
#![no_main]

use commonhold_core::json::canonical;
use commonhold_core::{BookId, Kind};
use commonhold_fuzz::book::id;
use commonhold_fuzz::calm;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let Ok(Value::Object(fields)) = serde_json::from_slice(data) else { return };
        for kind in Kind::ALL {
            let info = kind.info();
            let judged = (info.judge)(&fields);
            if !judged.problems.is_empty() {
                assert!(judged.postings.is_empty() && judged.links.is_empty(), "it has no effect");
            }
            let book = BookId([1; 32]);
            let id = info.id(&book, &judged, id(1));
            if let Some(home) = &judged.home {
                let _ = home.holds("ledger/2026/2", *kind, &id);
            }
            // What is written is read as it was: canonical JSON keeps what the judge let pass.
            if judged.problems.is_empty() {
                let again = serde_json::from_str(&canonical(&fields)).expect("JSON");
                let Value::Object(again) = again else { panic!("an object") };
                assert_eq!((info.judge)(&again), judged, "{kind}");
            }
        }
    });
});
