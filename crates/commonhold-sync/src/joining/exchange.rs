//! The key exchange: SPAKE2 over Ed25519 (crate `spake2`), and the keys that come from it.
//!
//! What the library gives is a key that is the same on both sides if, and only if, both knew the
//! secret; it does not yet say whether they did. Opening what is sealed under a key made from it
//! says so, and binds the whole exchange.

use super::{Offer, Request, RequestHead};
use commonhold_core::keys::{DeviceKeys, Secret, Stream, stretch, words};
use commonhold_core::{BookId, Device};
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use spake2::{Ed25519Group, Identity, Password, Spake2};

/// Bytes of one half: a letter for the side, and a point.
pub const HALF: usize = 33;
const SIGNING_DOMAIN: &[u8] = b"commonhold joining 1\n";
const COMPARE: &[u8] = b"commonhold 1 joining compare";

/// The inviter's state and half. The seed makes them again for every request, so one offer serves
/// whoever answers; each answer is one guess.
pub fn inviter(id: &[u8; 16], secret: &str, seed: &[u8; 32]) -> (Spake2<Ed25519Group>, Vec<u8>) {
    let stream = Stream::of("commonhold 1 joining inviter", &[seed, id, secret.as_bytes()]);
    let (one, other) = identities(id);
    Spake2::start_a_with_rng(&Password::new(secret), &one, &other, stream)
}

/// The joiner's state and half for an offer.
pub fn joiner(offer: &Offer, secret: &str, random: &[u8; 32]) -> (Spake2<Ed25519Group>, Vec<u8>) {
    let seed = [random.as_slice(), &offer.bytes(), secret.as_bytes()];
    let stream = Stream::of("commonhold 1 joining joiner", &seed);
    let (one, other) = identities(&offer.id);
    Spake2::start_b_with_rng(&Password::new(secret), &one, &other, stream)
}

fn identities(id: &[u8; 16]) -> (Identity, Identity) {
    let name = |side: &[u8]| Identity::new(&[side, id].concat());
    (name(b"commonhold 1 inviter "), name(b"commonhold 1 joiner "))
}

/// What only a ticket tells, and what therefore is bound only by joiners who have one.
pub struct Bound {
    pub book: BookId,
    pub inviter: Device,
}

/// The keys of one exchange.
pub struct Session {
    /// Seals the request.
    pub request: Secret,
    /// Seals the welcome.
    pub welcome: Secret,
    transcript: [u8; 32],
    compare: Secret,
}

impl Session {
    /// From what the exchange gave and everything that passed, all of fixed length.
    pub fn new(shared: &[u8], offer: &Offer, head: &RequestHead, bound: Option<Bound>) -> Self {
        let bound = bound.map_or(Vec::new(), |bound| [bound.book.0, bound.inviter.0].concat());
        let transcript = blake3::derive_key(
            "commonhold 1 joining transcript",
            &[offer.bytes(), head.bytes(), bound].concat(),
        );
        let material = [shared, transcript.as_slice()].concat();
        let key = |context: &str| Secret::new(blake3::derive_key(context, &material));
        Self {
            request: key("commonhold 1 joining request"),
            welcome: key("commonhold 1 joining welcome"),
            compare: key("commonhold 1 joining compare"),
            transcript,
        }
    }

    /// The request with its device's signature over this very exchange; nothing if a text in it
    /// is too long.
    pub fn write_request(&self, request: &Request, keys: &DeviceKeys) -> Option<Vec<u8>> {
        let mut out = request.bytes()?;
        let signature = keys.signing().sign(&self.to_sign(&out));
        out.extend_from_slice(&signature.to_bytes());
        Some(out)
    }

    /// The request, if its signature fits.
    pub fn read_request(&self, bytes: &[u8]) -> Option<Request> {
        let (body, signature) = bytes.split_last_chunk::<64>()?;
        let request = Request::read(body)?;
        let key = VerifyingKey::from_bytes(&request.device.0).ok()?;
        key.verify_strict(&self.to_sign(body), &Signature::from_bytes(signature)).ok()?;
        Some(request)
    }

    fn to_sign(&self, body: &[u8]) -> Vec<u8> {
        [SIGNING_DOMAIN, &self.transcript, body].concat()
    }

    /// The three words. Who stands between would need two exchanges with the same words; as each
    /// try is stretched, coming to given words takes some ten years of a computer.
    pub fn compare_words(&self, joiner: &Device) -> Option<String> {
        let hash = stretch(COMPARE, &[*self.compare.bytes(), joiner.0].concat())?;
        Some(words::compare(&hash))
    }
}
