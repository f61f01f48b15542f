//! Who decides, and what decisions come to.

use super::*;

#[test]
fn a_content_is_what_is_approved_and_nothing_else() {
    let base = fields_of(&bill("480.00 EUR"));
    let of = |change: serde_json::Value| {
        let mut fields = base.clone();
        fields.extend(change.as_object().cloned().unwrap());
        content(Kind::Expense, &fields)
    };
    let approved = of(json!({}));
    assert_eq!(approved.len(), 64);
    assert_eq!(of(json!({"documents": [], "reference": null})), approved);
    assert_eq!(of(json!({"basis": "A remark", "unknown": 1})), approved);
    for change in [
        json!({"amount": "840.00 EUR"}),
        json!({"payee": id(CLEOS)}),
        json!({"fund": id(GRANT)}),
        json!({"documents": ["ab"]}),
        json!({"submitter": id(ANN)}),
        json!({"decision": "Vote 7"}),
        json!({"type": "in-kind"}),
    ] {
        assert_ne!(of(change.clone()), approved, "{change}");
    }
    let schedule = fields_of(&hosting());
    assert_ne!(content(Kind::Schedule, &schedule), content(Kind::Expense, &schedule));
    let close = json!({"sha256": "aa", "note": "x"});
    let other = json!({"sha256": "aa", "note": "y"});
    let of_close = |value: &serde_json::Value| content(Kind::Close, value.as_object().unwrap());
    assert_eq!(of_close(&close), of_close(&other));
}

#[test]
fn the_rules_say_how_many() {
    let built_in = Rules::of(None, Currency::EUR);
    assert!(built_in.is_default);
    for (amount, needed) in [("500.00 EUR", 1), ("500.01 EUR", 2), ("90000.00 EUR", 2)] {
        assert_eq!(built_in.approvals_for(Some(money(amount))), needed, "{amount}");
    }
    assert_eq!(Rules::of(None, "JPY".parse().unwrap()).one_up_to.to_string(), "500 JPY");
    let policy = Policy {
        one_up_to: Some(money("100.00 EUR")),
        two_up_to: Some(money("1000.00 EUR")),
        ..Policy::default()
    };
    let own = Rules::of(Some(&policy), Currency::EUR);
    for (amount, needed) in [("100.00 EUR", 1), ("1000.00 EUR", 2), ("1000.01 EUR", 3)] {
        assert_eq!(own.approvals_for(Some(money(amount))), needed, "{amount}");
    }
    // Without a price as many as the rules ever ask for.
    assert_eq!(own.approvals_for(None), 3);
    assert_eq!(own.approvals_for(Some(money("1.00 USD"))), 3);
    assert!(own.sentence().contains("100.00 EUR"));
}

#[test]
fn nobody_approves_their_own_and_a_change_voids_what_was_said() {
    let mut facts = one_bill("480.00 EUR");
    facts.say(50, CLEO, Kind::Expense, id(BILL), "approve");
    let desk = Desk::new(facts.clone());
    let void = desk.expenses[&id(BILL)].decision.words[0].void.clone().unwrap();
    assert!(void.contains("handed in"), "{void}");
    assert_eq!(facts.state(), (ExpenseState::Proposed, 1));
    facts.say(51, ANN, Kind::Expense, id(BILL), "approve");
    assert_eq!(facts.state(), (ExpenseState::Approved, 0));
    facts.put(id(BILL), bill("840.00 EUR"));
    assert_eq!(facts.state(), (ExpenseState::Proposed, 2));
    let desk = Desk::new(facts.clone());
    let words = &desk.expenses[&id(BILL)].decision.words;
    assert!(words.iter().all(|word| word.void.as_ref().is_some_and(|v| v.contains("content"))));
    // Who is paid is no more entitled than who handed it in.
    let mut own = bill("10.00 EUR");
    (own.payee, own.submitter) = (id(CLEOS), Some(id(ANN)));
    facts.put(id(BILL), own);
    assert!(Desk::new(facts).barred_from_expense(&id(BILL), &id(CLEO)).is_some());
}

#[test]
fn an_approval_and_a_rejection_hold_whatever_came_first() {
    for order in
        [[(50, ANN, "approve"), (51, BEN, "reject")], [(51, BEN, "reject"), (50, ANN, "approve")]]
    {
        let mut facts = one_bill("840.00 EUR");
        for (n, who, verdict) in order {
            facts.say(n, who, Kind::Expense, id(BILL), verdict);
        }
        assert_eq!(facts.state().0, ExpenseState::Held);
        let reason = Desk::new(facts).reason(&id(BILL));
        assert!(reason.contains("Ann") && reason.contains("Ben"), "{reason}");
    }
    let mut facts = one_bill("840.00 EUR");
    facts.say(51, BEN, Kind::Expense, id(BILL), "reject");
    assert_eq!(facts.state().0, ExpenseState::Rejected);
}

#[test]
fn a_small_team_needs_all_others_and_a_founder_alone_is_seen_to_be() {
    let mut facts = one_bill("840.00 EUR");
    facts.team.members.remove(&id(BEN));
    facts.say(50, ANN, Kind::Expense, id(BILL), "approve");
    assert_eq!(facts.state(), (ExpenseState::Approved, 0));
    facts.team.members.remove(&id(ANN));
    facts.words.clear();
    facts.say(50, CLEO, Kind::Expense, id(BILL), "approve");
    assert_eq!(facts.state(), (ExpenseState::Approved, 0));
    assert!(Desk::new(facts.clone()).expenses[&id(BILL)].one_person_only);
    // As soon as somebody else belongs, one's own word is none.
    facts.team.members.insert(id(ANN), BTreeSet::new());
    assert_eq!(facts.state(), (ExpenseState::Proposed, 1));
    assert!(Desk::new(facts).reason(&id(BILL)).contains("Nobody here may give one"));
}

#[test]
fn without_a_submitter_a_second_looks() {
    let mut facts = facts();
    facts.put(id(BILL), Expense { submitter: None, ..bill("10.00 EUR") });
    facts.say(50, ANN, Kind::Expense, id(BILL), "approve");
    assert_eq!(facts.state(), (ExpenseState::Proposed, 1));
}

#[test]
fn who_pays_is_leadership_while_nobody_is_treasurer() {
    let mut facts = facts();
    let rules = Rules::of(None, Currency::EUR);
    assert_eq!(rules.payers(&facts.team).len(), 3);
    facts.team.members.get_mut(&id(BEN)).unwrap().insert(Role::Treasurer);
    assert_eq!(rules.payers(&facts.team), BTreeSet::from([id(BEN)]));
}
