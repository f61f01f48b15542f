//! The Open Services framework as data: for each version the requirements, which phase they gate,
//! and which check proves each. Whether a service keeps one is computed from its records.
//!
//! A new version is one file beside [`v1`] and a line in [`FRAMEWORKS`]; a check only where none fits.

pub mod bylaws;
pub mod checks;
pub mod closing;
pub mod conformance;
pub mod facts;
pub mod gates;
pub mod moves;
pub mod scenarios;
#[cfg(test)]
mod tests;
pub mod v1;
pub mod v2;
pub mod votes_v1;

use crate::id::RecordId;
use crate::records::Kind;
use facts::Facts;
use serde::{Deserialize, Serialize};

/// How a requirement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "RequirementStatus"))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The records prove it.
    Met,
    /// They do not.
    Unmet,
    /// A person vouched for it, with evidence and a date.
    Attested,
    /// It does not apply here, by a decision.
    NotApplicable,
}

impl Status {
    /// The word used in JSON and archive.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Attested => "attested",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// Whether a gate lets it through.
    pub fn holds(self) -> bool {
        self != Self::Unmet
    }
}

/// A record that proves or breaks a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Evidence {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What it is called.
    pub title: String,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether the records prove it.
    pub met: bool,
    /// What was found, with the numbers.
    pub sentence: String,
    /// The records it was found in; at most [`MAX_EVIDENCE`].
    pub evidence: Vec<Evidence>,
}

/// Most records named as evidence of one requirement.
pub const MAX_EVIDENCE: usize = 12;

impl Finding {
    /// It is proved.
    pub fn met(sentence: impl Into<String>) -> Self {
        Self { met: true, sentence: sentence.into(), evidence: Vec::new() }
    }

    /// It is not proved.
    pub fn unmet(sentence: impl Into<String>) -> Self {
        Self { met: false, sentence: sentence.into(), evidence: Vec::new() }
    }

    /// It is proved if something holds.
    pub fn when(met: bool, sentence: impl Into<String>) -> Self {
        Self { met, sentence: sentence.into(), evidence: Vec::new() }
    }

    /// With the records it was found in, each once.
    pub fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        for one in evidence {
            if self.evidence.len() >= MAX_EVIDENCE {
                break;
            }
            if !self.evidence.iter().any(|known| (known.kind, known.id) == (one.kind, one.id)) {
                self.evidence.push(one);
            }
        }
        self
    }
}

/// One requirement of one version.
pub struct Requirement {
    /// Its stable id, such as `finance.shutdown.plan`.
    pub id: &'static str,
    /// finance, infrastructure, governance, product or operations.
    pub area: &'static str,
    /// What is required, in few words.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do where it is not met.
    pub next: &'static str,
    /// Whether a person can vouch for it where no record proves it.
    pub attestable: bool,
    /// What proves it.
    pub check: fn(&Facts) -> Finding,
}

/// One version of the framework.
pub struct Framework {
    /// `v1`, `v2`.
    pub version: &'static str,
    /// Its requirements: those of versions before it, and its own.
    pub requirements: &'static [&'static [Requirement]],
}

impl Framework {
    /// All its requirements, in order.
    pub fn all(&self) -> impl Iterator<Item = &'static Requirement> {
        self.requirements.iter().flat_map(|part| part.iter())
    }

    /// What this version asks for that another does not.
    pub fn beyond(&self, other: &Framework) -> Vec<&'static Requirement> {
        self.all().filter(|one| !other.all().any(|known| known.id == one.id)).collect()
    }
}

/// The versions there are, oldest first.
pub const FRAMEWORKS: &[Framework] = &[
    Framework { version: "v1", requirements: &[v1::REQUIREMENTS] },
    Framework { version: "v2", requirements: &[v1::REQUIREMENTS, v2::REQUIREMENTS] },
];

/// A version by its name.
pub fn of(version: &str) -> Option<&'static Framework> {
    FRAMEWORKS.iter().find(|framework| framework.version == version)
}
