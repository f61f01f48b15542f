//! What can go wrong with a request, and the sentences people get.

use crate::{Error, Trouble};

/// Why a request did not do what it was for.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The server answered with this status, and this word of S3 for what it means; empty if none.
    Answer(u16, String),
    /// Anything else, in words for people.
    Trouble(Trouble, String),
}

impl Fault {
    /// The server's answer is not what was asked for.
    pub fn senseless(what: &str) -> Self {
        Self::Trouble(Trouble::Broken, what.to_owned())
    }

    /// The same, for people. The texts are ours: nothing a server sends is repeated, save numbers.
    pub fn at(self, place: &str) -> Error {
        let (trouble, reason) = match self {
            Self::Trouble(trouble, reason) => (trouble, reason),
            Self::Answer(status, word) => answer(status, &word),
        };
        Error { place: place.to_owned(), trouble, reason }
    }
}

/// A listing goes on and on.
pub(crate) fn endless() -> Fault {
    Fault::senseless("the server lists more files than any book has; it is not read on.")
}

/// What an answer other than the wished one means.
fn answer(status: u16, word: &str) -> (Trouble, String) {
    let (trouble, reason) = match (status, word) {
        (_, "RequestTimeTooSkewed" | "RequestExpired" | "RequestNotYetValid") => (
            Trouble::Denied,
            "the clock of this computer and the server's are too far apart; set this one right.",
        ),
        (_, "NoSuchBucket") => (
            Trouble::Broken,
            "there is no bucket of this name; make it there, or correct the address.",
        ),
        (301 | 302 | 303 | 307 | 308, _)
        | (_, "PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraint") => {
            (
                Trouble::Broken,
                "the server refers to another address or region; correct the address.",
            )
        }
        (401, _) | (403, "InvalidAccessKeyId" | "SignatureDoesNotMatch") => (
            Trouble::Denied,
            "the server does not accept the name or the password; give it the right ones.",
        ),
        (403, _) => (
            Trouble::Denied,
            "the server does not allow this; ask whoever runs it for permission to read, write \
             and delete there.",
        ),
        (413, _) | (_, "EntityTooLarge") => {
            (Trouble::Full, "the server takes no file as large as this one.")
        }
        (507, _) | (_, "QuotaExceeded" | "XMinioStorageFull") => {
            (Trouble::Full, "there is no space left; delete something there, or get more.")
        }
        (429, _) | (_, "SlowDown" | "TooManyRequests") => {
            (Trouble::Full, "the server is asked too often; it will be tried again later.")
        }
        (404, _) => (Trouble::Broken, "the server knows no such place; correct the address."),
        (405 | 501, _) => (
            Trouble::Broken,
            "the server cannot do what was asked; is this the address of a bucket or web folder?",
        ),
        (408 | 423 | 500 | 502..=504, _) => {
            let reason = format!("the server cannot do it now (it answered {status}).");
            return (Trouble::Away, reason);
        }
        _ => {
            let reason = format!("the server answered {status}, which makes no sense here.");
            return (Trouble::Broken, reason);
        }
    };
    (trouble, reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_says_what_to_do() {
        for (status, word, trouble) in [
            (401, "", Trouble::Denied),
            (403, "", Trouble::Denied),
            (403, "SignatureDoesNotMatch", Trouble::Denied),
            (403, "RequestTimeTooSkewed", Trouble::Denied),
            (404, "NoSuchBucket", Trouble::Broken),
            (301, "", Trouble::Broken),
            (400, "AuthorizationHeaderMalformed", Trouble::Broken),
            (507, "", Trouble::Full),
            (503, "SlowDown", Trouble::Full),
            (429, "", Trouble::Full),
            (503, "", Trouble::Away),
            (423, "", Trouble::Away),
            (418, "", Trouble::Broken),
        ] {
            let error = Fault::Answer(status, word.to_owned()).at("here");
            assert_eq!(error.trouble, trouble, "{status} {word}");
            assert!(error.reason.ends_with(['.', '?']) && error.place == "here");
        }
    }
}
