//! Voting, and what is said beside it.

use super::arrivals::{clock_is_odd, looked_at};
use super::{load, me};
use crate::app::App;
use crate::commands::records;
use crate::failure::{Code, Failure};
use commonhold_core::id::BookId;
use commonhold_core::json;
use commonhold_core::problem::Problem;
use commonhold_core::records::governance::ballot::Ballot;
use commonhold_core::records::governance::intervention::Intervention;
use commonhold_core::records::governance::proposal::Proposal;
use commonhold_core::reports::governance::tally::Vote;
use commonhold_core::{Kind, RecordId};
use serde::Deserialize;

/// What somebody chooses: one option, or an order of options, or points for each.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Choice {
    /// One option, or `abstain`.
    pub choice: String,
    /// Options, the best first.
    pub ranking: Vec<String>,
    /// Points for each option, in their order.
    pub scores: Vec<String>,
    /// Why.
    pub reason: Option<String>,
}

fn refuse(what: &str, hint: &str) -> Failure {
    Failure::new(Code::NotAllowed, what).hint(hint)
}

/// Casts a ballot, or casts it anew: the last one counts. Returns its id.
pub fn vote(
    app: &mut App,
    book: &BookId,
    proposal: &RecordId,
    choice: &Choice,
) -> Result<RecordId, Failure> {
    let (me, now) = (me(app, book)?, app.now());
    let vote = load(app.reader(), book, proposal)?;
    if !vote.roll.contains(&me) {
        return Err(refuse(
            "You are not on the roll of this vote.",
            "The roll was fixed when it was opened; it does not change.",
        ));
    }
    if vote.is_retracted() {
        return Err(refuse("This proposal was taken back.", "Nothing is left to vote on."));
    }
    let closed = vote.proposal.closes.filter(|closes| *closes <= now);
    // By a clock that may be years ahead nobody is kept from voting: what arrives in time counts.
    if let Some(closes) = closed
        && (!vote.tallies.is_empty() || !clock_is_odd(app, book, closes)?)
    {
        return Err(refuse(
            &format!("This vote closed at {closes}."),
            "Ask for a re-count if you could not vote in time.",
        ));
    }
    let own = vote.ballots.values().filter(|voice| voice.ballot.voter == me);
    let last = own.map(|voice| voice.ballot.seq).max().unwrap_or(0);
    let mut ballot = Ballot {
        proposal: *proposal,
        voter: me,
        seq: last,
        choice: choice.choice.clone(),
        ranking: choice.ranking.clone(),
        scores: choice.scores.clone(),
        reason: choice.reason.clone(),
    };
    if let Some(fault) = vote.fault_of(&ballot) {
        let options = format!("The options: {}; or abstain.", vote.proposal.options.join(", "));
        return Err(Failure::invalid(vec![Problem::new("choice", fault)]).hint(options));
    }
    // Somebody else may have put something where the next ballot belongs; the one after counts all
    // the same.
    loop {
        ballot.seq = ballot.seq.saturating_add(1);
        let fields = json::fields(&ballot);
        let judged = (Kind::Ballot.info().judge)(&fields);
        let id = Kind::Ballot.info().id(book, &judged, RecordId::nil());
        if app.reader().record(book, Kind::Ballot, &id)?.is_none() {
            let id = records::add(app, book, Kind::Ballot, fields)?;
            looked_at(app, book, proposal)?;
            return Ok(id);
        }
    }
}

/// Whether somebody may say something to a vote; a sentence when not.
fn entitled(vote: &Vote, me: RecordId, kind: &str) -> Result<(), Failure> {
    let among = |list: &[String]| Proposal::people(list).contains(&me);
    let own = vote.proposal.person == me;
    match kind {
        "second" if own => {
            Err(refuse("Nobody seconds a proposal of their own.", "Ask somebody else to."))
        }
        "second" if !among(&vote.proposal.seconders) => {
            Err(refuse("You may not second this.", "Its rule says who may."))
        }
        "veto" if !among(&vote.proposal.vetoers) => {
            Err(refuse("You may not veto this.", "Its rule says who may; you can vote against it."))
        }
        "retract" if !own => Err(refuse(
            "Only who proposes it can take it back.",
            "You can object to it or vote against it.",
        )),
        "objection" | "resolved" | "recount-request" if !vote.roll.contains(&me) => {
            Err(refuse("You are not on the roll of this vote.", "Ask somebody who is."))
        }
        _ => Ok(()),
    }
}

/// Seconds, vetoes, objects, says that an objection is resolved, takes a proposal back, or asks
/// for a re-count. Returns the record's id.
pub fn say(
    app: &mut App,
    book: &BookId,
    proposal: &RecordId,
    kind: &str,
    reason: Option<&str>,
) -> Result<RecordId, Failure> {
    let me = me(app, book)?;
    let vote = load(app.reader(), book, proposal)?;
    entitled(&vote, me, kind)?;
    if kind == "resolved" && !vote.objections(&vote.sound_words()).contains(&me) {
        return Err(Failure::new(Code::NotFound, "You have no objection that stands."));
    }
    let own = vote.words.values().filter(|word| word.said.person == me);
    let last = own.map(|word| word.said.seq).max().unwrap_or(0);
    let said = Intervention {
        proposal: *proposal,
        person: me,
        seq: last.saturating_add(1),
        kind: kind.to_owned(),
        reason: reason.map(str::to_owned),
    };
    let id = records::add(app, book, Kind::Intervention, json::fields(&said))?;
    looked_at(app, book, proposal)?;
    Ok(id)
}
