//! Ways to spoil bytes.

use crate::support::Chance;

/// Variants of some bytes, each with what was done to it: cut, flipped, doubled, stuffed.
pub fn spoiled(bytes: &[u8], count: usize, seed: u64) -> Vec<(String, Vec<u8>)> {
    let mut chance = Chance(seed);
    let mut all = vec![("empty".to_owned(), Vec::new()), foreign("zeros", &[0; 4096])];
    all.push(foreign(
        "a picture",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0",
    ));
    all.push(foreign("a document", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"));
    all.push(foreign("a page", b"<!DOCTYPE html><html><body>Log in first</body></html>"));
    for n in 0..count {
        let mut spoiled = bytes.to_vec();
        let at = chance.below(bytes.len());
        let what = match n % 4 {
            0 => {
                spoiled.truncate(at);
                format!("cut at {at}")
            }
            1 => {
                spoiled[at] ^= 1 << chance.below(8);
                format!("a bit flipped at {at}")
            }
            2 => {
                let end = (at + 1 + chance.below(64)).min(spoiled.len());
                spoiled[at..end].fill_with(|| chance.number() as u8);
                format!("noise from {at} to {end}")
            }
            _ => {
                let end = (at + chance.below(200)).min(spoiled.len());
                let again = spoiled[at..end].to_vec();
                spoiled.splice(at..at, again);
                format!("{at} to {end} twice")
            }
        };
        if spoiled != bytes {
            all.push((what, spoiled));
        }
    }
    all
}

fn foreign(what: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    (what.to_owned(), bytes.to_vec())
}
