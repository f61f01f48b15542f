//! A teller's count, and the register of decisions.

use super::arrivals::{clock_is_odd, looked_at};
use super::regular::look_over;
use super::types::TallyDone;
use super::{load, me};
use crate::app::App;
use crate::commands::{count, records};
use crate::failure::{Code, Failure};
use commonhold_core::authority::Role;
use commonhold_core::id::BookId;
use commonhold_core::json;
use commonhold_core::projection::State;
use commonhold_core::records::governance::decision::Decision;
use commonhold_core::records::governance::tally::Tally;
use commonhold_core::reports::governance::tally::{Stage, TallyStanding, Vote, draft, outcome};
use commonhold_core::store::Reader;
use commonhold_core::{Date, Kind, RecordId, Time};
use serde::Deserialize;
use std::collections::BTreeMap;

fn done(id: Option<RecordId>, tally: &Tally) -> TallyDone {
    TallyDone {
        id,
        sentence: tally.statement.clone(),
        sha256: tally.sha256.clone(),
        counted: count(tally.counted.len()),
        late: count(tally.late.len()),
        ineligible: count(tally.ineligible.len()),
    }
}

/// What a count of all that is here would come to now, without signing it.
pub fn tally_preview(
    reader: &Reader,
    book: &BookId,
    proposal: &RecordId,
) -> Result<TallyDone, Failure> {
    let vote = load(reader, book, proposal)?;
    Ok(done(None, &draft(&vote, &BTreeMap::new()).0))
}

/// Signs the count of a vote that has ended. A re-count takes in what arrived late, and corrects
/// the count there is.
pub fn tally_sign(
    app: &mut App,
    book: &BookId,
    proposal: &RecordId,
    recount: bool,
) -> Result<TallyDone, Failure> {
    let me = me(app, book)?;
    let (vote, arrived) = looked_at(app, book, proposal)?;
    let now = app.now();
    let writer = app.store()?.writer(book, now)?;
    if !writer.may(Kind::Tally.info().writers, false) {
        let who = Role::in_words(Kind::Tally.info().writers);
        return Err(Failure::new(Code::NotAllowed, format!("To count, one must be {who}."))
            .hint("Ask somebody with that role to count."));
    }
    let found = look_over(app.reader(), book, &vote)?;
    if let Some(remark) = found.remarks.first().filter(|_| found.irregular) {
        return Err(Failure::new(Code::Invalid, remark.clone()).hint("It must be opened anew."));
    }
    let end = vote.grace_until();
    if now < end {
        return Err(Failure::new(
            Code::Invalid,
            format!("Ballots may arrive until {end}; it cannot be counted before."),
        )
        .hint("Count it then."));
    }
    if vote.tallies.is_empty() && !recount && clock_is_odd(app, book, end)? {
        let day = now.date();
        return Err(Failure::new(
            Code::Invalid,
            format!(
                "By this device's clock it is {day} and the vote ended at {end}, but no other \
                 device has written anything since: the clock may be wrong."
            ),
        )
        .hint("Look at the clock; if it is right, count it as a re-count."));
    }
    if vote.tallies.is_empty() && vote.is_retracted() {
        return Err(Failure::new(Code::Invalid, "Its proposer took it back; there is no result."));
    }
    let corrects = if recount { corrected(&vote, me, now) } else { None };
    let arrived = if recount { BTreeMap::new() } else { arrived };
    let (tally, _) = draft(&vote, &arrived);
    let same = |signed: &Tally| signed.person == me && signed.sha256 == tally.sha256;
    if vote.tallies.values().any(|signed| signed.state == State::Ok && same(&signed.tally)) {
        return Err(Failure::new(Code::Exists, "You have signed this count already."));
    }
    let at = Some(Time(now.0.saturating_sub(now.0.rem_euclid(1000))));
    let tally = Tally { person: me, at, corrects, ..tally };
    let id = records::add(app, book, Kind::Tally, json::fields(&tally))?;
    Ok(done(Some(id), &tally))
}

/// The tally a re-count corrects: the teller's own, else the one that holds, else any in effect.
fn corrected(vote: &Vote, me: RecordId, now: Time) -> Option<RecordId> {
    let lines = outcome(vote, now, false).tallies;
    let in_effect = || lines.iter().filter(|line| line.standing != TallyStanding::NoEffect);
    let own = in_effect().find(|line| line.person == me);
    let held = in_effect().find(|line| line.standing == TallyStanding::Holds);
    own.or(held).or_else(|| in_effect().next()).map(|line| line.id)
}

/// A decision for the register.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct NewDecision {
    /// The proposal it rests on.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub proposal: Option<RecordId>,
    /// What was decided, in one line; empty: the proposal's title.
    pub title: String,
    /// What was decided (Markdown); empty: the result in a sentence.
    pub text: String,
    /// The day; nothing: today.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub date: Option<Date>,
    /// From when it holds; nothing: as the proposal's rule says.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub effective_from: Option<Date>,
    /// Records that carried it out, as kind/id.
    pub executed_by: Vec<String>,
    /// For what was decided in another service's book: the record there, as book/kind/id.
    #[cfg_attr(test, ts(optional = nullable))]
    pub elsewhere: Option<String>,
    /// The decision it replaces.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub corrects: Option<RecordId>,
}

/// Writes a decision into the register. One that rests on a proposal needs its signed count.
pub fn decision_record(
    app: &mut App,
    book: &BookId,
    new: &NewDecision,
) -> Result<RecordId, Failure> {
    let (today, now) = (app.today(), app.now());
    let mut decision = Decision {
        proposal: new.proposal,
        title: new.title.trim().to_owned(),
        text: new.text.clone(),
        date: new.date.or(Some(today)),
        effective_from: new.effective_from,
        executed_by: new.executed_by.clone(),
        elsewhere: new.elsewhere.clone(),
        corrects: new.corrects,
        ..Decision::default()
    };
    if let Some(proposal) = new.proposal {
        let vote = load(app.reader(), book, &proposal)?;
        let irregular = look_over(app.reader(), book, &vote)?.irregular;
        let outcome = outcome(&vote, now, irregular);
        if outcome.stage != Stage::Counted {
            return Err(Failure::new(
                Code::Invalid,
                "This vote has no signed count that holds yet.",
            )
            .hint("A teller counts it with: commonhold tally PROPOSAL --sign."));
        }
        if decision.title.is_empty() {
            decision.title = vote.proposal.title.clone();
        }
        if decision.text.is_empty() {
            decision.text = format!("{}\n", outcome.count.sentence);
        }
        let later = outcome.effective_from.max(decision.date);
        decision.effective_from = decision.effective_from.or(later);
    }
    records::add(app, book, Kind::Decision, json::fields(&decision))
}
