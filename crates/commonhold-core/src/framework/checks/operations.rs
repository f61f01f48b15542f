//! Operations: the commitments of the Open Operations Manifesto.

use super::super::Finding;
use super::super::facts::Facts;
use super::{names, some};
use crate::records::Kind;

/// `operations.incidents.recorded`: no incident is in the record yet; a person vouches.
pub fn recorded(_: &Facts) -> Finding {
    Finding::unmet("No incident is recorded here.")
}

/// `operations.incidents.learned`: no review is in the record yet; a person vouches.
pub fn learned(_: &Facts) -> Finding {
    Finding::unmet("No review of an incident is recorded here.")
}

/// `operations.knowledge.shared`: runbooks are there; that they were looked at, a person vouches.
pub fn runbooks(facts: &Facts) -> Finding {
    let found: Vec<_> = facts.pages.iter().filter(|(_, page)| page.kind == "runbook").collect();
    let count = some(found.len(), "runbook", "runbooks");
    Finding::unmet(format!(
        "{count} on record; nobody vouched that they were looked at within a year."
    ))
    .with(found.iter().map(|(id, page)| names(Kind::Page, *id, &page.title)))
}

/// `operations.process.public`: a person vouches.
pub fn processes(_: &Facts) -> Finding {
    Finding::unmet("No process is on record, and nobody vouched for where they are.")
}

/// `operations.community`: a person vouches.
pub fn community(_: &Facts) -> Finding {
    Finding::unmet("No community of practice is on record.")
}

/// `operations.manifesto`: a person vouches, saying where the signature is.
pub fn manifesto(_: &Facts) -> Finding {
    Finding::unmet("No signature is on record.")
}
