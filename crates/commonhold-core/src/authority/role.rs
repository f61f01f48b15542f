//! The roles of the Open Services framework, version 1 (`governance.members`, `governance.votes`).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a person is to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Helps; votes on binding questions, no confidence and phases.
    Contributor,
    /// Belongs to the service and votes.
    Member,
    /// Runs the service.
    Leadership,
    /// Keeps the money.
    Treasurer,
    /// Counts votes.
    Teller,
}

impl Role {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Contributor, Self::Member, Self::Leadership, Self::Treasurer, Self::Teller];

    /// The word used in JSON, commands and the archive.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contributor => "contributor",
            Self::Member => "member",
            Self::Leadership => "leadership",
            Self::Treasurer => "treasurer",
            Self::Teller => "teller",
        }
    }

    /// How a sentence calls them: “this needs …”.
    pub fn in_words(roles: &[Self]) -> String {
        let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
        match names.as_slice() {
            [] => "nobody".to_owned(),
            [one] => (*one).to_owned(),
            [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|role| role.name() == text).ok_or_else(|| {
            format!("“{text}” is not a role; the roles are: {}.", Self::in_words(Self::ALL))
        })
    }
}
