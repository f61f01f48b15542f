//! A file of operations: webhooks, alerts, status pages, logs, changelogs, calendars, measurements,
//! postmortems, signatures; the first byte says which.
#![no_main]

use commonhold_exchange::import::operations::{
    About, FORMATS, MAX_DRAFTS, detect, read, signature,
};
use commonhold_fuzz::calm;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let Some((choice, data)) = data.split_first() else { return };
        if let Some(format) = detect::detect(data) {
            assert!(FORMATS.contains(&format));
        } else {
            assert!(detect::unknown(data).to_string().ends_with('.'));
        }
        if let Some(kept) = signature::without_secret(data) {
            assert!(signature::without_secret(&kept).is_some());
        }
        let about = About {
            source: Some("harbor".into()),
            fetched: "2026-06-01T00:00:00Z".parse().ok(),
            manifesto: Some("ab".repeat(32)),
            own: choice & 0x80 != 0,
            ..About::default()
        };
        let format = FORMATS[usize::from(choice & 0x7f) % FORMATS.len()];
        if let Ok(found) = read(format, data, &about) {
            assert!(found.drafts.len() <= MAX_DRAFTS);
            for draft in &found.drafts {
                assert!(!draft.origin.is_empty() && draft.origin.len() <= 2_000);
            }
        }
    });
});
