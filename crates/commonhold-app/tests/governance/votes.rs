//! A vote under version 1 of the framework with voters who are offline: eleven people, eleven
//! devices, one shared folder.

use super::support::{Chance, Desk, Team, named};
use commonhold_app::commands::{decisions, needs};
use commonhold_core::authority::Role;
use commonhold_core::framework::votes_v1;
use commonhold_core::records::governance::rule::Rule;
use commonhold_core::reports::governance::tally::{Stage, Verdict, Vote, outcome};
use commonhold_core::{Kind, RecordId, Time};
use serde_json::json;

const ELEVEN: usize = 11;
/// Who changes their mind, and whose device is away until after the count.
const REVOTES: usize = 4;
const LATE: usize = 5;
/// Ballots in the order of the roll: yes, yes, no, abstain, no and then yes.
const BALLOTS: [&str; 5] = ["yes", "yes", "no", "abstain", "no"];
const SHORT: &str = "Not passed: 3 yes > 1 no, but turnout 5 of 11 (45.5 %) < 50 %";
const PASSED: &str = "Passed: 4 yes > 1 no, turnout 6 of 11 (54.5 %) ≥ 50 %";

/// Eleven who vote and a contributor, who does not.
fn twelve() -> Team {
    let mut team = Team::new("2026-06-01T09:00:00Z");
    for _ in 1..ELEVEN {
        team.join(Role::Member);
    }
    assert_eq!(team.join(Role::Contributor), ELEVEN);
    let strict = Rule {
        name: "no grace".into(),
        grace_hours: Some(0),
        ..votes_v1::rule("governance-change").unwrap()
    };
    team.add(0, Kind::Rule, serde_json::to_value(&strict).unwrap());
    team.share();
    team
}

/// Everybody votes where they are; who came too late for the roll tries as well.
fn ballots(team: &mut Team, votes: &[RecordId]) {
    for vote in votes {
        for (who, choice) in BALLOTS.iter().enumerate() {
            team.cast(who, vote, choice);
        }
        team.cast(REVOTES, vote, "yes");
        team.cast(LATE, vote, "yes");
        let stranger = team.desks[ELEVEN].person;
        let forced = json!({"proposal": vote, "voter": stranger, "seq": 1, "choice": "yes"});
        let book = team.book;
        let refused = decisions::vote(team.app(ELEVEN), &book, vote, &super::support::one("yes"));
        assert!(refused.is_err(), "the program refuses who is not on the roll");
        team.add(ELEVEN, Kind::Ballot, forced);
    }
}

/// Everybody but one exchanges, in any order, a few times.
fn gossip(team: &mut Team, chance: &mut Chance) {
    let mut order: Vec<usize> = (0..team.desks.len()).filter(|who| *who != LATE).collect();
    for _ in 0..2 {
        chance.shuffle(&mut order);
        order.clone().into_iter().for_each(|who| team.sync(who));
    }
}

fn tried(team: &Team, who: usize, vote: &RecordId) -> (String, u32, u32) {
    let tried = decisions::tally_preview(team.reader(who), &team.book, vote).unwrap();
    (tried.sha256, tried.counted, tried.ineligible)
}

/// One device takes all objects in, in any order and a few at a time, and counts.
fn in_any_order(team: &Team, votes: &[RecordId], seed: u64) -> Vec<(String, u32, u32)> {
    let mut objects = team.objects(0);
    let mut desk = Desk::new(9_000 + seed, "2026-07-05T09:00:00Z".parse().unwrap());
    desk.app.store().unwrap().expect(&team.book).unwrap();
    let mut chance = Chance(seed);
    chance.shuffle(&mut objects);
    for _ in 0..objects.len() {
        for handful in objects.chunks(1 + seed as usize) {
            desk.app.store().unwrap().receive(&team.book, handful).unwrap();
        }
        let there: usize = super::support::logs(desk.app.reader(), &team.book);
        if there == objects.len() {
            break;
        }
    }
    let tried = |vote| {
        let tried = decisions::tally_preview(desk.app.reader(), &team.book, vote).unwrap();
        (tried.sha256, tried.counted, tried.ineligible)
    };
    votes.iter().map(tried).collect()
}

#[test]
fn eleven_vote_while_apart_and_every_device_comes_to_the_same() {
    let mut team = twelve();
    let book = team.book;
    let votes =
        [team.open(0, "no grace", "New bylaws"), team.open(0, "governance-change", "A seat")];
    team.share();
    // One more member after it was opened: the roll stays as it was.
    let late_comer = team.desks[ELEVEN].person;
    team.say(0, &[super::support::grant(late_comer, Role::Member)]);
    team.share();
    for vote in &votes {
        let seen = team.see(ELEVEN, vote);
        assert_eq!((seen.row.stage, seen.row.roll, seen.mine.may_vote), (Stage::Open, 11, false));
    }
    ballots(&mut team, &votes);
    gossip(&mut team, &mut Chance(6));
    // Every device that was there counts the same, to the byte, and so does one that gets
    // everything in another order.
    let counts: Vec<_> = votes.iter().map(|vote| tried(&team, 0, vote)).collect();
    assert!(counts.iter().all(|(_, counted, wrong)| (*counted, *wrong) == (5, 1)));
    for who in (0..team.desks.len()).filter(|who| *who != LATE) {
        let here: Vec<_> = votes.iter().map(|vote| tried(&team, who, vote)).collect();
        assert_eq!(here, counts, "device {who}");
    }
    for seed in 1..=4 {
        assert_eq!(in_any_order(&team, &votes, seed), counts, "order {seed}");
    }
    // Without grace the late one is late; inside it the same ballot counts.
    let closes = team.see(0, &votes[0]).row.closes.unwrap();
    team.set(&Time(closes.0 + 60_000).to_string());
    assert_eq!(team.sign(0, &votes[0], false), SHORT);
    team.share();
    assert_eq!(team.see(0, &votes[1]).row.stage, Stage::Grace);
    let end = team.see(0, &votes[1]).row.grace_until;
    late_ballot(&mut team, &votes[0]);
    team.set(&Time(end.0 + 60_000).to_string());
    assert_eq!(team.sign(0, &votes[1], false), PASSED);
    team.share();
    for who in 0..team.desks.len() {
        let seen = team.see(who, &votes[1]);
        assert_eq!((seen.row.stage, seen.row.sentence.as_deref()), (Stage::Counted, Some(PASSED)));
        assert_eq!((seen.outcome.count.cast, seen.outcome.ineligible.len()), (6, 1));
        assert_eq!(seen.outcome.late, []);
        // A month after it closed.
        assert_eq!(seen.outcome.effective_from.unwrap().to_string(), "2026-08-02");
        let raw = Vote::load(team.reader(who), &book, &votes[1]).unwrap().unwrap();
        assert_eq!(outcome(&raw, end, false), seen.outcome, "device {who}");
    }
}

/// The ballot that arrived after the count would change the result: a re-count is asked for, and
/// done it is the same as inside the time allowed.
fn late_ballot(team: &mut Team, vote: &RecordId) {
    let book = team.book;
    let seen = team.see(0, vote);
    assert_eq!((seen.row.result, seen.row.recount_due), (Some(Verdict::NotPassed), true));
    let told = "Arrived after the count (1): would have changed the result.";
    assert_eq!(seen.late_sentence.as_deref(), Some(told));
    let asked = needs::needs_you(team.app(0), &book).unwrap().items;
    let title = named(team.reader(0), &book, Kind::Proposal, "New bylaws");
    assert!(asked.iter().any(|one| one.what == "recount" && one.id.ends_with(&title.to_string())));
    assert_eq!(team.sign(0, vote, true), PASSED);
    team.share();
    for who in 0..team.desks.len() {
        let seen = team.see(who, vote);
        assert_eq!((seen.row.result, seen.row.recount_due), (Some(Verdict::Passed), false));
    }
}

#[test]
fn clocks_years_off_change_no_result() {
    let run = |odd: bool| {
        let mut team = Team::new("2026-06-01T09:00:00Z");
        for _ in 1..6 {
            team.join(Role::Member);
        }
        team.say(0, &[super::support::grant(team.desks[1].person, Role::Teller)]);
        team.say(0, &[super::support::grant(team.desks[2].person, Role::Teller)]);
        team.share();
        let vote = team.open(0, "membership", "Take somebody in");
        team.share();
        // Two devices are ten years ahead and ten years behind.
        if odd {
            team.desks[1].set("2036-06-02T09:00:00Z");
            team.desks[2].set("2016-06-02T09:00:00Z");
        }
        for (who, choice) in [(1, "no"), (2, "no"), (1, "yes"), (2, "yes"), (3, "no"), (4, "yes")] {
            team.cast(who, &vote, choice);
        }
        // Who votes by a clock that is ahead is not the last for it.
        team.cast(3, &vote, "abstain");
        team.share();
        if odd {
            let book = team.book;
            let early = decisions::tally_sign(team.app(1), &book, &vote, false).unwrap_err();
            assert!(early.message.ends_with("the clock may be wrong."), "{}", early.message);
            let before = decisions::tally_sign(team.app(2), &book, &vote, false).unwrap_err();
            assert!(before.message.starts_with("Ballots may arrive until"), "{}", before.message);
        }
        team.cast(5, &vote, "no");
        team.share();
        for who in [0, 3, 4, 5] {
            team.desks[who].set("2026-06-20T09:00:00Z");
        }
        let sentence = team.sign(0, &vote, false);
        team.share();
        // The clocks are put right: nobody there comes to something else.
        for who in 0..6 {
            team.desks[who].set("2026-06-21T09:00:00Z");
            let seen = team.see(who, &vote);
            assert_eq!((seen.row.stage, seen.row.recount_due), (Stage::Counted, false));
            assert_eq!(seen.row.sentence.as_ref(), Some(&sentence));
        }
        assert_eq!(team.sign(1, &vote, false), sentence);
        team.share();
        assert_eq!(team.see(2, &vote).row.stage, Stage::Counted);
        sentence
    };
    let plain = run(false);
    assert_eq!(plain, "Passed: 3 yes > 1 no, turnout 5 of 6 (83.3 %)");
    assert_eq!(run(true), plain);
}
