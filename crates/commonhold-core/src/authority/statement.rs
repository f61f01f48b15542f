//! What can be said in the authority set. A statement is canonical JSON (RFC 8785) in an object of
//! kind `Statements`, whose signature covers it.

use super::role::Role;
use crate::date::{Date, Time};
use crate::id::{BookId, Device, Hash, LogId, RecordId, hex};
use crate::json;
use crate::keys::SealingPublic;
use serde::{Deserialize, Serialize};

/// Longest statement, in bytes.
const MAX_BYTES: usize = 20_000;
/// Longest text in a statement, in bytes.
const MAX_TEXT: usize = 1000;

/// The first statement of a book; the book's id is the hash of its canonical bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// Always `genesis`.
    pub statement: String,
    /// Version of this form.
    pub v: u8,
    /// The service's name when the book was begun.
    pub name: String,
    /// The founder's device.
    pub device: Device,
    /// What is sealed to it opens with its other key.
    pub sealing: SealingPublic,
    /// The founder, by the id of their person record.
    pub person: RecordId,
    /// What the founder calls the device.
    pub label: String,
    /// When the founder's device says it was begun, milliseconds since 1970.
    pub time: i64,
    /// Sixteen random bytes, hexadecimal, so that two books with one name differ.
    pub nonce: String,
    /// The nonce of the log it stands in, hexadecimal: nowhere else does it begin anything.
    pub log_nonce: String,
}

/// Who begins a book, and from what.
pub struct Founder {
    /// The device.
    pub device: Device,
    /// Its public key for sealing.
    pub sealing: SealingPublic,
    /// The id their person record gets.
    pub person: RecordId,
    /// What they call the device.
    pub label: String,
    /// The nonce of the log they write.
    pub log_nonce: [u8; 16],
}

impl Genesis {
    /// The genesis of a new book.
    pub fn new(name: &str, founder: Founder, time: Time, nonce: [u8; 16]) -> Self {
        let Founder { device, sealing, person, label, log_nonce } = founder;
        let (statement, nonce) = ("genesis".to_owned(), hex(&nonce));
        let (name, time, log_nonce) = (name.to_owned(), time.0, hex(&log_nonce));
        Self { statement, v: 1, name, device, sealing, person, label, time, nonce, log_nonce }
    }

    /// Its canonical bytes.
    pub fn bytes(&self) -> Vec<u8> {
        json::canonical(self).into_bytes()
    }

    /// The id of the book it begins.
    pub fn book(&self) -> BookId {
        BookId(Hash::of(&self.bytes()).0)
    }

    /// Reads a genesis; nothing when the bytes are anything else or not in canonical form.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let genesis: Self = serde_json::from_slice(bytes).ok()?;
        let sound = genesis.statement == "genesis" && genesis.v == 1;
        (sound && genesis.bytes() == bytes).then_some(genesis)
    }
}

/// What a role rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A decision of the service.
    Decision,
    /// The beginning of the service.
    Founding,
    /// A rule that needs no decision.
    Automatic,
}

/// Up to where a log was seen when its device was removed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogCut {
    /// The log, 32 hexadecimal digits.
    pub log: LogId,
    /// Number of the last object seen.
    pub seq: u64,
    /// That object's hash.
    pub hash: Hash,
}

/// Something said about people, devices and roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "statement", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Statement {
    /// A device is a person's; with the person's first device the person joins.
    Device {
        /// Whose, by the id of the person record.
        person: RecordId,
        /// Its public key.
        device: Device,
        /// Its public key for sealing.
        sealing: SealingPublic,
        /// The log it writes here from the start; what it states counts there.
        log: LogId,
        /// What its owner calls it.
        label: String,
        /// Whether it is no device but a recovery sheet.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        recovery: bool,
    },
    /// A person has a role from now on, or for a term.
    Grant {
        /// Who.
        person: RecordId,
        /// Which.
        role: Role,
        /// First day of the term.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Date>,
        /// Last day of the term.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Date>,
        /// What it rests on.
        basis: Basis,
        /// The decision behind it; one without is flagged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<RecordId>,
    },
    /// A person has a role no more.
    End {
        /// Who.
        person: RecordId,
        /// Which.
        role: Role,
        /// Why.
        reason: String,
    },
    /// A person, or one device of theirs, no longer belongs to the service.
    Remove {
        /// Who.
        person: RecordId,
        /// Only this device; all of them when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<Device>,
        /// Why.
        reason: String,
        /// What the signer had seen of the devices' logs: that stays as it is.
        cuts: Vec<LogCut>,
        /// The decision behind it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<RecordId>,
    },
    /// How many of leadership it takes; absent means the rule of the framework.
    Policy {
        /// To remove somebody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        removal: Option<u32>,
        /// To make somebody leadership.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leadership: Option<u32>,
    },
    /// An object that was held back is taken in after all; the signer answers for it.
    Release {
        /// The object's hash.
        object: Hash,
        /// Why.
        reason: String,
    },
    /// A private document is destroyed together with its keys.
    Erase {
        /// Its name, `private/<id>`.
        document: String,
        /// Why.
        reason: String,
    },
}

impl Statement {
    /// Its canonical bytes.
    pub fn bytes(&self) -> Vec<u8> {
        json::canonical(self).into_bytes()
    }

    /// Reads a statement; nothing when this version does not know it, when it is not in canonical
    /// form, or when it says more than a statement may.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_BYTES {
            return None;
        }
        let statement: Self = serde_json::from_slice(bytes).ok()?;
        (statement.bytes() == bytes && statement.is_sensible()).then_some(statement)
    }

    /// Whether its texts and lists are of a sensible size.
    pub fn is_sensible(&self) -> bool {
        let plain = |text: &str| text.len() <= MAX_TEXT && !text.chars().any(char::is_control);
        match self {
            Self::Device { label, .. } => plain(label),
            Self::Grant { from, to, .. } => from.zip(*to).is_none_or(|(from, to)| from <= to),
            Self::End { reason, .. }
            | Self::Release { reason, .. }
            | Self::Erase { reason, .. } => plain(reason) && !reason.trim().is_empty(),
            Self::Remove { reason, cuts, .. } => {
                plain(reason) && !reason.trim().is_empty() && cuts.len() <= 100
            }
            Self::Policy { removal, leadership } => {
                [removal, leadership].into_iter().flatten().all(|count| (1..=100).contains(count))
            }
        }
    }
}
