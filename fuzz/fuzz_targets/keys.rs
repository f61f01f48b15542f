//! Objects of kind `Keys`: sets of sealed keys, and a keyring that takes several of them in.
#![no_main]

use commonhold_core::json::canonical;
use commonhold_core::keyring::{Keyring, SealedKeys};
use commonhold_core::keys::Secret;
use commonhold_fuzz::book::{NOW, World};
use commonhold_fuzz::{Bytes, calm};
use libfuzzer_sys::fuzz_target;

fn read(bytes: &[u8]) -> Option<SealedKeys> {
    let set = SealedKeys::read(bytes).or_else(|| {
        let value = serde_json::from_slice::<serde_json::Value>(bytes).ok()?;
        SealedKeys::read(canonical(&value).as_bytes())
    })?;
    assert_eq!(SealedKeys::read(&set.bytes()).as_ref(), Some(&set));
    Some(set)
}

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let world = World::get();
        let keys = &world.writers[2].keys;
        let mut ring = Keyring::default();
        let mut bytes = Bytes(data);
        while !bytes.is_empty() {
            let Some(set) = read(bytes.some()) else { continue };
            let how = bytes.byte();
            let maker = world.writers[usize::from(how >> 1 & 3)].keys.device();
            ring.take(&world.book, keys, (maker, &set));
            if how & 1 == 1 {
                ring.add(&world.book, Secret::new([3; 32]));
            }
        }
        let state = commonhold_core::authority::State::default();
        for scope in ring.scopes() {
            let _ = ring.current(&scope, &state, NOW.date());
            ring.forget(&scope);
        }
    });
});
