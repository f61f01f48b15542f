//! Votes made up from a seed: ballots and ballots again, ballots for others, roles given and ended,
//! somebody removed, devices in two partitions and together. Every replica comes to the same.

use super::support::{Chance, Desk, Team, dump, grant, one};
use commonhold_app::commands::{decisions, people};
use commonhold_core::authority::{Role, Statement};
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::mint;
use commonhold_core::reports::governance::tally::{Outcome, Vote, outcome};
use commonhold_core::store::Act;
use commonhold_core::{Kind, RecordId, Time};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;

/// Three in leadership, two members, a contributor.
const ROLES: [Role; 5] =
    [Role::Leadership, Role::Leadership, Role::Member, Role::Member, Role::Contributor];
const MEMBER: usize = 3;
const STEPS: usize = 36;
const LATER: Time = Time(1_900_000_000_000);

struct World {
    team: Team,
    /// The other side of the network.
    beyond: TempDir,
    side: Vec<bool>,
    vote: RecordId,
    removed: bool,
}

fn result(team: &Team, who: usize, vote: &RecordId) -> (Vote, Outcome) {
    let vote = Vote::load(team.reader(who), &team.book, vote).unwrap().unwrap();
    let found = outcome(&vote, LATER, false);
    (vote, found)
}

/// Whatever was said: one ballot a voter at most, of somebody on the roll, and not by another's hand.
fn assert_fair(vote: &Vote, found: &Outcome) {
    let counted: Vec<_> = found.counted.iter().map(|id| &vote.ballots[id].ballot).collect();
    let voters: BTreeSet<RecordId> = counted.iter().map(|ballot| ballot.voter).collect();
    assert_eq!(voters.len(), counted.len(), "a voter was counted twice");
    assert!(voters.is_subset(&vote.roll), "somebody from outside the roll was counted");
    assert_eq!(found.count.cast as usize, counted.len());
    let votes: i64 = found.count.counts.iter().map(|count| count.votes).sum();
    assert_eq!(votes as usize, counted.len());
    assert_eq!(found.count.roll as usize, vote.roll.len());
    assert!(counted.iter().all(|ballot| ballot.choice != "forged"), "another's hand was counted");
}

impl World {
    fn new(rule: &str) -> Self {
        let mut team = Team::new("2026-06-01T09:00:00Z");
        for role in ROLES {
            let who = team.join(role);
            team.share();
            // A second one in leadership takes both signatures.
            for signer in 1..who {
                if role == Role::Leadership {
                    let person = team.desks[who].person;
                    team.say(signer, &[grant(person, role)]);
                }
            }
        }
        team.share();
        let vote = team.open(0, rule, "Shall we?");
        team.share();
        let side = vec![false; team.desks.len()];
        let beyond = tempfile::tempdir().unwrap();
        Self { team, beyond, side, vote, removed: false }
    }

    fn sync(&mut self, who: usize) {
        let folder = match self.side[who] {
            true => self.beyond.path().to_owned(),
            false => self.team.folder.path().to_owned(),
        };
        self.team.try_sync(who, &folder);
    }

    fn force(&mut self, who: usize, chance: &mut Chance) {
        let victim = chance.below(self.team.desks.len());
        let own = victim == who;
        let choice = if own { *chance.pick(&["yes", "perhaps"]) } else { "forged" };
        let seq = 1 + chance.below(4);
        let voter = self.team.desks[victim].person;
        let ballot =
            json!({"proposal": self.vote, "voter": voter, "seq": seq, "choice": choice, "v": 1});
        let id = mint(chance.number() % 1_000_000, [chance.number() as u8; 10]);
        let key = Key { kind: "ballot".into(), id };
        let edit = Edit::Entry(key, super::support::fields(ballot));
        let act = Act { document: format!("proposal/{}", self.vote), edit };
        let book = self.team.book;
        let now = self.team.app(who).now();
        let _ = self.team.app(who).store().unwrap().write(&book, now, &[act], &mut |_| true);
    }

    fn roles(&mut self, chance: &mut Chance) {
        let signer = chance.below(3);
        let person = self.team.desks[MEMBER + chance.below(3)].person;
        let role = *chance.pick(&[Role::Member, Role::Contributor]);
        let said = match chance.below(2) {
            0 => grant(person, role),
            _ => Statement::End { person, role, reason: "Moved on".into() },
        };
        let book = self.team.book;
        let now = self.team.app(signer).now();
        let _ = self.team.app(signer).store().unwrap().say(&book, now, &[said]);
    }

    /// It takes two of three, each on their own device; the one removed may not know.
    fn remove(&mut self) {
        let (book, person) = (self.team.book, self.team.desks[MEMBER].person);
        for signer in [0, 1] {
            let _ = people::remove(self.team.app(signer), &book, person, None, "Trouble");
        }
        self.removed = true;
    }

    fn step(&mut self, chance: &mut Chance) {
        let who = chance.below(self.team.desks.len());
        let (book, vote) = (self.team.book, self.vote);
        match chance.below(12) {
            0..=3 => {
                let option: &&str = chance.pick(&["yes", "yes", "no", "abstain"]);
                let choice = one(option);
                // Who is not on the roll, or was removed, is told so.
                let _ = decisions::vote(self.team.app(who), &book, &vote, &choice);
            }
            4 => self.force(who, chance),
            5 => self.roles(chance),
            6 => {
                let word = *chance.pick(&["second", "veto", "recount-request", "objection"]);
                let _ = decisions::say(self.team.app(who), &book, &vote, word, None);
            }
            7 => self.side[who] = !self.side[who],
            8 if !self.removed && chance.below(3) == 0 => self.remove(),
            _ => self.sync(who),
        }
        let (vote, found) = result(&self.team, who, &self.vote);
        assert_fair(&vote, &found);
    }

    /// The partitions meet; everybody gets everything.
    fn heal(&mut self) {
        for _ in 0..2 {
            for who in 0..self.team.desks.len() {
                let (here, beyond) =
                    (self.team.folder.path().to_owned(), self.beyond.path().to_owned());
                self.team.try_sync(who, &here);
                self.team.try_sync(who, &beyond);
            }
        }
    }
}

fn round(seed: u64) {
    let mut chance = Chance(seed);
    let rules = ["membership", "governance-change", "no-confidence", "phase-change"];
    let mut world = World::new(rules[seed as usize % rules.len()]);
    for _ in 0..STEPS {
        world.step(&mut chance);
    }
    // Two tellers count, each with what they have; one counts anew once all is here.
    world.team.set("2026-08-01T09:00:00Z");
    let (book, vote) = (world.team.book, world.vote);
    for teller in [0, 2] {
        let _ = decisions::tally_sign(world.team.app(teller), &book, &vote, false);
    }
    world.heal();
    for recount in [false, true] {
        // Those in leadership were never removed: they have the same.
        let all: BTreeMap<usize, (Vote, Outcome)> =
            (0..3).map(|who| (who, result(&world.team, who, &vote))).collect();
        let texts: Vec<String> = (0..3).map(|who| dump(world.team.reader(who), &book)).collect();
        for (who, (raw, found)) in &all {
            assert_fair(raw, found);
            assert_eq!(*found, all[&0].1, "seed {seed}, device {who}, recount {recount}");
            assert!(texts[*who] == texts[0], "seed {seed}: device {who} shows something else");
        }
        assert_eq!(replayed(&world.team, &vote, seed), all[&0].1, "seed {seed}");
        let _ = decisions::tally_sign(world.team.app(1), &book, &vote, true);
        world.heal();
    }
}

/// What a device comes to that gets all objects in an order of its own.
fn replayed(team: &Team, vote: &RecordId, seed: u64) -> Outcome {
    let mut desk = Desk::new(8_000 + seed, "2026-08-02T09:00:00Z".parse().unwrap());
    desk.app.store().unwrap().expect(&team.book).unwrap();
    let mut objects = team.objects(0);
    Chance(seed + 77).shuffle(&mut objects);
    for _ in 0..objects.len() {
        let before = super::support::logs(desk.app.reader(), &team.book);
        for handful in objects.chunks(7) {
            desk.app.store().unwrap().receive(&team.book, handful).unwrap();
        }
        if super::support::logs(desk.app.reader(), &team.book) == before {
            break;
        }
    }
    let raw = Vote::load(desk.app.reader(), &team.book, vote).unwrap().unwrap();
    assert!(desk.app.reader().count(&team.book, Kind::Ballot).is_ok());
    outcome(&raw, LATER, false)
}

#[test]
fn every_replica_of_a_made_up_vote_has_the_same_outcome() {
    for seed in 0..4 {
        round(seed);
    }
}
