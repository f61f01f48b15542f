//! The recovery sheet: twelve words on paper that give the keys of a device again.
//!
//! Twelve words of BIP 39 hold 128 random bits and 4 bits of checksum. The seed is stretched from
//! the words, not by the PBKDF2 of BIP 39: Argon2id (RFC 9106) makes guessing of words half seen
//! dear.

use super::{DeviceKeys, stretch, words};
use bip39::{Language, Mnemonic};
use std::fmt;
use zeroize::Zeroizing;

const PURPOSE: &[u8] = b"commonhold 1 recovery";

/// What is written on a recovery sheet. Who reads it is the device it recovers.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Twelve words with a space between.
    pub words: String,
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sheet(…)")
    }
}

/// The sheet for 16 random bytes.
pub fn sheet(random: [u8; 16]) -> Sheet {
    let random = Zeroizing::new(random);
    // BIP 39 knows 16 bytes: this has words for whatever they are.
    let words = Mnemonic::from_entropy_in(Language::English, &*random);
    Sheet { words: words.map(|words| words.to_string()).unwrap_or_default() }
}

/// The keys a sheet gives, from its words as a person typed them. Takes about as long as a blink.
pub fn keys(text: &str) -> Result<DeviceKeys, String> {
    let normal = Zeroizing::new(words::normal(text)?);
    let count = normal.split(' ').count();
    if count != 12 {
        return Err(format!("These are {count} words; a recovery sheet has twelve."));
    }
    Mnemonic::parse_in_normalized(Language::English, &normal).map_err(|_| {
        "Each word exists, but together they are no recovery sheet: \
         one is another word, or two are exchanged."
    })?;
    stretch(PURPOSE, normal.as_bytes())
        .map(DeviceKeys::from_seed)
        .ok_or_else(|| "There is not enough free memory (64 MiB) to work out the keys.".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZEROS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                         abandon abandon about";

    #[test]
    fn a_sheet_gives_its_keys_however_it_is_typed_and_always_the_same() {
        assert_eq!(sheet([0; 16]).words, ZEROS);
        let seed = keys(ZEROS).unwrap().seed();
        assert_eq!(
            crate::id::hex(&seed),
            "e52fe9532aba4eae4e98e5c205818530c3f107d5a09ac6c8c7b50a5d992249b2"
        );
        let typed = ZEROS.to_uppercase().replace(' ', " -\n");
        assert_eq!(keys(&typed).unwrap().seed(), seed);
    }

    #[test]
    fn a_slip_is_one_sentence() {
        let sentence = |text: &str| keys(text).unwrap_err();
        assert!(sentence(&ZEROS.replace("about", "abuot")).contains("“about”"));
        assert!(sentence(&ZEROS.replace("about", "able")).contains("no recovery sheet"));
        assert!(sentence("zoo zoo").contains("2 words"));
        assert!(sentence("").contains("no words"));
    }
}
