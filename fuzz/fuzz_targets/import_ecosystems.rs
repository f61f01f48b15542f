//! A project's record from ecosyste.ms.
#![no_main]

use commonhold_exchange::import::ecosystems::read_project;
use commonhold_fuzz::calm;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    calm(|| {
        if let Ok(draft) = read_project(data) {
            for url in [draft.homepage, draft.repository].into_iter().flatten() {
                assert!(url.starts_with("http://") || url.starts_with("https://"));
            }
            // Their bytes, and what says that a text was cut.
            assert!(draft.name.len() <= 110 && draft.purpose.len() <= 1_010);
        }
    });
});
