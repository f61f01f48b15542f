//! Makes guessing dear.

use argon2::{Algorithm, Argon2, Params, Version};

/// Memory in KiB, passes and lanes. Never change them: recovery sheets are made with them.
const MEMORY: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;

/// Argon2id (RFC 9106) with 64 MiB, three passes and one lane: what is made from few bits takes a
/// noticeable time for each guess. The purpose is the salt and has at least 8 bytes. Nothing if
/// the computer has not got the memory.
pub fn stretch(purpose: &[u8], secret: &[u8]) -> Option<[u8; 32]> {
    let params = Params::new(MEMORY, PASSES, LANES, Some(32)).ok()?;
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret, purpose, &mut out)
        .ok()?;
    Some(out)
}
