use super::*;
use crate::reports::governance::tally::TallyStanding as S;

fn counts(count: &Count) -> Vec<i64> {
    count.counts.iter().map(|option| option.votes).collect()
}

#[test]
fn without_grace_a_late_ballot_is_outside_and_too_few_took_part() {
    let mut vote = vote(change(0), 11, &[]);
    cast(&mut vote, &S6);
    let (tally, count) = draft(&vote, &late_m6());
    assert_eq!((count.roll, count.cast, count.turnout.as_str()), (11, 5, "45.5"));
    assert_eq!(counts(&count), [3, 1, 1]);
    assert_eq!((tally.late.len(), tally.ineligible.len()), (1, 1));
    assert_eq!(count.result, Verdict::NotPassed);
    let said = "Not passed: 3 yes > 1 no, but turnout 5 of 11 (45.5 %) < 50 %";
    assert_eq!(count.sentence, said);
}

#[test]
fn inside_grace_the_same_vote_passes_a_month_later() {
    let mut vote = vote(change(72), 11, &[]);
    cast(&mut vote, &S6);
    let (tally, count) = draft(&vote, &late_m6());
    assert_eq!((count.cast, count.turnout.as_str()), (6, "54.5"));
    assert_eq!(counts(&count), [4, 1, 1]);
    assert_eq!((tally.late.len(), tally.ineligible.len()), (0, 1));
    assert_eq!(count.sentence, "Passed: 4 yes > 1 no, turnout 6 of 11 (54.5 %) ≥ 50 %");
    sign(&mut vote, 9000, 1, tally, "2026-08-05T09:00:00Z");
    let found = outcome(&vote, time("2026-08-06T00:00:00Z"), false);
    assert_eq!((found.stage, found.is_final), (Stage::Counted, true));
    assert_eq!(found.effective_from.unwrap().to_string(), "2026-09-02");
    assert_eq!(found.ineligible[0].why, "Its voter is not on the roll.");
    assert!(!found.recount_due);
}

#[test]
fn a_rule_is_said_in_one_sentence_with_the_rolls_numbers() {
    let said = sentence(&votes_v1::rule("governance-change").unwrap(), 11);
    assert_eq!(
        said,
        "11 people are on the roll (member and leadership), one ballot each; open for at least \
         31 days; passes when more say yes than no and at least 6 of the 11 (50 %) take part \
         (abstentions count for taking part); a tie passes nothing; takes effect 1 month after \
         the close; ballots may arrive until 72 hours after the close."
    );
    for rule in votes_v1::rules() {
        assert!(sentence(&rule, 3).ends_with('.'), "{}", rule.name);
    }
}

#[test]
fn any_order_of_arrival_gives_the_same_bytes() {
    let (mut hashes, mut order) = (Vec::new(), S6);
    for shift in 0..40 {
        order.rotate_left(3);
        order.swap(0, shift % 8);
        let mut vote = vote(change(72), 11, &[]);
        cast(&mut vote, &order);
        hashes.push(draft(&vote, &late_m6()).0);
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 1);
    let sha256 = hashes[0].sha256.clone();
    assert_eq!(
        sha256, "4f8e914a5197c59b549f9805785bfe0ab9d34ceffab6c0ec83960b761c88c99c",
        "a signed count must come out the same for ever"
    );
}

#[test]
fn a_ballot_that_would_have_changed_the_result_asks_for_a_recount_and_a_recount_takes_it_in() {
    let mut vote = vote(change(0), 11, &[]);
    cast(&mut vote, &S6[..6]);
    let (tally, _) = draft(&vote, &BTreeMap::new());
    sign(&mut vote, 9000, 1, tally, "2026-08-02T08:00:00Z");
    let before = outcome(&vote, time(CLOSES), false);
    assert_eq!((before.stage, before.late.len(), before.recount_due), (Stage::Counted, 0, false));
    cast(&mut vote, &[(6, 1, "yes")]);
    let after = outcome(&vote, time(CLOSES), false);
    assert_eq!(after.count, before.count, "what was signed stays");
    assert_eq!(after.late[0].would_change, Some(true));
    assert!(after.late_would_change && after.recount_due);
    // Whoever counts anew corrects the first count, which then has no effect.
    let (again, _) = draft(&vote, &BTreeMap::new());
    sign(&mut vote, 9001, 2, again, "2026-08-04T08:00:00Z");
    assert_eq!(outcome(&vote, time(CLOSES), false).stage, Stage::Disputed);
    vote.tallies.get_mut(&id(9000)).unwrap().state = State::Superseded;
    let counted_anew = outcome(&vote, time(CLOSES), false);
    assert_eq!(counted_anew.count.result, Verdict::Passed);
    assert!(!counted_anew.recount_due && counted_anew.late.is_empty());
    // One more yes changes nothing, and says so.
    cast(&mut vote, &[(7, 1, "yes")]);
    let more = outcome(&vote, time(CLOSES), false);
    assert_eq!((more.late[0].would_change, more.late_would_change), (Some(false), false));
    assert!(!more.recount_due);
}

#[test]
fn two_tellers_who_come_to_the_same_support_each_other() {
    let mut vote = vote(change(0), 11, &[]);
    cast(&mut vote, &S6[..6]);
    for (n, teller) in [(9000, 1), (9001, 2)] {
        // What each had seen besides changes nothing of the count.
        cast(&mut vote, &[(90 + teller, 1, "yes")]);
        let (tally, _) = draft(&vote, &BTreeMap::new());
        sign(&mut vote, n, teller, tally, "2026-08-02T09:00:00Z");
    }
    let found = outcome(&vote, time(CLOSES), false);
    assert_eq!(found.stage, Stage::Counted);
    assert_eq!(found.tallies[0].sha256, found.tallies[1].sha256);
    assert!(found.tallies.iter().all(|line| line.standing == S::Holds));
}

#[test]
fn a_tally_that_does_not_come_out_again_has_no_effect() {
    let mut fair = vote(change(0), 11, &[]);
    cast(&mut fair, &S6);
    let (tally, _) = draft(&fair, &BTreeMap::new());
    let standing = |tally: Tally, at: &str| {
        let mut vote = fair.clone();
        sign(&mut vote, 9000, 1, tally, at);
        let found = outcome(&vote, time("2026-09-01T00:00:00Z"), false);
        let holds = found.tallies[0].standing == S::Holds;
        assert_eq!(found.stage == Stage::Counted, holds);
        found.tallies[0].standing
    };
    let end = "2026-08-02T08:00:00Z";
    assert_eq!(standing(tally.clone(), end), S::Holds);
    assert_eq!(standing(tally.clone(), "2026-08-02T07:59:59Z"), S::Early);
    let other = Tally { sha256: "00".repeat(32), ..tally.clone() };
    assert_eq!(standing(other, end), S::Differs);
    let add = |id: RecordId, ballot: &Ballot| {
        let mut tally = tally.clone();
        tally.counted.push(id.to_string());
        tally.contents.push(content(ballot));
        tally
    };
    // A second ballot of one voter, one from outside the roll, one nobody has.
    assert_eq!(standing(add(id(501), &ballot(5, 1, "no")), end), S::Differs);
    assert_eq!(standing(add(id(9901), &ballot(99, 1, "yes")), end), S::Differs);
    assert_eq!(standing(add(id(701), &ballot(7, 1, "yes")), end), S::Waits);
}

#[test]
fn what_was_counted_stays_counted_when_its_voter_writes_it_again_under_the_same_number() {
    let mut vote = vote(change(0), 11, &[]);
    cast(&mut vote, &S6);
    let (tally, count) = draft(&vote, &BTreeMap::new());
    sign(&mut vote, 9000, 1, tally, "2026-08-02T09:00:00Z");
    let mut second = row(id(101), &ballot(1, 1, "no"));
    let first = json::canonical(&ballot(1, 1, "yes"));
    second.conflicts = vec![(String::new(), vec![first.into()])];
    vote.add_ballot(&second);
    let found = outcome(&vote, time(CLOSES), false);
    assert_eq!((found.stage, found.count), (Stage::Counted, count));
}

#[test]
fn a_forged_or_flagged_ballot_is_listed_and_not_counted() {
    let mut vote = vote(change(0), 3, &[]);
    cast(&mut vote, &[(1, 1, "yes")]);
    let mut forged = row(id(50), &ballot(2, 7, "no"));
    forged.state = State::Rejected;
    forged.problems = vec![Problem::new(AUTHOR, "It speaks for another person.")];
    vote.add_ballot(&forged);
    vote.add_ballot(&row(id(51), &ballot(3, 1, "maybe")));
    let found = outcome(&vote, time(OPENED), false);
    assert_eq!((found.count.cast, found.ineligible.len()), (1, 2));
    assert_eq!(found.ineligible[0].why, "It speaks for another person.");
    assert_eq!(found.ineligible[1].why, "“maybe” is none of the options.");
}

#[test]
fn a_vote_starts_when_seconded_and_a_veto_leaves_its_result_uncounted() {
    let mut vote = vote(votes_v1::rule("no-confidence").unwrap(), 5, &[]);
    cast(&mut vote, &[(2, 1, "yes")]);
    assert_eq!(outcome(&vote, time(OPENED), false).stage, Stage::NeedsSeconds);
    say(&mut vote, 9001, 1, 1, "second");
    assert_eq!(now(&vote).sentence, "Not started: seconded by 0 of 1", "not by its proposer");
    say(&mut vote, 9002, 3, 1, "second");
    let found = outcome(&vote, time(OPENED), false);
    assert_eq!((found.stage, found.count.result), (Stage::Open, Verdict::Passed));
    let mut vote = super::vote(votes_v1::rule("binding").unwrap(), 5, &["red", "blue"]);
    cast(&mut vote, &[(2, 1, "red")]);
    say(&mut vote, 9001, 5, 1, "veto");
    assert_eq!(now(&vote).result, Verdict::Passed, "they may not");
    say(&mut vote, 9002, 2, 1, "veto");
    assert_eq!(now(&vote).result, Verdict::Vetoed);
    assert!(now(&vote).sentence.starts_with("Vetoed, so the result is not counted (Passed: red"));
}

#[test]
fn a_veto_after_the_count_is_late() {
    let mut vote = vote(votes_v1::rule("binding").unwrap(), 5, &["red", "blue"]);
    cast(&mut vote, &[(2, 1, "red")]);
    let (tally, _) = draft(&vote, &BTreeMap::new());
    sign(&mut vote, 9000, 1, tally, "2026-08-05T09:00:00Z");
    say(&mut vote, 9001, 2, 1, "veto");
    let found = outcome(&vote, time(CLOSES), false);
    assert_eq!((found.count.result, found.late.len()), (Verdict::Passed, 1));
    assert_eq!((found.late[0].would_change, found.recount_due), (Some(true), true));
}

#[test]
fn who_proposes_may_take_it_back_until_it_is_counted() {
    let mut vote = vote(change(0), 3, &[]);
    say(&mut vote, 9001, 2, 1, "retract");
    assert_eq!(outcome(&vote, time(OPENED), false).stage, Stage::Open);
    say(&mut vote, 9002, 1, 1, "retract");
    assert_eq!(outcome(&vote, time(OPENED), false).stage, Stage::Retracted);
    assert_eq!(outcome(&vote, time(OPENED), true).stage, Stage::Irregular);
}

#[test]
fn the_stage_goes_by_the_moment_it_is_while_nobody_has_counted() {
    let vote = vote(change(72), 3, &[]);
    let stage = |at| outcome(&vote, time(at), false).stage;
    assert_eq!(stage("2026-08-02T07:59:59Z"), Stage::Open);
    assert_eq!(stage(CLOSES), Stage::Grace);
    assert_eq!(stage("2026-08-05T07:59:59Z"), Stage::Grace);
    assert_eq!(stage("2026-08-05T08:00:00Z"), Stage::ToCount);
}
