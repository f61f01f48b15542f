//! What a person types or pastes: words, recovery sheets and tickets.
#![no_main]

use commonhold_core::keys::{recovery, words};
use commonhold_fuzz::{Bytes, calm};
use commonhold_sync::joining::Ticket;
use data_encoding::BASE32_NOPAD;
use libfuzzer_sys::fuzz_target;

fn ticket(text: &str) {
    match Ticket::parse(text) {
        Ok(ticket) => assert_eq!(Ticket::parse(&ticket.text()).as_ref(), Ok(&ticket)),
        Err(sentence) => assert!(sentence.len() < 300, "{sentence}"),
    }
}

/// A ticket with the checksum it must have.
fn sealed(body: &[u8]) -> String {
    let sum = blake3::derive_key("commonhold 1 ticket", body);
    format!("COMMONHOLD1:{}", BASE32_NOPAD.encode(&[body, &sum[..4]].concat()))
}

fn typed(text: &str) {
    match words::normal(text) {
        Ok(normal) => {
            assert_eq!(words::normal(&normal).as_ref(), Ok(&normal));
            let numbers = words::parse(text).expect("words");
            assert_eq!(words::from_numbers(&numbers), Some(normal));
        }
        Err(sentence) => assert!(sentence.len() < 300, "{sentence}"),
    }
}

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let mut bytes = Bytes(data);
        let which = bytes.byte() % 8;
        let rest = bytes.rest();
        let text = String::from_utf8_lossy(rest);
        match which {
            0..3 => typed(&text),
            3..5 => ticket(&text),
            5..7 => ticket(&sealed(rest)),
            // One set of words in sixteen is a sheet; each of those takes a noticeable time.
            _ => drop(recovery::keys(&text)),
        }
    });
});
