//! Decisions: rules, proposals, ballots, counts, and what was decided.

mod arrivals;
pub mod cited;
mod count;
mod elections;
mod open;
mod regular;
mod speak;
mod ties;
mod types;
mod view;

pub use arrivals::notice;
pub(in crate::commands) use cited::unlinked;
pub use count::{NewDecision, decision_record, tally_preview, tally_sign};
pub use elections::{ElectionView, election_import, election_read};
pub use open::{NewProposal, proposal_open, rules};
pub use speak::{Choice, say, vote};
pub use types::{
    BallotLine, DecisionLine, Executed, MyPart, ProposalRow, ProposalView, RuleView, TallyDone,
    Voter, WordLine,
};
pub use view::{proposal_list, proposal_view};

use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::reports::governance::tally::Vote;
use commonhold_core::store::Reader;
use commonhold_core::{Kind, RecordId};

/// Reads a vote; a sentence when there is none or its proposal is wrong.
fn load(reader: &Reader, book: &BookId, id: &RecordId) -> Result<Vote, Failure> {
    super::records::find(reader, book, Kind::Proposal, id)?;
    Vote::load(reader, book, id)?.ok_or_else(|| {
        Failure::new(Code::Invalid, "This proposal has no effect; nothing can be said to it.")
            .hint("Open it to see what is wrong with it.")
    })
}

/// The person at this device.
fn me(app: &mut App, book: &BookId) -> Result<RecordId, Failure> {
    let now = app.now();
    Ok(app.store()?.writer(book, now)?.person)
}

/// Finds a proposal by its id or by a title only one has.
pub fn find(reader: &Reader, book: &BookId, wanted: &str) -> Result<RecordId, Failure> {
    if let Ok(id) = wanted.parse() {
        return Ok(id);
    }
    let found = reader.with(book, Kind::Proposal, "title", wanted)?;
    match found.as_slice() {
        [one] => Ok(one.id),
        [] => Err(Failure::new(Code::NotFound, format!("There is no proposal “{wanted}”."))
            .hint("List them with: commonhold proposal list.")),
        _ => Err(Failure::new(Code::Invalid, format!("Several proposals are called “{wanted}”."))
            .hint("Use the id that `commonhold proposal list` shows.")),
    }
}
