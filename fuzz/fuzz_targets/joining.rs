//! The three messages of joining: as they come, and sealed by somebody who knows the words, so
//! that what is inside is reached.
#![no_main]

use commonhold_core::id::{Hash, hex};
use commonhold_core::keys::{DeviceKeys, Secret};
use commonhold_core::{BookId, Device};
use commonhold_fuzz::bytes::bit;
use commonhold_fuzz::{Bytes, calm};
use commonhold_sync::joining::{
    Invitation, Joining, Offer, Request, Ticket, Welcome, invitation_of,
};
use ed25519_dalek::Signer;
use libfuzzer_sys::fuzz_target;
use spake2::{Ed25519Group, Identity, Password, Spake2};
use std::sync::OnceLock;

const WORDS: &str = "ability able about above absent absorb";

fn invitation() -> Invitation {
    Invitation {
        id: [1; 16],
        book: BookId([2; 32]),
        secret: WORDS.into(),
        seed: [3; 32],
        inviter: Device([4; 32]),
        person: None,
        name: "Ada".into(),
        roles: vec!["member".into()],
        expires: 1_782_864_000_000,
        folder: String::new(),
        used: false,
        revoked: false,
    }
}

/// What a joiner's half of the exchange gives: the half, and what both sides then share.
fn exchanged() -> &'static (Vec<u8>, Vec<u8>) {
    static EXCHANGED: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    EXCHANGED.get_or_init(|| {
        let offer = invitation().offer();
        let name = |side: &[u8]| Identity::new(&[side, &[1; 16]].concat());
        let (one, other) = (name(b"commonhold 1 inviter "), name(b"commonhold 1 joiner "));
        let chance = commonhold_core::keys::Stream::of("fuzz", &[b"joiner"]);
        let (state, half) =
            Spake2::<Ed25519Group>::start_b_with_rng(&Password::new(WORDS), &one, &other, chance);
        let shared = state.finish(&offer[offer.len() - 33..]).expect("a sound offer");
        (half, shared)
    })
}

/// A request of somebody who knows the words, and says in it whatever they like. A right signature
/// makes the inviter work out the words to compare, which takes long; `sign` is for few inputs.
fn request(ticket: bool, body: &[u8], sign: bool) -> Vec<u8> {
    let (half, shared) = exchanged();
    let invitation = invitation();
    let head = [b"CHR1".as_slice(), &invitation.id, &[u8::from(ticket)], half].concat();
    let bound = match ticket {
        true => [invitation.book.0, invitation.inviter.0].concat(),
        false => Vec::new(),
    };
    let all = [invitation.offer(), head.clone(), bound].concat();
    let transcript = blake3::derive_key("commonhold 1 joining transcript", &all);
    let material = [shared.as_slice(), &transcript].concat();
    let key = Secret::new(blake3::derive_key("commonhold 1 joining request", &material));
    let keys = DeviceKeys::from_seed([5; 32]);
    let signed = [b"commonhold joining 1\n".as_slice(), &transcript, body].concat();
    let mut signature = keys.signing().sign(&signed).to_bytes();
    signature[63] ^= u8::from(!sign);
    let sealed = key.seal(b"CHR1", &[body, &signature].concat()).expect("sealed");
    [head, sealed].concat()
}

/// A joiner who waits for its answer.
fn waiting() -> Joining {
    let text = serde_json::json!({"id": hex(&[1; 16]), "message": hex(b"request"),
        "key": hex(&[6; 32]), "compare_words": "", "book": BookId([2; 32])});
    serde_json::from_value(text).expect("a joiner")
}

fn welcome(plain: &[u8]) {
    let sealed = Secret::new([6; 32]).seal(&Hash::of(b"request").0, plain).expect("sealed");
    let bytes = [b"CHW1".as_slice(), &[1; 16], &sealed].concat();
    if let Ok(Welcome::Accepted { book, .. }) = waiting().welcome(&bytes) {
        assert_eq!(book, BookId([2; 32]));
    }
}

/// A joiner answers a fuzzed offer: the words to compare are worked out only for a sound one.
fn answer(offer: &[u8], ticket: bool) {
    let keys = DeviceKeys::from_seed([5; 32]);
    let (name, label) = ("Ben".into(), "Laptop".into());
    let request =
        Request { device: keys.device(), sealing: keys.sealing(), nonce: [7; 16], name, label };
    let ticket: Option<Ticket> = ticket.then(|| invitation().ticket("Harbor").expect("a ticket"));
    let _ = Joining::begin(offer, WORDS, ticket.as_ref(), &request, &keys, [8; 32]);
}

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let mut bytes = Bytes(data);
        let how = bytes.byte();
        let rest = bytes.rest();
        match how % 8 {
            0 | 1 => {
                let _ = (Offer::read(rest), invitation_of(rest));
                let _ = waiting().welcome(rest);
                assert!(invitation().open_request(rest).is_err(), "nobody guesses the words");
            }
            2..5 => {
                let sign = how == 0xfa;
                let opened = invitation().open_request(&request(bit(how, 3), rest, sign));
                assert!(sign || opened.is_err());
            }
            5 | 6 => welcome(rest),
            _ if how == 0xff => answer(rest, rest.len() % 2 == 1),
            _ => drop(serde_json::from_slice::<Joining>(rest)),
        }
    });
});
