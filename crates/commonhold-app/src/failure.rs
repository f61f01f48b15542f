//! Sentences for a person: the only place where errors become failures that are shown.

use commonhold_core::Problem;
use commonhold_core::{document, object, store};
use commonhold_exchange::{archive, import};
use commonhold_sync::{exchange, shelf};
use serde::Serialize;

/// What the window or a script may act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "FailureCode"))]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// What was given is wrong; `problems` may say where.
    Invalid,
    /// What was named is not here.
    NotFound,
    /// This profile or file can only be read now.
    ReadOnly,
    /// The disk or the book's file said no.
    Storage,
    /// The caller stopped it; nothing was changed.
    Cancelled,
    /// It is there already.
    Exists,
    /// This device or its person may not do it.
    NotAllowed,
    /// A place to exchange with cannot be used now.
    Unreachable,
    /// A place to exchange with does not let this device in.
    Denied,
    /// This version cannot do it.
    Unsupported,
    /// A mistake of this program.
    Internal,
}

/// Why something was not done, for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Failure {
    /// What may be acted on.
    pub code: Code,
    /// One sentence: what is wrong, and where.
    pub message: String,
    /// One sentence: what to do.
    pub hint: Option<String>,
    /// What the system said, for a report of a mistake.
    pub detail: Option<String>,
    /// What is wrong with which field.
    #[cfg_attr(test, ts(type = "Array<import(\"./Problem\").Problem>"))]
    pub problems: Vec<Problem>,
}

impl Failure {
    /// A failure with its sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, detail: None, problems: Vec::new() }
    }

    /// Adds what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what the system said.
    pub fn detail(mut self, detail: impl ToString) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// What was given is wrong in these fields.
    pub fn invalid(problems: Vec<Problem>) -> Self {
        let message = match problems.as_slice() {
            [one] => one.message.clone(),
            many => {
                let all: Vec<&str> = many.iter().map(|p| p.message.as_str()).collect();
                all.join(" ")
            }
        };
        Self { problems, ..Self::new(Code::Invalid, message) }
    }

    /// The caller stopped it.
    pub fn cancelled() -> Self {
        Self::new(Code::Cancelled, "Stopped. Nothing was changed.")
    }

    /// Trouble with a file or folder, named by its path.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let path = path.display();
        let (code, what) = match error.kind() {
            Kind::NotFound => (Code::NotFound, "is not there"),
            Kind::PermissionDenied => (Code::Storage, "may not be opened or written by you"),
            Kind::ReadOnlyFilesystem => (Code::Storage, "lies on a disk that is read-only"),
            Kind::StorageFull | Kind::QuotaExceeded => {
                (Code::Storage, "could not be written: the disk is full")
            }
            Kind::IsADirectory => (Code::Invalid, "is a folder, not a file"),
            Kind::NotADirectory => (Code::Invalid, "is a file, not a folder"),
            _ => (Code::Storage, "could not be read or written"),
        };
        Self::new(code, format!("{path} {what}."))
            .hint("Choose another place, or mend this one and try again; nothing was changed.")
            .detail(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, " {hint}"))
    }
}

impl std::error::Error for Failure {}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Sqlite(error) => sqlite(&error),
            store::Error::Document(document::Error::Exists(id)) => {
                Self::new(Code::Exists, format!("The entry {id} is there already."))
                    .hint("Entries are never changed: correct or withdraw it instead.")
            }
            store::Error::NoBook(_) => Self::new(Code::NotFound, format!("{}.", capital(&error)))
                .hint("List the services of this profile with: commonhold service list."),
            store::Error::Newer(_) => Self::new(Code::Unsupported, format!("{}.", capital(&error))),
            store::Error::Copied => Self::new(Code::ReadOnly, format!("{}.", capital(&error)))
                .hint("Sync once, then write again."),
            store::Error::Stale => Self::new(Code::ReadOnly, format!("{}.", capital(&error)))
                .hint("Open it in the window, or run: commonhold sync."),
            store::Error::Foreign(_) => Self::new(Code::Storage, format!("{}.", capital(&error)))
                .hint("Restore the service from an archive or another device."),
            store::Error::NotMember { removed: true } => Self::new(
                Code::NotAllowed,
                "This device was removed from the service and can write nothing more to it.",
            )
            .hint("Ask leadership for a new invitation, and join with a new profile."),
            store::Error::NotMember { removed: false } => Self::new(
                Code::NotAllowed,
                "This device does not belong to the service yet, so it can only read.",
            )
            .hint("Join with an invitation, or with your recovery sheet."),
            store::Error::NotAllowed { .. } => {
                Self::new(Code::NotAllowed, format!("{}.", capital(&error)))
                    .hint("Ask somebody with that role, or ask leadership for it.")
            }
            store::Error::Locked(_) => {
                Self::new(Code::NotAllowed, "This is sealed with a key this device was not given.")
                    .hint(
                        "Somebody who can read it must sync first, after you were given the role.",
                    )
            }
            store::Error::TooLarge(_) => Self::new(Code::Invalid, format!("{}.", capital(&error))),
            store::Error::Erased(_) => {
                Self::new(Code::NotFound, "This was erased together with its key.")
                    .hint("It cannot be written to again; make a new one.")
            }
            store::Error::Object(object::Error::Foreign) => {
                Self::new(Code::Invalid, "These bytes are not from Commonhold.")
            }
            other => Self::new(Code::Storage, format!("{}.", capital(&other))).detail(other),
        }
    }
}

fn sqlite(error: &store::sqlite::Error) -> Failure {
    use store::sqlite::ErrorCode as E;
    let nothing = "Nothing was changed.";
    let (code, message, hint) = match error.sqlite_error_code() {
        Some(E::DiskFull) => (
            Code::Storage,
            "The disk is full, so the book could not be written.",
            "Nothing was changed: free some space and try again.",
        ),
        Some(E::ReadOnly | E::PermissionDenied | E::CannotOpen) => (
            Code::ReadOnly,
            "The book's file may not be written.",
            "Nothing was changed: make the file and its folder writable and try again.",
        ),
        Some(E::DatabaseBusy | E::DatabaseLocked) => {
            (Code::Storage, "Another program holds the book's file.", "Close it and try again.")
        }
        Some(E::SystemIoFailure) => (
            Code::Storage,
            "The disk did not take the book's file.",
            "Nothing was changed: see whether the disk is full or failing, and try again.",
        ),
        Some(E::DatabaseCorrupt | E::NotADatabase) => (
            Code::Storage,
            "The book's file is damaged.",
            "Restore the service from an archive or another device.",
        ),
        _ => (Code::Internal, "The book's file could not be used.", nothing),
    };
    Failure::new(code, message).hint(hint).detail(error)
}

impl From<import::Error> for Failure {
    fn from(error: import::Error) -> Self {
        Self::new(Code::Invalid, error.to_string()).hint("Nothing was changed.")
    }
}

impl From<archive::Error> for Failure {
    fn from(error: archive::Error) -> Self {
        Self::new(Code::Invalid, capital(&error)).hint("Nothing was changed.")
    }
}

impl From<shelf::Error> for Failure {
    fn from(error: shelf::Error) -> Self {
        use shelf::Trouble;
        let (code, hint) = match error.trouble {
            Trouble::Away => (Code::Unreachable, "It is tried again by itself; nothing is lost."),
            Trouble::Denied => {
                (Code::Denied, "See that this device may read and write there, then try again.")
            }
            Trouble::Full => (Code::Unreachable, "Make room there, then try again."),
            Trouble::Broken => (Code::Unreachable, "Nothing here was changed by it."),
            Trouble::Stopped => return Self::from(exchange::Error::Stopped),
        };
        Self::new(code, format!("{}: {}.", error.place, error.reason.trim_end_matches('.')))
            .hint(hint)
    }
}

impl From<exchange::Error> for Failure {
    fn from(error: exchange::Error) -> Self {
        match error {
            exchange::Error::Store(error) => error.into(),
            exchange::Error::Shelf(error) => error.into(),
            exchange::Error::Closed(why) => Self::new(Code::Storage, why),
            exchange::Error::Stopped => Self::new(Code::Cancelled, "Stopped.")
                .hint("What had arrived until then is kept; sync again to go on."),
        }
    }
}

fn capital(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}
