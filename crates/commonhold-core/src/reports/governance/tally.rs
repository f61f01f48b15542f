//! Votes: what a proposal comes to, and by which ballots. Pure functions of the records; the
//! moment it is decides only whether a vote that nobody has counted is shown as open or closed.
//!
//! **Turnout**: ballots including abstentions ÷ frozen roll. **Majority**: yes > no, abstentions
//! outside the base. **Supermajority**: yes ÷ (yes + no). **Consent**: no unresolved paramount
//! objection; to stand aside is allowed. **Lazy consensus**: passes if nobody objects by the
//! deadline. **Schulze**: the default option must be beaten.
//!
//! There is no clock to trust. What a teller's signed tally names is what counts; a ballot's own
//! claim of time is shown and decides nothing, and of one voter's ballots only their numbers do.

mod consent;
mod count;
mod draft;
mod majority;
mod plurality;
pub mod schulze;
mod score;
mod standing;
#[cfg(test)]
mod tests;
mod vote;
mod words;

pub use count::{Count, OptionCount, Verdict};
pub use draft::{TallyStanding, draft};
pub use score::MAX_POINTS;
pub use standing::{Ineligible, Late, Outcome, Stage, TallyLine, outcome};
pub use vote::{Voice, Vote, Word, content};
pub use words::sentence;
