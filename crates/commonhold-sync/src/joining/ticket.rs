//! The ticket: an invitation as one line of text that fits a QR code.

use super::password::Password;
use super::wire::{Reader, Writer, is_hidden, is_sound};
use super::{BookId, Device, MAX_TEXT};
use data_encoding::BASE32_NOPAD;

const PREFIX: &str = "COMMONHOLD1:";
const VERSION: u8 = 1;
const CHECKSUM: usize = 4;
/// Longest text looked at; the longest ticket is well below.
const MAX_LETTERS: usize = 8192;

/// What an inviter hands over. Who has it can join once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Number of the invitation.
    pub id: [u8; 16],
    /// The book it leads to.
    pub book: BookId,
    /// The device that invites.
    pub inviter: Device,
    /// When it ends, in milliseconds since 1970.
    pub expires: i64,
    /// The name of the service.
    pub name: String,
    /// The shared folder, as a hint; may be empty.
    pub folder: String,
    pub(super) secret: Password,
}

impl Ticket {
    /// The six words or 64 digits it carries.
    pub fn secret(&self) -> String {
        self.secret.normal()
    }

    /// `COMMONHOLD1:` and base32 (RFC 4648, upper case, no padding), all of it letters that a QR
    /// code packs densely. A name that is too long is cut; a folder that is too long is left out.
    pub fn text(&self) -> String {
        let name: String = self.name.chars().filter(|c| !is_hidden(*c)).take(MAX_TEXT).collect();
        let folder = if is_sound(&self.folder) { self.folder.as_str() } else { "" };
        let mut out = Writer::default();
        out.put(&[VERSION]).put(&self.id).put(&self.book.0).put(&self.inviter.0);
        self.secret.write(&mut out);
        out.put(&self.expires.to_be_bytes());
        for text in [name.as_str(), folder] {
            if out.text(text).is_none() {
                out.put(&[0, 0]);
            }
        }
        let checksum = checksum(&out.0);
        out.put(&checksum);
        format!("{PREFIX}{}", BASE32_NOPAD.encode(&out.0))
    }

    /// Reads a ticket in capital or small letters, with spaces and line breaks anywhere; or one
    /// sentence why it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_LETTERS {
            return Err("This is too long for an invitation.".into());
        }
        let invisible = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
        let text: String = text.chars().filter(|c| !invisible(*c)).collect();
        let text = text.to_ascii_uppercase();
        let letters = text.strip_prefix(PREFIX).ok_or_else(|| no_ticket(&text))?;
        if let Some(c) = letters.chars().find(|c| !matches!(c, 'A'..='Z' | '2'..='7')) {
            let shown = c.escape_debug();
            return Err(format!("The invitation has “{shown}” in it, which none has."));
        }
        let bytes = BASE32_NOPAD.decode(letters.as_bytes()).map_err(|_| DAMAGED)?;
        let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(DAMAGED)?;
        if checksum(body) != *sum {
            return Err(DAMAGED.into());
        }
        if body.first() != Some(&VERSION) {
            return Err(NEWER.into());
        }
        Self::read(body).ok_or_else(|| DAMAGED.into())
    }

    fn read(body: &[u8]) -> Option<Self> {
        let mut reader = Reader(body);
        reader.array::<1>()?;
        let (id, book, inviter) = (reader.array()?, reader.array()?, reader.array()?);
        let secret = Password::read(&mut reader)?;
        let expires = i64::from_be_bytes(reader.array()?);
        let (name, folder) = (reader.text()?, reader.text()?);
        let (book, inviter) = (BookId(book), Device(inviter));
        reader.end().then_some(Self { id, book, inviter, expires, name, folder, secret })
    }
}

const DAMAGED: &str = "A letter of the invitation is wrong or missing. Copy all of it once more.";
const NEWER: &str = "The invitation was made by a newer version of Commonhold. Update this one.";

/// Why a text without our beginning is no ticket.
fn no_ticket(text: &str) -> String {
    let newer = text.strip_prefix("COMMONHOLD").and_then(|rest| rest.split_once(':'));
    match newer.map(|(version, _)| version.parse::<u32>()) {
        Some(Ok(version)) if version > 1 => NEWER.into(),
        _ => format!("This is no invitation: it does not begin with {PREFIX}"),
    }
}

/// Finds slips, not forgers: those the exchange finds.
fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let [a, b, c, d, ..] = blake3::derive_key("commonhold 1 ticket", body);
    [a, b, c, d]
}
