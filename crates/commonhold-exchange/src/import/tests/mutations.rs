//! Files damaged in ten thousand ways, always the same ones.

use super::*;

/// A small generator of numbers (xorshift), so that every run does the same.
pub(in crate::import) struct Dice(pub(in crate::import) u64);

impl Dice {
    pub(in crate::import) fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }
}

/// Pieces that mean something in one format or another.
const PIECES: &[&str] = &[
    "<Ntry>",
    "</Ntry>",
    "<Stmt>",
    "</TxDtls>",
    "<Amt Ccy=\"JPY\">",
    "&lt;",
    "<![CDATA[",
    "<!--",
    "<STMTTRN>",
    "</STMTRS>",
    "<CURDEF>",
    "<OFX>",
    "\n:20:X\n",
    "\n:61:2606010601C1,NTRF\n",
    "\n:62F:C260601EUR1,\n",
    "\n-\n",
    "?20",
    "EREF+",
    "\"",
    ",",
    ";",
    "\r",
    "0",
    "9",
    "-",
    "\u{feff}",
];

pub(in crate::import) fn mutate(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let length = bytes.len();
    let at = dice.roll(length);
    let end = (at + 1 + dice.roll(60)).min(length);
    match dice.roll(8) {
        0 if length > 0 => bytes[at] ^= 1 << dice.roll(8),
        1 if length > 0 => bytes[at] = u8::try_from(dice.roll(256)).unwrap(),
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..end)),
        4 => {
            let copy = bytes[at..end].to_vec();
            let to = dice.roll(length);
            bytes.splice(to..to, copy);
        }
        5 => {
            let piece = PIECES[dice.roll(PIECES.len())].bytes();
            bytes.splice(at..at, piece);
        }
        // Two pieces between `<` or line ends change places.
        6 => {
            let mut parts: Vec<Vec<u8>> = bytes.split(|b| *b == b'<').map(<[u8]>::to_vec).collect();
            let (one, other) = (dice.roll(parts.len()), dice.roll(parts.len()));
            parts.swap(one, other);
            *bytes = parts.join(&b'<');
        }
        _ => {
            let mut lines: Vec<Vec<u8>> =
                bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
            let (one, other) = (dice.roll(lines.len()), dice.roll(lines.len()));
            lines.swap(one, other);
            *bytes = lines.join(&b'\n');
        }
    }
}

#[test]
fn ten_thousand_damaged_files_lose_no_row_and_stay_balanced() {
    let files: Vec<_> = STATEMENTS.iter().map(|(name, format)| (fixture(name), *format)).collect();
    let mut dice = Dice(0x00c0_ffee_1234_5678);
    let mut understood = 0_u32;
    for round in 0..10_000 {
        let (whole, format) = &files[round % files.len()];
        let mut bytes = whole.clone();
        for _ in 0..=dice.roll(4) {
            mutate(&mut dice, &mut bytes);
        }
        let _ = detect(&bytes, "file.xml");
        match read(format, &bytes, None) {
            Ok(reading) => {
                assert_sound(&reading, &bytes);
                understood += 1;
            }
            Err(error) => {
                let sentence = error.to_string();
                assert!(sentence.ends_with('.') && sentence.len() < 6_000, "{sentence}");
            }
        }
    }
    assert!(understood > 2_000, "only {understood} of the files were read at all");
}
