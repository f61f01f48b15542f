//! A file of exchange, as it comes by mail or on a stick.
#![no_main]

use commonhold_fuzz::calm;
use commonhold_sync::transport::file::{pack, unpack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    calm(|| {
        if let Some(files) = unpack(data) {
            assert_eq!(unpack(&pack(&files)), Some(files), "what was read can be written");
        }
    });
});
