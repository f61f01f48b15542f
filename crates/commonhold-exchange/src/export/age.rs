//! Files of age (`age-encryption.org/v1`) for X25519 recipients: how secrets are taken to other
//! programs and brought from them.
//!
//! The format is small, and everything it is made of is in use here anyway: X25519 (RFC 7748),
//! HKDF and HMAC with SHA-256 (RFC 5869, RFC 2104), ChaCha20-Poly1305 (RFC 8439). The crate of the
//! format's authors would bring 180 others and take randomness by itself. Tests seal and open with
//! the program `age`, both ways. Chance comes in from outside, as everywhere in this crate.

mod bech32;
mod header;
mod payload;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use zeroize::Zeroizing;

/// Largest text that is sealed or opened, in bytes: secrets are small.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Most recipients of a file.
pub const MAX_RECIPIENTS: usize = 100;
/// What a file in text form begins and ends with (RFC 7468).
const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
/// Characters of a line in text form.
const COLUMNS: usize = 64;

/// Why a file cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AgeError {
    /// Not `age1…`, or mistyped.
    #[error("This is no recipient of age, which begins with age1; look for a mistyped letter.")]
    Recipient,
    /// Not `AGE-SECRET-KEY-1…`, or mistyped.
    #[error(
        "This is no identity of age, which begins with AGE-SECRET-KEY-1; look for a mistyped \
         letter."
    )]
    Identity,
    /// Nobody to seal to, or more than [`MAX_RECIPIENTS`].
    #[error("A file of age is sealed to at least one and at most 100 recipients.")]
    Recipients,
    /// More than [`MAX_BYTES`].
    #[error("The text is larger than 16 MiB; secrets are not.")]
    TooLarge,
    /// Not a file of age, or a damaged one.
    #[error("The file is no whole file of age (version 1); ask for it again.")]
    Form,
    /// Sealed with a passphrase.
    #[error("The file is sealed with a passphrase; open it with age and import what is in it.")]
    Passphrase,
    /// None of the identities fits.
    #[error("The file is sealed to others: none of the identities given opens it.")]
    Stranger,
    /// Changed after it was sealed.
    #[error("The file was changed or cut off after it was sealed; ask for it again.")]
    Damaged,
    /// No randomness.
    #[error("The computer gave no randomness; try again.")]
    Chance,
}

/// Whom a file is sealed to: an X25519 public key, written `age1…`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipient([u8; 32]);

/// What opens a file: an X25519 secret key, written `AGE-SECRET-KEY-1…`. It is wiped from memory
/// when it is not needed any more, and never shown.
#[derive(Clone)]
pub struct Identity(Zeroizing<[u8; 32]>);

impl Identity {
    /// An identity from 32 random bytes.
    pub fn from_random(random: [u8; 32]) -> Self {
        Self(Zeroizing::new(random))
    }

    /// Who seals to this identity names this recipient.
    pub fn recipient(&self) -> Recipient {
        Recipient(x25519_dalek::x25519(*self.0, x25519_dalek::X25519_BASEPOINT_BYTES))
    }

    /// The identity as text. Whoever reads it can open every file sealed to it.
    pub fn to_text(&self) -> Zeroizing<String> {
        let text = Zeroizing::new(bech32::encode("age-secret-key-", self.0.as_slice()));
        Zeroizing::new(text.to_ascii_uppercase())
    }
}

impl FromStr for Identity {
    type Err = AgeError;
    fn from_str(text: &str) -> Result<Self, AgeError> {
        let (prefix, bytes) = bech32::decode(text.trim()).ok_or(AgeError::Identity)?;
        let bytes = Zeroizing::new(bytes);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| AgeError::Identity)?;
        if prefix == "age-secret-key-" {
            Ok(Self::from_random(key))
        } else {
            Err(AgeError::Identity)
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity of {}", self.recipient())
    }
}

impl FromStr for Recipient {
    type Err = AgeError;
    fn from_str(text: &str) -> Result<Self, AgeError> {
        let (prefix, bytes) = bech32::decode(text.trim()).ok_or(AgeError::Recipient)?;
        let key = bytes.as_slice().try_into().map_err(|_| AgeError::Recipient)?;
        if prefix == "age" { Ok(Self(key)) } else { Err(AgeError::Recipient) }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32::encode("age", &self.0))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The identities of a file as `age-keygen` writes it: one a line, remarks after `#`.
///
/// # Errors
/// [`AgeError::Identity`] when a line is neither, or there is none.
pub fn identities(text: &str) -> Result<Vec<Identity>, AgeError> {
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let found: Vec<Identity> =
        lines.take(MAX_RECIPIENTS).map(str::parse).collect::<Result<_, _>>()?;
    if found.is_empty() { Err(AgeError::Identity) } else { Ok(found) }
}

/// Seals a text to every one of the recipients. `chance` fills what it is given with random bytes;
/// it is asked for 32 bytes and 32 more a recipient.
///
/// # Errors
/// When there are too few or too many recipients, the text is too large or there is no randomness.
pub fn seal(
    text: &[u8],
    recipients: &[Recipient],
    chance: &mut dyn FnMut(&mut [u8]) -> bool,
) -> Result<Vec<u8>, AgeError> {
    if recipients.is_empty() || recipients.len() > MAX_RECIPIENTS {
        return Err(AgeError::Recipients);
    }
    if text.len() > MAX_BYTES {
        return Err(AgeError::TooLarge);
    }
    let mut draw = |bytes: &mut [u8]| if chance(bytes) { Ok(()) } else { Err(AgeError::Chance) };
    let mut key = Zeroizing::new([0_u8; 16]);
    draw(key.as_mut_slice())?;
    let mut nonce = [0_u8; 16];
    draw(&mut nonce)?;
    let mut stanzas = Vec::new();
    for recipient in recipients {
        let mut ephemeral = Zeroizing::new([0_u8; 32]);
        draw(ephemeral.as_mut_slice())?;
        stanzas.push(header::wrap(&key, &ephemeral, &recipient.0)?);
    }
    let mut out = header::write(&stanzas, &key)?;
    out.extend_from_slice(&nonce);
    payload::seal(&key, &nonce, text, &mut out)?;
    Ok(out)
}

/// Opens a file in binary or text form with the first of the identities that fits.
///
/// # Errors
/// When it is no file of age, is sealed to others or with a passphrase, or was changed.
pub fn open(bytes: &[u8], identities: &[Identity]) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    // Text form is a third longer.
    if bytes.len() > MAX_BYTES.saturating_mul(3) / 2 {
        return Err(AgeError::TooLarge);
    }
    let plain;
    let bytes = if bytes.trim_ascii_start().starts_with(BEGIN.as_bytes()) {
        plain = disarm(bytes)?;
        plain.as_slice()
    } else {
        bytes
    };
    let (header, rest) = header::read(bytes)?;
    let key = header.key(identities)?;
    let (nonce, sealed) = rest.split_at_checked(16).ok_or(AgeError::Damaged)?;
    payload::open(&key, nonce, sealed)
}

/// The text form of a sealed file: base64 in lines of 64 between two marks.
pub fn armor(sealed: &[u8]) -> String {
    let body = data_encoding::BASE64.encode(sealed);
    let mut out = format!("{BEGIN}\n");
    let mut rest = body.as_str();
    while let Some((line, more)) = rest.split_at_checked(COLUMNS) {
        out.push_str(line);
        out.push('\n');
        rest = more;
    }
    if !rest.is_empty() {
        out.push_str(rest);
        out.push('\n');
    }
    format!("{out}{END}\n")
}

/// The binary form again. The format allows white space around it and nothing else.
fn disarm(bytes: &[u8]) -> Result<Vec<u8>, AgeError> {
    let text = std::str::from_utf8(bytes).map_err(|_| AgeError::Form)?.trim();
    let body = text.strip_prefix(BEGIN).and_then(|text| text.strip_suffix(END));
    let body = body.ok_or(AgeError::Form)?;
    let lines: Vec<&str> = body.lines().map(|line| line.trim_end_matches('\r')).collect();
    let Some((first, lines)) = lines.split_first() else { return Err(AgeError::Form) };
    let full = lines.len().saturating_sub(1);
    let even = lines.iter().take(full).all(|line| line.len() == COLUMNS)
        && lines.last().is_some_and(|line| !line.is_empty() && line.len() <= COLUMNS);
    if !first.is_empty() || !even {
        return Err(AgeError::Form);
    }
    data_encoding::BASE64.decode(lines.concat().as_bytes()).map_err(|_| AgeError::Form)
}
