//! A whole document as an archive holds it: `archive::verify` loads it and compares its heads.
#![no_main]

use commonhold_core::document::Document;
use commonhold_fuzz::change::{DOCUMENT, around};
use commonhold_fuzz::{Bytes, calm};
use libfuzzer_sys::fuzz_target;

fn look(bytes: &[u8]) {
    if let Ok(document) = Document::load("ledger/2026", bytes) {
        let _ = document.heads();
    }
}

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let mut bytes = Bytes(data);
        match bytes.byte() % 2 {
            0 => look(bytes.rest()),
            _ => look(&around(DOCUMENT, bytes.rest())),
        }
    });
});
