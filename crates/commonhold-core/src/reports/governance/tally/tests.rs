//! The numbers worked out by hand, and everything that could make them come out otherwise.

use super::*;
use crate::date::Time;
use crate::framework::votes_v1;
use crate::id::{RecordId, mint};
use crate::json::{self, Fields};
use crate::problem::{AUTHOR, Problem};
use crate::projection::{Row, State};
use crate::records::governance::ballot::Ballot;
use crate::records::governance::intervention::Intervention;
use crate::records::governance::proposal::Proposal;
use crate::records::governance::rule::Rule;
use crate::records::governance::tally::Tally;
use serde::Serialize;
use std::collections::BTreeMap;

mod methods;
mod tallies;

const OPENED: &str = "2026-07-01T08:00:00Z";
const CLOSES: &str = "2026-08-02T08:00:00Z";

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn person(n: u8) -> RecordId {
    mint(1_000, [n; 10])
}

fn id(n: u64) -> RecordId {
    mint(2_000 + n, [n as u8; 10])
}

fn row(id: RecordId, record: &impl Serialize) -> Row {
    let fields: Fields = json::fields(record);
    let (problems, conflicts, document) = Default::default();
    Row { n: 0, id, state: State::Ok, problems, conflicts, fields, document }
}

/// A vote of some people under a rule.
fn vote(rule: Rule, people: u8, options: &[&str]) -> Vote {
    let own = Proposal::options_of(&rule);
    let options = options.iter().map(|&option| option.to_owned()).collect();
    let mut roll: Vec<String> = (1..=people).map(|n| person(n).to_string()).collect();
    roll.sort();
    let proposal = Proposal {
        title: "New bylaws".into(),
        rule: rule.name.clone(),
        terms: rule.terms(),
        options: own.unwrap_or(options),
        opened: Some(time(OPENED)),
        closes: Some(time(CLOSES)),
        vetoers: roll.iter().take(2).cloned().collect(),
        seconders: roll.clone(),
        roll,
        person: person(1),
        ..Proposal::default()
    };
    let row = row(id(0), &proposal);
    let judged = (crate::Kind::Proposal.info().judge)(&row.fields);
    assert_eq!(judged.problems, []);
    Vote::of(&row).unwrap()
}

fn ballot(voter: u8, seq: i64, choice: &str) -> Ballot {
    let ranking = choice.split('>').map(str::to_owned).collect();
    let scores = choice.split(',').map(str::to_owned).collect();
    let (mut ballot, empty) = (Ballot { voter: person(voter), seq, ..Ballot::default() }, vec![]);
    ballot.proposal = id(0);
    match () {
        () if choice.contains('>') => (ballot.ranking, ballot.scores) = (ranking, empty),
        () if choice.contains(',') => (ballot.scores, ballot.ranking) = (scores, empty),
        () => ballot.choice = choice.to_owned(),
    }
    ballot
}

/// Ballots by voter, number and choice; their ids follow their places.
fn cast(vote: &mut Vote, ballots: &[(u8, i64, &str)]) {
    for (voter, seq, choice) in ballots {
        let n = u64::from(*voter) * 100 + *seq as u64;
        vote.add_ballot(&row(id(n), &ballot(*voter, *seq, choice)));
    }
}

fn say(vote: &mut Vote, n: u64, who: u8, seq: i64, kind: &str) {
    let reason = Some("It matters".to_owned());
    let (proposal, person) = (id(0), person(who));
    let said = Intervention { proposal, person, seq, kind: kind.to_owned(), reason };
    vote.add_word(&row(id(n), &said));
}

fn now(vote: &Vote) -> Count {
    outcome(vote, time(OPENED), false).count
}

/// Signs a count.
fn sign(vote: &mut Vote, n: u64, teller: u8, tally: Tally, at: &str) {
    let tally = Tally { person: person(teller), at: Some(time(at)), ..tally };
    vote.add_tally(&row(id(n), &tally));
}

fn change(grace: i64) -> Rule {
    Rule { grace_hours: Some(grace), ..votes_v1::rule("governance-change").unwrap() }
}

/// Eleven on the roll: m5 votes again, m6's ballot arrives late, x9 is not on the roll.
const S6: [(u8, i64, &str); 8] = [
    (1, 1, "yes"),
    (2, 1, "yes"),
    (3, 1, "no"),
    (4, 1, "abstain"),
    (5, 1, "no"),
    (5, 2, "yes"),
    (6, 1, "yes"),
    (99, 1, "yes"),
];
const LATE: u64 = 601;

fn late_m6() -> BTreeMap<RecordId, Time> {
    BTreeMap::from([(id(LATE), time("2026-08-03T08:00:00Z"))])
}
