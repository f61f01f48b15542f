//! Keys that go over several lines (PEM, RFC 7468; OpenSSH, PGP), followed line by line.

use regex::Regex;

/// The line a block begins with; `SSH2` writes four dashes and spaces.
const BEGIN: &str = r"-{4,5} ?BEGIN ([A-Z0-9 ]{1,60}?) ?-{4,5}";
/// The line it ends with.
const END: &str = r"-{4,5} ?END [A-Z0-9 ]{1,60}-{4,5}";
/// Most lines of one key; the largest in use has about 200.
const MOST: u32 = 400;
/// How many lines in a row may look like something else before the key is taken to be cut off.
const STRANGE: u32 = 3;

/// Where a text stands: within a block, or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Within {
    pub(super) block: Option<Block>,
    lines: u32,
    strange: u32,
}

/// What sort of block it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A private key: none of it may be seen.
    Private,
    /// A certificate, a public key, something sealed or signed: everybody may read it.
    Public,
}

impl Within {
    pub(super) fn enter(&mut self, block: Block) {
        *self = Self { block: Some(block), lines: 0, strange: 0 };
    }

    pub(super) fn leave(&mut self) {
        *self = Self::default();
    }

    /// Counts a line without an end; leaves when the block must have been cut off before it. The
    /// line then belongs to what comes after.
    pub(super) fn follow(&mut self, line: &str) {
        self.lines = self.lines.saturating_add(1);
        let likely =
            line.trim().is_empty() || is_body(line) || (self.lines < 5 && line.contains(": "));
        self.strange = if likely { 0 } else { self.strange.saturating_add(1) };
        if self.strange >= STRANGE || self.lines > MOST {
            self.leave();
        }
    }
}

/// A line of a key's body: ends in a long run of base64. Logs put a time or a quote around it.
fn is_body(line: &str) -> bool {
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '\\');
    let last = line.split_whitespace().next_back().unwrap_or_default();
    let last = last.trim_matches(['"', '\'', ',', '`']);
    last.len() >= 40 && last.chars().all(belongs)
}

/// The two patterns, compiled once.
pub(super) struct Marks {
    begin: Option<Regex>,
    end: Option<Regex>,
}

impl Marks {
    pub(super) fn new() -> Self {
        Self { begin: Regex::new(BEGIN).ok(), end: Regex::new(END).ok() }
    }

    /// Whether both patterns are right; a test asks.
    #[cfg(test)]
    pub(super) fn complete(&self) -> bool {
        self.begin.is_some() && self.end.is_some()
    }

    /// Where the first block of the line begins: the place of its mark, and what it is.
    pub(super) fn begin(&self, line: &str) -> Option<(usize, usize, Block)> {
        let found = self.begin.as_ref().filter(|_| line.contains("BEGIN "))?.captures(line)?;
        let (all, label) = (found.get(0)?, found.get(1)?);
        let private = label.as_str().contains("PRIVATE KEY");
        let block = if private { Block::Private } else { Block::Public };
        Some((all.start(), all.end(), block))
    }

    /// Where the block ends: behind its mark.
    pub(super) fn end(&self, line: &str) -> Option<usize> {
        self.end.as_ref().filter(|_| line.contains("END "))?.find(line).map(|found| found.end())
    }
}
