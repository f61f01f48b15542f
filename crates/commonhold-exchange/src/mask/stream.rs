//! Masking of a log of any length, with little memory.

use super::blocks::Within;
use super::{Finding, Masker};

/// Longest line that is looked at as a whole, in bytes.
const LONGEST: usize = 64 * 1024;
/// Stands where the rest of a line that is too long was left out.
const CUT: &str = " […]";

/// Masks what is pushed into it. It holds at most one line, of 64 KiB; what a longer line has beyond
/// is left out of the masked log, since a secret could lie across the place where it is parted.
pub struct Stream<'m> {
    masker: &'m Masker,
    within: Within,
    line: u32,
    held: Vec<u8>,
    /// Within a line that was cut.
    skipping: bool,
    /// How many lines were cut.
    cut: u64,
}

impl<'m> Stream<'m> {
    pub(super) fn new(masker: &'m Masker) -> Self {
        Self {
            masker,
            within: Within::default(),
            line: 0,
            held: Vec::new(),
            skipping: false,
            cut: 0,
        }
    }

    /// Takes the next bytes of the log and adds what is masked of them to `out`, and what was found
    /// to `findings`. Bytes that are no UTF-8 become `U+FFFD`.
    pub fn push(&mut self, bytes: &[u8], out: &mut String, findings: &mut Vec<Finding>) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ends) = match piece.strip_suffix(b"\n") {
                Some(text) => (text, true),
                None => (piece, false),
            };
            if !self.skipping {
                let room = LONGEST.saturating_sub(self.held.len());
                self.held.extend_from_slice(text.get(..room).unwrap_or(text));
                if text.len() > room {
                    self.flush(true, out, findings);
                    self.skipping = true;
                }
            }
            if ends {
                if !self.skipping {
                    self.flush(false, out, findings);
                }
                self.skipping = false;
                out.push('\n');
            }
        }
    }

    /// Ends the log: what is held is masked. Returns how many lines were too long and were cut.
    pub fn finish(mut self, out: &mut String, findings: &mut Vec<Finding>) -> u64 {
        if !self.held.is_empty() {
            self.flush(false, out, findings);
        }
        self.cut
    }

    /// Masks the line that is held.
    fn flush(&mut self, cut: bool, out: &mut String, findings: &mut Vec<Finding>) {
        let held = std::mem::take(&mut self.held);
        let text = String::from_utf8_lossy(&held);
        let (text, end) = match text.strip_suffix('\r') {
            Some(text) if !cut => (text, "\r"),
            _ => (&*text, ""),
        };
        // The last word of a line that is cut may be half a secret.
        let text = if cut {
            text.rfind(char::is_whitespace).and_then(|at| text.get(..at)).unwrap_or_default()
        } else {
            text
        };
        self.line = self.line.saturating_add(1);
        self.masker.line(&mut self.within, self.line, text, out, findings);
        out.push_str(end);
        if cut {
            self.cut = self.cut.saturating_add(1);
            out.push_str(CUT);
        }
    }
}
