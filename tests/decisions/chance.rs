//! Votes made up from a seed: votes and votes again, roles given and ended, somebody removed,
//! laptops apart and together. Every laptop comes to the same.

use super::{Votes, one};
use crate::support::Chance;
use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, grant};
use crate::support::mallory::entry;
use commonhold_app::commands::decisions;
use commonhold_core::authority::{Role, Statement};
use commonhold_core::id::mint;
use commonhold_core::reports::governance::tally::{Outcome, Vote, outcome};
use commonhold_core::{RecordId, Time};
use serde_json::json;
use std::collections::BTreeSet;

const REPLICAS: [usize; 3] = [ANN, BEN, CLEO];
const EMIL: usize = 4;

/// What somebody's laptop comes to, without any look at a clock.
fn result(crew: &Crew, who: usize, vote: &RecordId) -> (Vote, Outcome) {
    let reader = crew.laptops[who].reader();
    let vote = Vote::load(reader, &crew.harbor.book, vote).unwrap().unwrap();
    let outcome = outcome(&vote, Time(1_900_000_000_000), false);
    (vote, outcome)
}

/// Whatever was said: one ballot a voter at most, all of them on the roll, and the last.
fn assert_fair(vote: &Vote, outcome: &Outcome) {
    let counted: Vec<_> = outcome.counted.iter().map(|id| &vote.ballots[id].ballot).collect();
    let voters: BTreeSet<RecordId> = counted.iter().map(|ballot| ballot.voter).collect();
    assert_eq!(voters.len(), counted.len(), "a voter was counted twice");
    assert!(voters.is_subset(&vote.roll), "somebody from outside the roll was counted");
    assert_eq!(outcome.count.cast as usize, counted.len());
    let votes: i64 = outcome.count.counts.iter().map(|count| count.votes).sum();
    assert_eq!(votes as usize, counted.len());
    if !outcome.is_final {
        for ballot in counted {
            let newer = vote.ballots.values().any(|voice| {
                let same = voice.fault.is_none() && voice.ballot.voter == ballot.voter;
                same && voice.ballot.seq > ballot.seq
            });
            assert!(!newer, "an older ballot was counted");
        }
    }
}

fn cast(crew: &mut Crew, who: usize, vote: &RecordId, choice: &str) {
    let book = crew.harbor.book;
    // Who was removed or is not on the roll is told so.
    let _ = decisions::vote(&mut crew.laptops[who], &book, vote, &one(choice));
}

/// A ballot past all checks, for whomever, under whatever number.
fn force(crew: &mut Crew, who: usize, vote: &RecordId, chance: &mut Chance) {
    let victim = *chance.pick(&crew.people);
    let seq = 1 + chance.below(4);
    let choice = *chance.pick(&["yes", "no", "perhaps"]);
    let ballot = json!({"proposal": vote, "voter": victim, "seq": seq, "choice": choice, "v": 1});
    let id = mint(
        chance.number() % 1_000_000,
        chance.number().to_le_bytes().repeat(2)[..10].try_into().unwrap(),
    );
    let act = commonhold_core::store::Act {
        document: format!("proposal/{vote}"),
        edit: entry("ballot", id, &ballot),
    };
    let (book, now) = (crew.harbor.book, crew.laptops[who].now());
    let _ = crew.laptops[who].store().unwrap().write(&book, now, &[act], &mut |_| true);
}

/// Something about who belongs, said by Ann or Ben.
fn change_roles(crew: &mut Crew, chance: &mut Chance) {
    let (book, signer) = (crew.harbor.book, *chance.pick(&[ANN, BEN]));
    let person = *chance.pick(&[crew.people[DORA], crew.people[EMIL]]);
    let role = *chance.pick(&[Role::Member, Role::Contributor]);
    let statement = match chance.below(2) {
        0 => grant(person, role),
        _ => Statement::End { person, role, reason: "Moved on".into() },
    };
    let now = crew.laptops[signer].now();
    let _ = crew.laptops[signer].store().unwrap().say(&book, now, &[statement]);
}

/// Hands all one has to another; what is held back or not allowed there is no trouble.
fn hand(crew: &mut Crew, from: usize, to: usize) {
    let objects = crew.objects(from);
    crew.receive(to, &objects);
}

fn round(seed: u64) {
    let mut chance = Chance(seed);
    let mut crew = crew(Role::Member);
    crew.join(Role::Contributor);
    crew.share();
    let rule = *chance.pick(&["membership", "governance-change", "phase-change"]);
    let vote = crew.open(ANN, rule, "Shall we?", &[]);
    crew.share();
    let mut removed = false;
    for _ in 0..40 {
        let who = chance.below(crew.laptops.len());
        match chance.below(10) {
            0..=3 => {
                let choice = *chance.pick(&["yes", "yes", "no", "abstain"]);
                cast(&mut crew, who, &vote, choice);
            }
            4 => force(&mut crew, who, &vote, &mut chance),
            5 => change_roles(&mut crew, &mut chance),
            6 if !removed && chance.below(3) == 0 => {
                // It takes two of three; Dora may vote meanwhile without knowing.
                crew.remove(ANN, DORA);
                hand(&mut crew, ANN, BEN);
                crew.remove(BEN, DORA);
                removed = true;
            }
            _ => {
                let other = chance.below(crew.laptops.len());
                if other != who {
                    hand(&mut crew, who, other);
                }
            }
        }
        let (vote, outcome) = result(&crew, who, &vote);
        assert_fair(&vote, &outcome);
    }
    crew.end(&vote);
    // Ann counts with what she has; then everything reaches everybody.
    let book = crew.harbor.book;
    let signed = decisions::tally_sign(&mut crew.laptops[ANN], &book, &vote, false).is_ok();
    for _ in 0..2 {
        for (from, to) in [(3, 0), (4, 0), (1, 0), (2, 0), (0, 1), (0, 2)] {
            hand(&mut crew, from, to);
        }
    }
    let all: Vec<(Vote, Outcome)> = REPLICAS.iter().map(|who| result(&crew, *who, &vote)).collect();
    for (vote, outcome) in &all {
        assert_fair(vote, outcome);
        assert_eq!(*outcome, all[0].1, "seed {seed}");
    }
    assert!(!signed || !all[0].1.tallies.is_empty());
    crew.assert_alike();
}

#[test]
fn made_up_votes_come_to_the_same_on_every_laptop() {
    for seed in 0..6 {
        round(seed);
    }
}
