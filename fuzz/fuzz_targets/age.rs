//! Files of age, and the keys they are opened with.
#![no_main]

use commonhold_exchange::export::age::{Identity, Recipient, armor, identities, open, seal};
use commonhold_fuzz::calm;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let one = Identity::from_random([7; 32]);
        let _ = open(data, std::slice::from_ref(&one));
        if let Ok(text) = std::str::from_utf8(data) {
            let _ = identities(text);
            if let Ok(recipient) = text.parse::<Recipient>() {
                assert_eq!(recipient.to_string(), text.trim().to_ascii_lowercase());
            }
        }
        let mut chance = |bytes: &mut [u8]| {
            bytes.fill(9);
            true
        };
        let sealed = seal(data, &[one.recipient()], &mut chance).expect("sealed");
        assert_eq!(*open(armor(&sealed).as_bytes(), &[one]).expect("opened"), data);
    });
});
