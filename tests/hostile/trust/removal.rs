//! Who was removed, and writes on; who removes whom.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, fresh, key};
use crate::support::fields;
use crate::support::mallory::{Mallory, entry};
use commonhold_core::authority::{Role, Statement};
use commonhold_core::document::Edit;
use commonhold_core::id::Hash;
use commonhold_core::object::ObjectKind;
use commonhold_core::projection::State;
use commonhold_core::store::{Outcome, RefusedState};
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};

fn bill(crew: &Crew, n: u64) -> Edit {
    entry("transaction", fresh(n), &crew.harbor.bill(n as i64, "Bill"))
}

/// An edit of the page's title.
fn title(crew: &Crew, title: &str) -> Edit {
    Edit::Fields(key(Kind::Page, crew.harbor.page), fields(json!({"title": title})))
}

fn page(crew: &Crew) -> String {
    format!("page/{}", crew.harbor.page)
}

fn shown_title(crew: &Crew, who: usize) -> Value {
    let reader = crew.laptops[who].reader();
    reader.record(&crew.harbor.book, Kind::Page, &crew.harbor.page).unwrap().unwrap().fields["title"]
        .clone()
}

fn state(crew: &Crew, who: usize, id: &RecordId) -> Option<State> {
    crew.harbor.state(&crew.laptops[who], id)
}

/// Ann and Ben remove Dora; Cleo hears of it. What Dora's devices wrote that nobody has stays out.
fn remove_dora(crew: &mut Crew) {
    crew.remove(ANN, DORA);
    crew.give(ANN, BEN);
    crew.remove(BEN, DORA);
    for to in [ANN, CLEO] {
        crew.give(BEN, to);
    }
    assert_eq!(crew.belong(CLEO), [true, true, true, false]);
}

/// A fresh log of the same device, which goes on from nothing.
fn another_log(of: &Mallory, cites: Vec<Hash>, nonce: u8) -> Mallory {
    let mut other = Mallory::new(&of.book, 0);
    (other.key, other.nonce, other.cites) = (of.key.clone(), [nonce; 16], cites);
    other
}

#[test]
fn what_is_written_beside_the_removal_is_flagged_or_held() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let sums = crew.sums(ANN);
    let (paid, edited) = (bill(&crew, 1), title(&crew, "Mine now"));
    let page = page(&crew);
    let paid = crew.forge(&mut mallory, "ledger/2026", paid);
    let edited = crew.forge(&mut mallory, &page, edited);
    remove_dora(&mut crew);
    crew.spread(&[paid, edited]);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(state(&crew, who, &fresh(1)), Some(State::Flagged));
        assert_eq!((crew.sums(who), shown_title(&crew, who)), (sums.clone(), json!("Minutes")));
        let (state, reason) = crew.why(who, mallory.device());
        assert_eq!(state, RefusedState::Held);
        assert!(reason.contains("while its device was being removed"), "{reason}");
    }
    let reader = crew.laptops[BEN].reader();
    let row = reader.record(&crew.harbor.book, Kind::Transaction, &fresh(1)).unwrap().unwrap();
    assert_eq!(row.problems[0].field, "@apart");
    crew.goes_on(CLEO);
}

#[test]
fn who_has_seen_the_removal_gets_nothing_in_at_all() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    remove_dora(&mut crew);
    let before = crew.dump(ANN);
    mallory.catch_up(&crew.laptops[ANN]);
    let (paid, edited, page) = (bill(&crew, 1), title(&crew, "Mine now"), page(&crew));
    let objects =
        [crew.forge(&mut mallory, "ledger/2026", paid), crew.forge(&mut mallory, &page, edited)];
    crew.spread(&objects);
    assert_eq!(crew.dump(CLEO), before);
    for object in crew.refused(BEN) {
        assert_eq!(object.state, RefusedState::Held);
        assert!(object.reason.contains("had been removed"), "{}", object.reason);
    }
    assert_eq!(crew.refused(BEN).len(), 2);
    crew.goes_on(CLEO);
}

#[test]
fn nobody_forgets_what_he_has_acknowledged() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let early = mallory.cites.clone();
    let genesis =
        crew.objects(ANN).iter().map(|o| commonhold_core::object::hash(o)).next().unwrap();
    remove_dora(&mut crew);
    let before = crew.dump(ANN);
    mallory.catch_up(&crew.laptops[ANN]);
    let (one, two, three) = (bill(&crew, 1), bill(&crew, 2), bill(&crew, 3));
    let acknowledged = crew.forge(&mut mallory, "ledger/2026", one);
    mallory.cites = early;
    let backdated = crew.forge(&mut mallory, "ledger/2025", two);
    mallory.cites = vec![genesis];
    let older = crew.forge(&mut mallory, "ledger/2024", three);
    crew.spread(&[acknowledged, backdated, older]);
    assert_eq!(crew.dump(BEN), before, "the same log cannot go back");
    assert_eq!(crew.refused(CLEO).len(), 3);
    assert!(crew.refused(CLEO).iter().all(|object| object.state == RefusedState::Held));
    crew.goes_on(CLEO);
}

#[test]
fn a_fresh_log_that_knows_nothing_of_the_removal_has_no_effect() {
    let mut crew = crew(Role::Treasurer);
    let mallory = crew.mallory(1, DORA);
    let early = mallory.cites.clone();
    let genesis =
        crew.objects(ANN).iter().map(|o| commonhold_core::object::hash(o)).next().unwrap();
    remove_dora(&mut crew);
    let (sums, mut objects) = (crew.sums(ANN), Vec::new());
    for (n, cites) in [early, vec![genesis], Vec::new()].into_iter().enumerate() {
        let mut log = another_log(&mallory, cites, 50 + n as u8);
        let (paid, edited, page) = (bill(&crew, n as u64), title(&crew, "Mine"), page(&crew));
        objects.push(crew.forge(&mut log, "ledger/2026", paid));
        objects.push(crew.forge(&mut log, &page, edited));
    }
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        for n in 0..3 {
            let state = state(&crew, who, &fresh(n));
            assert!(matches!(state, None | Some(State::Flagged | State::Rejected)), "{state:?}");
        }
        assert_eq!((crew.sums(who), shown_title(&crew, who)), (sums.clone(), json!("Minutes")));
    }
    assert_eq!(state(&crew, BEN, &fresh(0)), Some(State::Flagged), "as if it had not seen it");
    crew.goes_on(CLEO);
}

#[test]
fn leadership_lets_in_what_is_held_and_it_is_in_for_all() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let (edited, page) = (title(&crew, "A better title"), page(&crew));
    let edited = crew.forge(&mut mallory, &page, edited);
    remove_dora(&mut crew);
    crew.spread(std::slice::from_ref(&edited));
    assert_eq!(shown_title(&crew, ANN), "Minutes");
    let object = commonhold_core::object::hash(&edited);
    crew.say(BEN, &[Statement::Release { object, reason: "It is good".into() }]);
    let release = crew.objects(BEN);
    crew.spread(&release);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(shown_title(&crew, who), "A better title");
        assert!(crew.refused(who).is_empty());
    }
    crew.goes_on(CLEO);
}

#[test]
fn a_release_by_somebody_who_may_not_lets_nothing_in() {
    let mut crew = crew(Role::Treasurer);
    let (mut member, _) = crew.newcomer(7, Role::Member);
    let mut mallory = crew.mallory(1, DORA);
    let (edited, page) = (title(&crew, "Mine"), page(&crew));
    let edited = crew.forge(&mut mallory, &page, edited);
    remove_dora(&mut crew);
    member.catch_up(&crew.laptops[ANN]);
    let object = commonhold_core::object::hash(&edited);
    let mut objects = vec![edited];
    for by in [&mut member, &mut mallory] {
        let release = Statement::Release { object, reason: "I want it".into() };
        let mut said = by.object("", vec![release.bytes()]);
        said.kind = ObjectKind::Statements;
        objects.push(by.sign(&said));
    }
    crew.spread(&objects);
    assert_eq!(shown_title(&crew, BEN), "Minutes");
    assert_eq!(crew.why(BEN, mallory.device()).0, RefusedState::Held);
    crew.goes_on(CLEO);
}

#[test]
fn who_builds_on_what_is_held_answers_for_it_in_every_order() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let (edited, page) = (title(&crew, "A better title"), page(&crew));
    let edited = crew.forge(&mut mallory, &page, edited);
    // Ben has it before he hears of the removal, and builds on it.
    assert_eq!(crew.receive(BEN, std::slice::from_ref(&edited)), [Outcome::Stored]);
    assert_eq!(shown_title(&crew, BEN), "A better title");
    let mut good = crew.mallory_unshared(2, BEN);
    let mut document = crew.document(BEN, &page);
    let later = Edit::Fields(key(Kind::Page, crew.harbor.page), fields(json!({"kind": "note"})));
    let change = good.change(&mut document, &[later]);
    let built = good.says(&page, vec![change]);
    let bens = crew.objects(BEN);
    for removal in [ANN, CLEO] {
        crew.give(ANN, CLEO);
        crew.remove(removal, DORA);
        crew.give(CLEO, ANN);
    }
    let mut objects = vec![built, edited];
    objects.extend(bens);
    objects.extend(crew.objects(ANN));
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(shown_title(&crew, who), "A better title", "{who}");
        assert!(crew.refused(who).is_empty(), "{:?}", crew.refused(who));
    }
    crew.goes_on(CLEO);
}

#[test]
fn a_removal_that_arrives_late_takes_out_again_what_it_does_not_cover() {
    let mut crew = crew(Role::Treasurer);
    let mut mallory = crew.mallory(1, DORA);
    let mut document = crew.document(ANN, "ledger/2026");
    let change = mallory.change(&mut document, &[bill(&crew, 1)]);
    let covered = mallory.says("ledger/2026", vec![change]);
    crew.receive(ANN, std::slice::from_ref(&covered));
    crew.give(ANN, BEN);
    let change = mallory.change(&mut document, &[bill(&crew, 2)]);
    let after = mallory.says("ledger/2026", vec![change]);
    let (edited, page) = (title(&crew, "Mine"), page(&crew));
    let edited = crew.forge(&mut mallory, &page, edited);
    // Cleo has all of it and takes it in; Ann and Ben have seen only the first.
    let objects = [covered, after, edited];
    crew.receive(CLEO, &objects);
    assert_eq!(state(&crew, CLEO, &fresh(2)), Some(State::Ok));
    assert_eq!(shown_title(&crew, CLEO), "Mine");
    remove_dora(&mut crew);
    assert_eq!(state(&crew, CLEO, &fresh(2)), Some(State::Flagged));
    assert_eq!(shown_title(&crew, CLEO), "Minutes");
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(state(&crew, who, &fresh(1)), Some(State::Ok), "what was seen stays");
        assert_eq!(state(&crew, who, &fresh(2)), Some(State::Flagged));
    }
    crew.goes_on(CLEO);
}

#[test]
fn two_who_remove_each_other_are_both_out_and_the_third_goes_on() {
    let mut crew = crew(Role::Leadership);
    let policy = Statement::Policy { removal: Some(1), leadership: None };
    for signer in [ANN, BEN, CLEO] {
        crew.say(signer, std::slice::from_ref(&policy));
        crew.share();
    }
    crew.remove(ANN, BEN);
    crew.remove(BEN, ANN);
    let mut objects = crew.objects(ANN);
    objects.extend(crew.objects(BEN));
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(crew.belong(who), [false, false, true, true], "as {who} sees it");
    }
    let harbor = crew.harbor;
    let cannot = harbor.bill(5, "Still here?");
    let add = |laptop: &mut crate::support::Laptop| {
        let bill = fields(cannot.clone());
        commonhold_app::commands::records::add(laptop, &harbor.book, Kind::Transaction, bill)
    };
    assert!(add(&mut crew.laptops[ANN]).is_err() && add(&mut crew.laptops[BEN]).is_err());
    crew.goes_on(CLEO);
    let id = fresh(4000);
    let mallory = Mallory::new(&harbor.book, 9);
    crew.say(CLEO, &[mallory.admission(id)]);
    let authority = crew.laptops[CLEO].reader().authority(&harbor.book).unwrap();
    assert!(authority.state().is_active(id), "and lets new people in");
}

#[test]
fn a_record_two_documents_hold_is_shown_from_the_one_that_still_counts() {
    let mut crew = crew(Role::Treasurer);
    let (mut doras, mut anns) = (crew.mallory(1, DORA), crew.mallory(2, ANN));
    let mine = entry("transaction", fresh(1), &crew.harbor.bill(1, "Dora's"));
    let theirs = entry("transaction", fresh(1), &crew.harbor.bill(2, "Ann's"));
    let objects = [
        crew.forge(&mut doras, "ledger/2026", mine),
        crew.forge(&mut anns, "ledger/2026/2", theirs),
    ];
    // All have both; then Dora turns out to be removed, and what she wrote has no effect.
    crew.receive(CLEO, &objects);
    let shown = |crew: &Crew, who: usize| {
        let reader = crew.laptops[who].reader();
        let row = reader.record(&crew.harbor.book, Kind::Transaction, &fresh(1)).unwrap().unwrap();
        (row.state, row.fields["narration"].clone())
    };
    assert_eq!(shown(&crew, CLEO), (State::Ok, json!("Dora's")), "the first by name");
    remove_dora(&mut crew);
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(shown(&crew, who), (State::Ok, json!("Ann's")));
    }
    crew.goes_on(CLEO);
}
