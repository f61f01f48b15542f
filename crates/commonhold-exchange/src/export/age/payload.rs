//! The text of a file, sealed in pieces of 64 KiB (STREAM).

use super::header::{Key, derive};
use super::{AgeError, MAX_BYTES};
use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit, Nonce, Tag};
use zeroize::Zeroizing;

/// Bytes of a piece, and of its tag.
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;

/// The nonce of a piece: its number in eleven bytes, and whether it is the last.
fn nonce(number: u64, last: bool) -> Nonce {
    let mut out = [0_u8; 12];
    if let Some(part) = out.get_mut(3..11) {
        part.copy_from_slice(&number.to_be_bytes());
    }
    if let Some(end) = out.last_mut() {
        *end = u8::from(last);
    }
    Nonce::from(out)
}

fn cipher(key: &Key, nonce: &[u8]) -> Result<ChaCha20Poly1305, AgeError> {
    let key = derive(key.as_slice(), nonce, b"payload")?;
    Ok(ChaCha20Poly1305::new(&(*key).into()))
}

/// Seals the text behind what is there. An empty text is one empty piece.
pub(super) fn seal(key: &Key, salt: &[u8], text: &[u8], out: &mut Vec<u8>) -> Result<(), AgeError> {
    let cipher = cipher(key, salt)?;
    let pieces = if text.is_empty() { vec![text] } else { text.chunks(PIECE).collect() };
    let count = pieces.len();
    for (number, piece) in (0_u64..).zip(&pieces) {
        let last = usize::try_from(number).is_ok_and(|number| number.saturating_add(1) == count);
        let start = out.len();
        out.extend_from_slice(piece);
        let body = out.get_mut(start..).unwrap_or_default();
        let tag = cipher
            .encrypt_inout_detached(&nonce(number, last), b"", InOutBuf::from(body))
            .map_err(|_| AgeError::Form)?;
        out.extend_from_slice(&tag);
    }
    Ok(())
}

/// Opens the pieces. A piece that is missing, added or changed shows, and so does the last one.
pub(super) fn open(key: &Key, salt: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    if sealed.len() > MAX_BYTES.saturating_mul(2) {
        return Err(AgeError::TooLarge);
    }
    let cipher = cipher(key, salt)?;
    let mut out = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let pieces: Vec<&[u8]> = sealed.chunks(PIECE.saturating_add(TAG)).collect();
    for (number, piece) in (0_u64..).zip(&pieces) {
        let last = usize::try_from(number).is_ok_and(|n| n.saturating_add(1) == pieces.len());
        let length = piece.len().checked_sub(TAG).ok_or(AgeError::Damaged)?;
        // Only an empty text has an empty piece.
        if length == 0 && pieces.len() > 1 {
            return Err(AgeError::Damaged);
        }
        let (body, tag) = piece.split_at_checked(length).ok_or(AgeError::Damaged)?;
        let tag = Tag::try_from(tag).map_err(|_| AgeError::Damaged)?;
        let start = out.len();
        out.extend_from_slice(body);
        let body = out.get_mut(start..).unwrap_or_default();
        cipher
            .decrypt_inout_detached(&nonce(number, last), b"", InOutBuf::from(body), &tag)
            .map_err(|_| AgeError::Damaged)?;
    }
    if pieces.is_empty() { Err(AgeError::Damaged) } else { Ok(out) }
}
