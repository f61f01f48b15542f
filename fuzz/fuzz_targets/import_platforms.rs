//! A table of a payment service or funding platform; the first byte says which. What it is told as
//! does not matter here, only that telling it is calm too.
#![no_main]

use commonhold_exchange::import::{FORMATS, detect, read};
use commonhold_fuzz::calm;
use commonhold_fuzz::import::sound;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let Some((choice, data)) = data.split_first() else { return };
        let formats = ["stripe", "paypal", "github-sponsors", "liberapay"];
        if let Some(format) = detect(data, "file") {
            assert!(FORMATS.contains(&format));
        }
        if let Ok(reading) = read(formats[usize::from(choice % 4)], data, None) {
            sound(&reading);
        }
    });
});
