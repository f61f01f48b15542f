//! What version 2 adds: the commitments of the Open Operations Manifesto.

use super::Requirement;
use super::checks::operations;
use super::v1::requirement;

/// What version 2 asks for beyond version 1.
pub const REQUIREMENTS: &[Requirement] = &[
    requirement! { "operations.incidents.recorded" "operations"
    "Every incident has a record that is preserved"
    "What is forgotten happens again."
    "Record incidents with their times and a timeline, or vouch for where their records are kept."
    true operations::recorded },
    requirement! { "operations.incidents.learned" "operations"
    "A blameless review is published within 14 days, and what follows from it is done"
    "An incident is paid for; its lesson should be kept."
    "Publish the review of each incident and finish what follows, or vouch for where reviews are."
    true operations::learned },
    requirement! { "operations.knowledge.shared" "operations"
    "Runbooks are public and were looked at within a year"
    "At three in the morning nobody should have to ask the one who knows."
    "List the components, write a public runbook for each and its alerts, and look at each once a year; or vouch for where they are."
    true operations::runbooks },
    requirement! { "operations.process.public" "operations"
    "Operational processes are public and open to feedback"
    "Others run the same things and know better ways."
    "Write down your processes, make them public and answer feedback; or vouch for where they are."
    true operations::processes },
    requirement! { "operations.community" "operations"
    "The service takes part in a community of practice, live and in writing"
    "Nobody learns operations alone."
    "Name a channel of each sort and record the sessions you took part in; or vouch for it."
    true operations::community },
    requirement! { "operations.manifesto" "operations"
    "The Open Operations Manifesto is signed by the organisation"
    "A public promise is easier to keep."
    "Keep the text of the manifesto and record your signature with its mandate; or vouch for where it can be seen."
    true operations::manifesto },
];
