//! Statements and the genesis of a book: as they come, and brought into canonical form, so that
//! what they say is looked at too.
#![no_main]

use commonhold_core::authority::{Genesis, Statement};
use commonhold_core::json::canonical;
use commonhold_fuzz::calm;
use libfuzzer_sys::fuzz_target;

fn look(bytes: &[u8]) {
    if let Some(statement) = Statement::read(bytes) {
        assert_eq!(statement.bytes(), bytes);
        assert!(statement.is_sensible());
    }
    if let Some(genesis) = Genesis::read(bytes) {
        assert_eq!(genesis.bytes(), bytes);
        let _ = genesis.book();
    }
}

fuzz_target!(|data: &[u8]| {
    calm(|| {
        look(data);
        if let Ok(value) = serde_json::from_slice::<serde_json::Value>(data) {
            look(canonical(&value).as_bytes());
        }
    });
});
