//! Masking: what must not be seen by everybody is taken out of a text before it is published.
//!
//! Every text and log that goes to the public page passes through here. What is found is replaced
//! by its kind in brackets (`[ipv4]`, `[email]`, …) and listed by line. The original stays with the
//! members. Nothing found is never a proof: a person looks at the masked text before it goes out.
//!
//! All of it is pure and takes time in proportion to the text. Where a rule must decide between
//! hiding too much and showing too much, it hides. What is on purpose left:
//! - digests in hexadecimal digits, such as commits and hashes of files ([`mod@self`], `chance.rs`);
//! - four numbers that the text calls a version, times, and names of program parts with `::`;
//! - a fediverse handle (`@ann@social.example`), which is an address everybody may know;
//! - values that only stand for a secret: `${TOKEN}`, `***`, `<password>`.
//!
//! The published set with known answers is `tests/fixtures/mask/known.txt`.

mod accounts;
mod addresses;
mod blocks;
mod chance;
mod email;
mod named;
mod names;
mod spans;
mod stream;
#[cfg(test)]
mod tests;
mod tokens;

use addresses::Addresses;
use blocks::{Block, Marks, Within};
use names::Names;
use serde::Serialize;
use spans::{Span, Spans};
use std::borrow::Cow;
pub use stream::Stream;

/// An address of a machine, IPv4 (RFC 791).
pub const IPV4: &str = "ipv4";
/// An address of a machine, IPv6 (RFC 4291), with its zone (RFC 4007).
pub const IPV6: &str = "ipv6";
/// An address of a network card (EUI-48, EUI-64).
pub const MAC: &str = "mac";
/// An e-mail address (RFC 5322, RFC 6531).
pub const EMAIL: &str = "email";
/// A password, key, token or cookie.
pub const TOKEN: &str = "token";
/// The number of a bank account (ISO 13616).
pub const IBAN: &str = "iban";
/// A name on the list that was given.
pub const NAME: &str = "name";
/// User and password inside an address (`https://user:password@host`) or an option.
pub const URL_CREDENTIALS: &str = "url-credentials";
/// A private key over one or several lines (PEM, OpenSSH, PGP).
pub const PRIVATE_KEY: &str = "private-key";

/// Every kind of finding; the mark in the text is the kind in brackets.
pub const KINDS: &[&str] =
    &[IPV4, IPV6, MAC, EMAIL, TOKEN, IBAN, NAME, URL_CREDENTIALS, PRIVATE_KEY];

/// The text of the rules: with another text the same words may be masked in another way.
pub const FORM: &[&str] = &[
    include_str!("mask.rs"),
    include_str!("mask/accounts.rs"),
    include_str!("mask/addresses.rs"),
    include_str!("mask/blocks.rs"),
    include_str!("mask/chance.rs"),
    include_str!("mask/email.rs"),
    include_str!("mask/named.rs"),
    include_str!("mask/names.rs"),
    include_str!("mask/spans.rs"),
    include_str!("mask/tokens.rs"),
];

/// One place that was masked. It does not hold what stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The line, from 1; the same in the original and in the masked text. A key over several lines
    /// is one finding, in the line it begins.
    pub line: u32,
    /// One of [`KINDS`].
    pub kind: &'static str,
}

/// A text that may be shown, and what was taken out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Masked {
    /// The text with marks; it has as many lines as the original.
    pub text: String,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
}

/// The rules, ready to be used on many texts.
pub struct Masker {
    marks: Marks,
    tokens: tokens::Tokens,
    named: named::Named,
    addresses: Addresses,
    names: Names,
}

impl Masker {
    /// Rules with a list of names that are masked as well: whole words, whatever capitals and
    /// accents they are written with. Names of one letter are left out, as are more than 20,000.
    /// Give the parts of a name too (`Berger`) where they shall not be seen alone.
    pub fn new(names: &[String]) -> Self {
        Self {
            marks: Marks::new(),
            tokens: tokens::Tokens::new(),
            named: named::Named::new(),
            addresses: Addresses::new(),
            names: Names::new(names),
        }
    }

    /// Masks a whole text. Masking a masked text changes nothing.
    pub fn mask(&self, text: &str) -> Masked {
        let mut out = Masked { text: String::with_capacity(text.len()), findings: Vec::new() };
        let mut within = Within::default();
        let mut number = 0_u32;
        for line in text.split_inclusive('\n') {
            number = number.saturating_add(1);
            let body = line.trim_end_matches(['\n', '\r']);
            self.line(&mut within, number, body, &mut out.text, &mut out.findings);
            out.text.push_str(line.get(body.len()..).unwrap_or_default());
        }
        out
    }

    /// The same for a log that is read piece by piece.
    pub fn stream(&self) -> Stream<'_> {
        Stream::new(self)
    }

    /// Masks one line without its end.
    fn line(
        &self,
        within: &mut Within,
        number: u32,
        line: &str,
        out: &mut String,
        findings: &mut Vec<Finding>,
    ) {
        let plain = without_colours(line);
        let mut rest: &str = &plain;
        if within.block == Some(Block::Private) {
            rest = match self.marks.end(rest) {
                Some(end) => {
                    within.leave();
                    rest.get(end..).unwrap_or_default()
                }
                None => {
                    within.follow(rest);
                    if within.block.is_none() { rest } else { "" }
                }
            };
            if rest.len() < plain.len() || rest.is_empty() {
                put(out, PRIVATE_KEY);
            }
        }
        // Each turn takes at least one mark off the line.
        while let Some((start, end, block)) = self.marks.begin(rest) {
            self.part(within, number, rest.get(..start).unwrap_or_default(), out, findings);
            let inside = rest.get(end..).unwrap_or_default();
            let close = self.marks.end(inside);
            let kept = if block == Block::Private { end } else { start };
            if block == Block::Private {
                findings.push(Finding { line: number, kind: PRIVATE_KEY });
                put(out, PRIVATE_KEY);
            }
            let stop = end.saturating_add(close.unwrap_or(inside.len()));
            if block == Block::Public {
                out.push_str(rest.get(kept..stop).unwrap_or_default());
            }
            match close {
                Some(_) => within.leave(),
                None => within.enter(block),
            }
            rest = rest.get(stop..).unwrap_or_default();
        }
        if within.block == Some(Block::Public) && !rest.is_empty() {
            match self.marks.end(rest) {
                Some(_) => within.leave(),
                None => within.follow(rest),
            }
        }
        self.part(within, number, rest, out, findings);
    }

    /// Masks a part of a line in which no block begins.
    fn part(
        &self,
        within: &Within,
        number: u32,
        text: &str,
        out: &mut String,
        findings: &mut Vec<Finding>,
    ) {
        let mut from = 0;
        for span in self.spans(text, within.block == Some(Block::Public)) {
            out.push_str(text.get(from..span.start).unwrap_or_default());
            put(out, span.kind);
            findings.push(Finding { line: number, kind: span.kind });
            from = span.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
    }

    /// The places of a line, from left to right. The order of the rules says which kind counts
    /// where two fit: a token in a URL is that, not part of an e-mail address.
    fn spans(&self, line: &str, public_block: bool) -> Vec<Span> {
        let mut spans = Spans::default();
        if line.is_empty() {
            return Vec::new();
        }
        self.tokens.find(line, &mut spans);
        self.named.find(line, &mut spans);
        email::find(line, &mut spans);
        accounts::find(line, &mut spans);
        self.addresses.find(line, &mut spans);
        if !public_block {
            chance::find(line, &mut spans);
        }
        self.names.find(line, &mut spans);
        spans.joined()
    }
}

fn put(out: &mut String, kind: &str) {
    out.push('[');
    out.push_str(kind);
    out.push(']');
}

/// The line without what colours it on a terminal (ECMA-48 control sequences): they stand inside
/// words and would hide where a secret begins.
fn without_colours(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, sequence)) = rest.split_once('\u{1b}') {
        out.push_str(before);
        rest = match sequence.strip_prefix('[') {
            Some(inside) => {
                let end = inside.find(|c: char| ('@'..='~').contains(&c)).unwrap_or(inside.len());
                let (_, after) = inside.split_at_checked(end).unwrap_or((inside, ""));
                after.get(1..).unwrap_or_default()
            }
            None => sequence,
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}
