//! Whole votes, from opening to what carried them out.

use super::{Votes, one, ranked};
use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew};
use crate::support::fields;
use crate::support::mallory::entry;
use commonhold_app::Code;
use commonhold_app::commands::decisions::{self, NewDecision, NewProposal};
use commonhold_app::commands::records;
use commonhold_core::authority::Role;
use commonhold_core::framework::votes_v1;
use commonhold_core::id::mint;
use commonhold_core::projection::State;
use commonhold_core::records::governance::rule::Rule;
use commonhold_core::reports::governance::tally::{Stage, TallyStanding, Verdict};
use commonhold_core::{Kind, RecordId, Time};
use serde_json::json;

const EMIL: usize = 4;

/// The three in leadership and Dora as a member vote; Emil, a contributor, does not.
fn five() -> Crew {
    let mut crew = crew(Role::Member);
    crew.join(Role::Contributor);
    crew.share();
    crew
}

#[test]
fn a_vote_with_offline_voters_from_opening_to_what_carried_it_out() {
    let mut crew = five();
    let vote = crew.open(ANN, "governance-change", "New bylaws", &[]);
    crew.share();
    let seen = crew.see(BEN, &vote);
    assert_eq!((seen.row.stage, seen.row.roll), (Stage::Open, 4));
    assert!(seen.mine.vote_missing && seen.mine.may_vote && !seen.row.my_count_missing);
    assert!(seen.rule_sentence.contains("at least 2 of the 4 (50 %)"), "{}", seen.rule_sentence);
    assert_eq!((seen.remarks, seen.voters.len()), (vec![], 4));
    // Everybody votes where they are; Ben changes his mind; Emil is not on the roll.
    crew.cast(ANN, &vote, &one("yes"));
    crew.cast(BEN, &vote, &one("no"));
    crew.cast(BEN, &vote, &one("yes"));
    crew.cast(CLEO, &vote, &one("abstain"));
    let book = crew.harbor.book;
    let not = decisions::vote(&mut crew.laptops[EMIL], &book, &vote, &one("yes")).unwrap_err();
    assert_eq!(not.code, Code::NotAllowed);
    let odd = decisions::vote(&mut crew.laptops[ANN], &book, &vote, &one("maybe")).unwrap_err();
    assert_eq!(odd.code, Code::Invalid);
    let early = decisions::tally_sign(&mut crew.laptops[ANN], &book, &vote, false).unwrap_err();
    assert!(early.message.starts_with("Ballots may arrive until"), "{early}");
    // Another member who came later is not on the roll.
    crew.promote(crew.people[EMIL], Role::Member);
    crew.share();
    assert_eq!(crew.see(EMIL, &vote).row.roll, 4);
    assert!(!crew.see(EMIL, &vote).mine.may_vote);
    counted_and_carried_out(&mut crew, &vote);
}

fn counted_and_carried_out(crew: &mut Crew, vote: &RecordId) {
    crew.end(vote);
    assert_eq!(crew.see(ANN, vote).row.stage, Stage::ToCount);
    let book = crew.harbor.book;
    let sentence = crew.sign(ANN, vote, false);
    assert_eq!(sentence, "Passed: 2 yes > 0 no, turnout 3 of 4 (75.0 %) ≥ 50 %");
    crew.share();
    for who in [ANN, BEN, CLEO, DORA, EMIL] {
        let seen = crew.see(who, vote);
        assert_eq!((seen.row.stage, seen.row.result), (Stage::Counted, Some(Verdict::Passed)));
        assert_eq!(seen.row.sentence.as_ref(), Some(&sentence));
        assert_eq!(seen.outcome.effective_from.unwrap().to_string(), "2026-09-01");
    }
    // A second teller comes to the same.
    assert_eq!(crew.sign(BEN, vote, false), sentence);
    let again = decisions::tally_sign(&mut crew.laptops[BEN], &book, vote, false).unwrap_err();
    assert_eq!(again.code, Code::Exists);
    // The decision, and what carries it out.
    let new = NewDecision { proposal: Some(*vote), ..NewDecision::default() };
    let decision = decisions::decision_record(&mut crew.laptops[BEN], &book, &new).unwrap();
    let mut bill = crew.harbor.bill(4200, "Notary");
    bill["decision"] = json!(decision);
    records::add(&mut crew.laptops[BEN], &book, Kind::Transaction, fields(bill)).unwrap();
    crew.share();
    let seen = crew.see(ANN, vote);
    assert!(seen.outcome.tallies.iter().all(|line| line.standing == TallyStanding::Holds));
    assert_eq!((seen.outcome.tallies.len(), seen.row.stage), (2, Stage::Counted));
    assert_eq!(seen.decisions[0].effective_from.unwrap().to_string(), "2026-09-01");
    assert_eq!(seen.executed_by[0].title, "Notary");
}

#[test]
fn a_ballot_that_was_cast_in_time_and_arrived_late_asks_for_a_recount() {
    let mut crew = five();
    crew.set_rule(ANN, &Rule { grace_hours: Some(0), ..votes_v1::rule("membership").unwrap() });
    crew.share();
    let vote = crew.open(ANN, "membership", "Take Emil in", &[]);
    crew.share();
    crew.cast(ANN, &vote, &one("yes"));
    crew.cast(DORA, &vote, &one("no"));
    crew.end(&vote);
    // Dora's laptop was away.
    assert!(crew.sign(ANN, &vote, false).starts_with("Passed: 1 yes > 0 no"));
    crew.share();
    let seen = crew.see(ANN, &vote);
    assert_eq!(seen.outcome.late.len(), 1);
    assert_eq!(
        seen.late_sentence.unwrap(),
        "Arrived after the count (1): would have changed the result."
    );
    assert!(seen.row.recount_due && seen.row.my_count_missing && seen.mine.may_count);
    assert_eq!(seen.row.result, Some(Verdict::Passed), "until it is counted anew");
    let anew = crew.sign(BEN, &vote, true);
    assert!(anew.starts_with("Not passed: 1 yes = 1 no, a tie passes nothing"), "{anew}");
    crew.share();
    for who in [ANN, DORA] {
        let seen = crew.see(who, &vote);
        assert_eq!((seen.row.result, seen.row.recount_due), (Some(Verdict::NotPassed), false));
        assert_eq!(seen.outcome.tallies.len(), 2);
    }
}

#[test]
fn what_is_first_seen_after_a_first_look_at_the_end_is_late() {
    let mut crew = five();
    crew.set_rule(ANN, &Rule { grace_hours: Some(0), ..votes_v1::rule("membership").unwrap() });
    crew.share();
    let vote = crew.open(ANN, "membership", "Take Emil in", &[]);
    crew.share();
    crew.cast(ANN, &vote, &one("yes"));
    crew.cast(BEN, &vote, &one("no"));
    crew.cast(DORA, &vote, &one("no"));
    crew.end(&vote);
    crew.give(BEN, ANN);
    // Ann looks; only then Dora's ballot comes.
    crew.see(ANN, &vote);
    crew.give(DORA, ANN);
    let book = crew.harbor.book;
    let done = decisions::tally_sign(&mut crew.laptops[ANN], &book, &vote, false).unwrap();
    assert_eq!((done.counted, done.late), (2, 1));
    crew.share();
    let counted = decisions::tally_sign(&mut crew.laptops[CLEO], &book, &vote, false).unwrap();
    assert_eq!((counted.counted, counted.late), (3, 0), "Cleo had not looked before");
    crew.share();
    let seen = crew.see(DORA, &vote);
    assert_eq!((seen.row.stage, seen.row.result), (Stage::Disputed, None));
    crew.sign(ANN, &vote, true);
    crew.share();
    assert_eq!(crew.see(DORA, &vote).row.stage, Stage::Counted);
}

#[test]
fn clocks_years_off_change_nothing_that_is_counted() {
    let mut crew = five();
    let vote = crew.open(ANN, "membership", "Take Emil in", &[]);
    crew.share();
    let before = {
        let mut crew = five();
        let vote = crew.open(ANN, "membership", "Take Emil in", &[]);
        crew.share();
        crew.cast(CLEO, &vote, &one("no"));
        crew.cast(CLEO, &vote, &one("yes"));
        crew.end(&vote);
        crew.share();
        crew.sign(ANN, &vote, false)
    };
    // A ballot that claims to be ten years newer than the one that follows it.
    let (cleo, document) = (crew.people[CLEO], format!("proposal/{vote}"));
    let book = crew.harbor.book;
    for (seq, choice, year) in [(1, "no", 10), (2, "yes", -10)] {
        let ballot = json!({"proposal": vote, "voter": cleo, "seq": seq, "choice": choice, "v": 1});
        let id = mint(1_000 + seq, [7; 10]);
        let now = Time(1_782_864_000_000 + year * 31_557_600_000);
        let edit = entry("ballot", id, &ballot);
        let act = commonhold_core::store::Act { document: document.clone(), edit };
        let store = crew.laptops[CLEO].store().unwrap();
        assert!(store.write(&book, now, &[act], &mut |_| true).unwrap());
    }
    crew.end(&vote);
    crew.share();
    assert_eq!(crew.sign(ANN, &vote, false), before);
}

#[test]
fn a_roll_or_terms_of_ones_own_making_give_no_result() {
    let mut crew = five();
    let right = crew.open(DORA, "membership", "Take Emil in", &[]);
    let book = crew.harbor.book;
    let row = crew.laptops[DORA].reader().record(&book, Kind::Proposal, &right).unwrap().unwrap();
    let (mut alone, mut easy) = (row.fields.clone(), row.fields.clone());
    alone.insert("roll".into(), json!([crew.people[DORA]]));
    let terms = row.fields["terms"].as_str().unwrap();
    let lax = Rule { open_days_min: 0, ..serde_json::from_str(terms).unwrap() };
    easy.insert("terms".into(), json!(lax.terms()));
    let mut wrong = Vec::new();
    for fields in [alone, easy] {
        let laptop = &mut crew.laptops[DORA];
        wrong.push(records::add(laptop, &book, Kind::Proposal, fields).unwrap());
    }
    crew.share();
    assert_eq!(crew.see(ANN, &right).row.stage, Stage::Open);
    let remarks = [
        "The roll is not what the roles gave when it was opened: 3 missing, 0 too many.",
        "Its terms are not those of the rule “membership”.",
    ];
    for (vote, remark) in wrong.iter().zip(remarks) {
        let seen = crew.see(ANN, vote);
        assert_eq!((seen.row.stage, seen.remarks), (Stage::Irregular, vec![remark.to_owned()]));
    }
    crew.end(&right);
    let not = decisions::tally_sign(&mut crew.laptops[ANN], &book, &wrong[0], false).unwrap_err();
    assert_eq!(not.code, Code::Invalid);
}

#[test]
fn a_rule_of_the_services_own_stands_in_for_the_frameworks() {
    let mut crew = five();
    let own = Rule {
        numerator: Some(2),
        denominator: Some(3),
        method: "supermajority".into(),
        ..votes_v1::rule("membership").unwrap()
    };
    crew.set_rule(ANN, &own);
    crew.share();
    let book = crew.harbor.book;
    let rules = decisions::rules(&mut crew.laptops[EMIL], &book).unwrap();
    assert_eq!(rules.len(), 7);
    assert!(rules[0].record.is_some() && rules[0].may_propose && !rules[1].may_propose);
    let vote = crew.open(EMIL, "membership", "Take me in", &[]);
    let new = NewProposal { rule: "leadership".into(), title: "Me".into(), ..Default::default() };
    let not = decisions::proposal_open(&mut crew.laptops[EMIL], &book, &new).unwrap_err();
    assert_eq!(not.code, Code::NotAllowed);
    crew.share();
    // The rule is changed meanwhile: this vote goes by the rule as it stood.
    let id = rules[0].record.unwrap();
    crew.harbor.set(&mut crew.laptops[ANN], Kind::Rule, &id, "open_days_min", json!(9));
    crew.share();
    let seen = crew.see(BEN, &vote);
    assert_eq!(seen.row.stage, Stage::Open);
    assert_eq!(seen.terms.method, "supermajority");
    assert!(seen.remarks[0].starts_with("Its rule was changed since"), "{:?}", seen.remarks);
}

#[test]
fn a_vote_of_no_confidence_is_seconded_and_a_binding_one_vetoed() {
    let mut crew = five();
    let vote = crew.open(EMIL, "no-confidence", "Ann leads no more", &[]);
    crew.share();
    let book = crew.harbor.book;
    assert_eq!(crew.see(ANN, &vote).row.stage, Stage::NeedsSeconds);
    let own = decisions::say(&mut crew.laptops[EMIL], &book, &vote, "second", None).unwrap_err();
    assert_eq!(own.code, Code::NotAllowed);
    assert!(crew.see(DORA, &vote).mine.may_second);
    decisions::say(&mut crew.laptops[DORA], &book, &vote, "second", None).unwrap();
    crew.share();
    assert_eq!(crew.see(ANN, &vote).row.stage, Stage::Open);
    let colours = crew.open(EMIL, "binding", "Which colour?", &["red", "blue"]);
    crew.share();
    crew.cast(DORA, &colours, &one("red"));
    let (dora, ben) = (DORA, BEN);
    let not = decisions::say(&mut crew.laptops[dora], &book, &colours, "veto", Some("No green"));
    assert_eq!(not.unwrap_err().code, Code::NotAllowed);
    decisions::say(&mut crew.laptops[ben], &book, &colours, "veto", Some("No green")).unwrap();
    crew.share();
    crew.end(&colours);
    let sentence = crew.sign(ANN, &colours, false);
    assert!(sentence.starts_with("Vetoed, so the result is not counted"), "{sentence}");
}

#[test]
fn nobody_takes_away_what_another_said_or_proposed() {
    let mut crew = five();
    let vote = crew.open(ANN, "membership", "Take Emil in", &[]);
    let ballot = crew.cast(ANN, &vote, &one("yes"));
    crew.share();
    let book = crew.harbor.book;
    for (kind, id) in [(Kind::Ballot, ballot), (Kind::Proposal, vote)] {
        let not = records::withdraw(&mut crew.laptops[DORA], &book, kind, &id, "No").unwrap_err();
        assert_eq!(not.code, Code::Invalid);
        // Nor with another program.
        let forged = json!({"kind": kind, "target": id, "reason": "No", "v": 1});
        let id = mint(5_000, [kind as u8; 10]);
        let edit = entry("withdrawal", id, &forged);
        crew.edit(DORA, &format!("proposal/{vote}"), edit);
    }
    crew.share();
    let state = |kind, id| crew.laptops[ANN].reader().state(&book, kind, id).unwrap();
    assert_eq!(state(Kind::Ballot, &ballot), Some(State::Ok));
    assert_eq!(state(Kind::Proposal, &vote), Some(State::Ok));
}

#[test]
fn who_forges_a_ballot_beforehand_keeps_nobody_from_voting() {
    let mut crew = five();
    let vote = crew.open(ANN, "membership", "Take Emil in", &[]);
    crew.share();
    let ben = crew.people[BEN];
    let ballot = json!({"proposal": vote, "voter": ben, "seq": 1, "choice": "no", "v": 1});
    let judged = (Kind::Ballot.info().judge)(&fields(ballot.clone()));
    let id = Kind::Ballot.info().id(&crew.harbor.book, &judged, vote);
    crew.edit(DORA, &format!("proposal/{vote}"), entry("ballot", id, &ballot));
    crew.share();
    crew.cast(BEN, &vote, &one("yes"));
    crew.share();
    let seen = crew.see(CLEO, &vote);
    assert_eq!((seen.outcome.count.cast, seen.outcome.ineligible.len()), (1, 1));
    let of_ben = seen.voters.iter().find(|voter| voter.person == ben).unwrap();
    assert_eq!(of_ben.ballot.as_ref().unwrap().choice.as_deref(), Some("yes"));
}

#[test]
fn a_ranked_vote_is_hidden_until_it_closes_and_ties_stand_beside_ballots() {
    let mut crew = five();
    let rule = Rule {
        name: "colour".into(),
        electorate: vec!["member".into(), "leadership".into()],
        method: "schulze".into(),
        tie: "fails".into(),
        default_option: Some("talk on".into()),
        hidden_until_close: true,
        open_days_min: 1,
        ..Rule::default()
    };
    crew.set_rule(ANN, &rule);
    let ben = crew.people[BEN];
    let interest = json!({"person": ben, "subject": "Paint Ltd", "kind": "employment"});
    let book = crew.harbor.book;
    records::add(&mut crew.laptops[BEN], &book, Kind::Interest, fields(interest)).unwrap();
    let payee = json!({"name": "Ben", "person": ben});
    let payee = records::add(&mut crew.laptops[BEN], &book, Kind::Payee, fields(payee)).unwrap();
    let harbor = crew.harbor;
    let expense = json!({"payee": payee, "narration": "Painting", "type": "bill",
        "amount": "480.00 EUR", "account": harbor.hosting, "fund": harbor.fund,
        "due": "2026-05-01"});
    records::add(&mut crew.laptops[BEN], &book, Kind::Expense, fields(expense)).unwrap();
    crew.share();
    let vote = crew.open(ANN, "colour", "Which colour?", &["red", "blue"]);
    crew.share();
    crew.cast(BEN, &vote, &ranked(&["red", "talk on", "blue"]));
    crew.cast(CLEO, &vote, &ranked(&["red", "blue"]));
    crew.cast(DORA, &vote, &ranked(&["blue", "red"]));
    crew.share();
    let seen = crew.see(ANN, &vote);
    assert!(seen.hidden && seen.row.sentence.is_none() && seen.outcome.count.counts.is_empty());
    let of_ben = seen.voters.iter().find(|voter| voter.person == ben).unwrap();
    assert_eq!(of_ben.ballot.as_ref().unwrap().choice, None);
    assert_eq!(of_ben.interests, ["employment: Paint Ltd"]);
    assert_eq!(of_ben.paid, ["480.00 EUR for Painting (2026-05-01)"]);
    let own = crew.see(BEN, &vote).mine.ballot.unwrap();
    assert_eq!(own.choice.as_deref(), Some("red > talk on > blue"));
    crew.end(&vote);
    let seen = crew.see(ANN, &vote);
    assert!(!seen.hidden);
    let sentence = crew.sign(ANN, &vote, false);
    assert_eq!(sentence, "Passed: order red > blue > talk on, turnout 3 of 4 (75.0 %)");
}
