//! A statement of MT940.
#![no_main]

use commonhold_exchange::import::read;
use commonhold_fuzz::calm;
use commonhold_fuzz::import::sound;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    calm(|| {
        if let Ok(reading) = read("mt940", data, None) {
            sound(&reading);
        }
    });
});
