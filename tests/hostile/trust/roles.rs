//! Members who write what is not theirs to write.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, fresh, key};
use crate::support::mallory::entry;
use crate::support::{fields, person};
use commonhold_app::commands::records;
use commonhold_app::failure::Code;
use commonhold_core::authority::Role;
use commonhold_core::document::{Document, Edit};
use commonhold_core::projection::State;
use commonhold_core::store::RefusedState;
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};

fn state(crew: &Crew, who: usize, kind: Kind, id: &RecordId) -> Option<State> {
    crew.laptops[who].reader().state(&crew.harbor.book, kind, id).unwrap()
}

fn field(crew: &Crew, who: usize, kind: Kind, id: &RecordId, name: &str) -> Value {
    let row = crew.laptops[who].reader().record(&crew.harbor.book, kind, id).unwrap();
    row.unwrap().fields[name].clone()
}

fn problem(crew: &Crew, who: usize, kind: Kind, id: &RecordId) -> String {
    let row = crew.laptops[who].reader().record(&crew.harbor.book, kind, id).unwrap().unwrap();
    assert_eq!(row.problems.len(), 1, "{:?}", row.problems);
    assert_eq!(row.problems[0].field, "@author");
    row.problems[0].message.clone()
}

/// A vote and the ballot Ben casts in it, with the ballot's id.
fn bens_ballot(crew: &Crew) -> (RecordId, Value) {
    let proposal = fresh(77);
    let ballot =
        json!({"proposal": proposal, "voter": crew.people[BEN], "seq": 1, "choice": "yes"});
    (proposal, ballot)
}

fn cast(crew: &mut Crew, who: usize, ballot: Value) -> RecordId {
    let book = crew.harbor.book;
    records::add(&mut crew.laptops[who], &book, Kind::Ballot, fields(ballot)).unwrap()
}

#[test]
fn a_forged_ballot_never_counts_nor_takes_the_place_of_the_voters_own() {
    let mut crew = crew(Role::Member);
    let (proposal, ballot) = bens_ballot(&crew);
    let document = format!("proposal/{proposal}");
    let mut forged = ballot.clone();
    forged["choice"] = json!("no");
    forged["v"] = json!(1);
    let judged = (Kind::Ballot.info().judge)(&fields(ballot.clone()));
    let id = Kind::Ballot.info().id(&crew.harbor.book, &judged, fresh(1));
    let mut objects = Vec::new();
    for (n, place) in [document.as_str(), "charter", "ledger/2026", "a", "zzz"].iter().enumerate() {
        let mut mallory = crew.mallory(10 + n as u64, DORA);
        objects.push(crew.forge(&mut mallory, place, entry("ballot", id, &forged)));
    }
    assert_eq!(cast(&mut crew, BEN, ballot), id, "everybody can work its id out");
    objects.push(crew.last(BEN));
    objects.rotate_right(2);
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(state(&crew, who, Kind::Ballot, &id), Some(State::Ok));
        assert_eq!(field(&crew, who, Kind::Ballot, &id, "choice"), "yes");
        let row = crew.laptops[who].reader().record(&crew.harbor.book, Kind::Ballot, &id).unwrap();
        assert!(row.unwrap().conflicts.is_empty(), "a forgery is no rival");
    }
    crew.goes_on(BEN);
}

#[test]
fn a_forged_ballot_alone_is_shown_with_its_reason() {
    let mut crew = crew(Role::Member);
    let (proposal, mut ballot) = bens_ballot(&crew);
    ballot["v"] = json!(1);
    let mut mallory = crew.mallory(1, DORA);
    let edit = entry("ballot", fresh(2), &ballot);
    let object = crew.forge(&mut mallory, &format!("proposal/{proposal}"), edit);
    crew.spread(&[object]);
    assert_eq!(state(&crew, CLEO, Kind::Ballot, &fresh(2)), Some(State::Rejected));
    let why = problem(&crew, CLEO, Kind::Ballot, &fresh(2));
    assert!(why.contains("speaks for another person"), "{why}");
    crew.goes_on(BEN);
}

#[test]
fn a_ballot_forged_beforehand_keeps_nobody_from_voting() {
    let mut crew = crew(Role::Member);
    let (proposal, ballot) = bens_ballot(&crew);
    let judged = (Kind::Ballot.info().judge)(&fields(ballot.clone()));
    let id = Kind::Ballot.info().id(&crew.harbor.book, &judged, fresh(1));
    let mut forged = ballot.clone();
    forged["choice"] = json!("no");
    let mut mallory = crew.mallory(1, DORA);
    let edit = entry("ballot", id, &forged);
    let object = crew.forge(&mut mallory, &format!("proposal/{proposal}"), edit);
    crew.spread(&[object]);
    let book = crew.harbor.book;
    let cast = records::add(&mut crew.laptops[BEN], &book, Kind::Ballot, fields(ballot));
    assert_eq!(cast.unwrap(), id);
    assert_eq!(state(&crew, BEN, Kind::Ballot, &id), Some(State::Ok));
    crew.share();
    for who in [ANN, BEN, CLEO] {
        assert_eq!(state(&crew, who, Kind::Ballot, &id), Some(State::Ok));
        assert_eq!(field(&crew, who, Kind::Ballot, &id, "choice"), "yes");
        assert_eq!(crew.dump(who), crew.dump(BEN));
    }
    let ballot = json!({"proposal": proposal, "voter": crew.people[BEN], "seq": 1, "choice": "no"});
    let twice = records::add(&mut crew.laptops[BEN], &book, Kind::Ballot, fields(ballot));
    assert_eq!(twice.unwrap_err().code, Code::Exists, "his own is not written twice");
    crew.goes_on(BEN);
}

#[test]
fn a_forged_approval_never_counts_nor_takes_the_place_of_the_right_one() {
    let mut crew = crew(Role::Treasurer);
    let book = crew.harbor.book;
    let bill = crew.harbor.pay(&mut crew.laptops[ANN], 700, "Bill");
    crew.share();
    let approval = |person: RecordId| json!({"kind": "transaction", "target": bill, "person": person, "verdict": "approve"});
    let places = ["ledger/2026", "charter", "zzz"];
    let unseen = places.map(|place| crew.document(ANN, place));
    let by_ben = fields(approval(crew.people[BEN]));
    let id = records::add(&mut crew.laptops[BEN], &book, Kind::Approval, by_ben).unwrap();
    let bens = crew.last(BEN);
    let (mut objects, mut forged) = (vec![bens], approval(crew.people[BEN]));
    forged["verdict"] = json!("reject");
    for (n, mut document) in unseen.into_iter().enumerate() {
        let mut mallory = crew.mallory(10 + n as u64, DORA);
        let change = mallory.change(&mut document, &[entry("approval", id, &forged)]);
        objects.push(mallory.says(places[n], vec![change]));
    }
    let mut mallory = crew.mallory(20, DORA);
    let edit = entry("approval", fresh(5), &approval(crew.people[CLEO]));
    objects.push(crew.forge(&mut mallory, "ledger/2026", edit));
    objects.rotate_left(1);
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(state(&crew, who, Kind::Approval, &id), Some(State::Ok));
        assert_eq!(field(&crew, who, Kind::Approval, &id, "verdict"), "approve");
        assert_eq!(state(&crew, who, Kind::Approval, &fresh(5)), Some(State::Rejected));
    }
    assert!(problem(&crew, BEN, Kind::Approval, &fresh(5)).contains("another person"));
    let dora = person(&mut crew.laptops[DORA], &book);
    let own = records::add(&mut crew.laptops[DORA], &book, Kind::Approval, fields(approval(dora)));
    assert!(own.is_ok(), "her own she may give");
    crew.goes_on(BEN);
}

#[test]
fn a_transaction_of_somebody_who_keeps_no_money_has_no_effect() {
    let mut crew = crew(Role::Member);
    let sums = crew.sums(ANN);
    let mut objects = Vec::new();
    for (n, role) in [Role::Member, Role::Contributor, Role::Teller].into_iter().enumerate() {
        let (mut mallory, _) = crew.newcomer(10 + n as u64, role);
        let bill = entry("transaction", fresh(n as u64), &crew.harbor.bill(90_000, "Mine"));
        objects.push(crew.forge(&mut mallory, "ledger/2026", bill));
    }
    crew.spread(&objects);
    for n in 0..3 {
        assert_eq!(state(&crew, CLEO, Kind::Transaction, &fresh(n)), Some(State::Rejected));
        let why = problem(&crew, CLEO, Kind::Transaction, &fresh(n));
        assert!(why.contains("must be leadership or treasurer"), "{why}");
    }
    assert_eq!(crew.sums(BEN), sums);
    crew.goes_on(BEN);
}

#[test]
fn nobody_knocks_a_record_out_by_writing_the_same_id_elsewhere() {
    let mut crew = crew(Role::Member);
    let book = crew.harbor.book;
    let bill = crew.harbor.pay(&mut crew.laptops[ANN], 700, "Bill");
    crew.share();
    let (before, sums) = (crew.dump(ANN), crew.sums(ANN));
    let mut objects = Vec::new();
    let sound = crew.harbor.bill(1, "Another");
    let forged = [sound, json!({"narration": "neither day nor lines"}), json!({"v": 1})];
    let places = ["charter", "a", "ledger/2025", "ledger/2026", "ledger/2026/2", "zzz"];
    for (n, (fields, place)) in
        forged.iter().flat_map(|f| places.map(|place| (f, place))).enumerate()
    {
        let (mut mallory, _) = crew.newcomer(10 + n as u64, Role::Contributor);
        // As if he had not seen the bill where it lies.
        let mut document = Document::new(&book, place).unwrap();
        let change = mallory.change(&mut document, &[entry("transaction", bill, fields)]);
        objects.push(mallory.says(place, vec![change]));
    }
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(state(&crew, who, Kind::Transaction, &bill), Some(State::Ok));
        assert_eq!(field(&crew, who, Kind::Transaction, &bill, "narration"), "Bill");
        assert_eq!(crew.sums(who), sums);
    }
    let shown = |dump: &str| dump.lines().filter(|l| l.starts_with('{')).count();
    assert_eq!(shown(&crew.dump(BEN)), shown(&before));
    crew.goes_on(BEN);
}

fn living(kind: Kind, id: RecordId, field: &str, value: Value) -> Edit {
    Edit::Fields(key(kind, id), fields(json!({field: value})))
}

#[test]
fn living_records_are_changed_by_those_who_may_alone() {
    let mut crew = crew(Role::Member);
    let reader = crew.laptops[ANN].reader();
    let mut service = None;
    let each = &mut |row: commonhold_core::projection::Row| {
        service = Some(row.id);
        true
    };
    reader.each(&crew.harbor.book, Kind::Service, each).unwrap();
    let (harbor, people) = (crew.harbor, crew.people.clone());
    let wrong = [
        (Kind::Account, harbor.bank, "path"),
        (Kind::Account, harbor.bank, "note"),
        (Kind::Fund, harbor.fund, "purpose"),
        (Kind::Service, service.unwrap(), "purpose"),
        (Kind::Person, people[BEN], "public_name"),
        (Kind::Account, fresh(3), "path"),
    ];
    let before = crew.dump(ANN);
    let (mut objects, mut devices) = (Vec::new(), Vec::new());
    for (n, (kind, id, name)) in wrong.into_iter().enumerate() {
        let (mut mallory, _) = crew.newcomer(10 + n as u64, Role::Member);
        let edit = living(kind, id, name, json!("Assets:Mine"));
        devices.push((kind, mallory.device()));
        objects.push(crew.forge(&mut mallory, "charter", edit));
    }
    crew.spread(&objects);
    let after = crew.dump(BEN);
    assert_eq!(after, crew.dump(ANN));
    assert_eq!(after, before);
    for (kind, device) in devices {
        let (state, reason) = crew.why(CLEO, device);
        assert_eq!(state, RefusedState::NotAllowed);
        assert!(reason.contains(kind.name()) && reason.contains("leadership"), "{reason}");
    }
    let mut mallory = crew.mallory(50, DORA);
    let edit = living(Kind::Person, people[DORA], "public_name", json!("Dora the Great"));
    let object = crew.forge(&mut mallory, "charter", edit);
    crew.spread(&[object]);
    let name = field(&crew, BEN, Kind::Person, &people[DORA], "public_name");
    assert_eq!(name, "Dora the Great", "her own name is hers to write");
    crew.goes_on(BEN);
}

#[test]
fn a_page_written_where_no_page_lies_is_shown_alike_however_it_arrives() {
    let mut crew = crew(Role::Contributor);
    let (page, mut mallory) = (crew.harbor.page, crew.mallory(1, DORA));
    let mut document = crew.document(ANN, "charter");
    let mut objects = Vec::new();
    for id in [page, fresh(5)] {
        for (field, value) in
            [("title", json!(7)), ("title", json!("Mine")), ("kind", json!("nothing we know"))]
        {
            let change = mallory.change(&mut document, &[living(Kind::Page, id, field, value)]);
            objects.push(mallory.says("charter", vec![change]));
        }
    }
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(field(&crew, who, Kind::Page, &page, "title"), "Minutes");
        assert_eq!(state(&crew, who, Kind::Page, &page), Some(State::Ok));
    }
    crew.goes_on(BEN);
}

#[test]
fn one_forbidden_field_beside_allowed_ones_keeps_the_whole_out() {
    let mut crew = crew(Role::Member);
    let before = crew.dump(ANN);
    let mut mallory = crew.mallory(1, DORA);
    let mut document = crew.document(ANN, "charter");
    let own = living(Kind::Person, crew.people[DORA], "note", json!("Mine"));
    let others = living(Kind::Account, crew.harbor.bank, "note", json!("Not mine"));
    let one = mallory.change(&mut document, &[own]);
    let two = mallory.change(&mut document, &[others]);
    let both = mallory.says("charter", vec![one, two]);
    let later = living(Kind::Person, crew.people[DORA], "note", json!("Later"));
    let later = mallory.change(&mut document, &[later]);
    let later = mallory.says("charter", vec![later]);
    crew.spread(&[both, later]);
    assert_eq!(crew.dump(BEN), before, "what builds on it waits for ever");
    let mut states: Vec<_> = crew.refused(BEN).into_iter().map(|object| object.state).collect();
    states.sort_by_key(|state| format!("{state:?}"));
    assert_eq!(states, [RefusedState::NotAllowed, RefusedState::Waiting]);
    crew.goes_on(BEN);
}

#[test]
fn a_withdrawal_needs_what_the_record_withdrawn_needs() {
    let mut crew = crew(Role::Member);
    let bill = crew.harbor.pay(&mut crew.laptops[ANN], 700, "Bill");
    crew.share();
    let sums = crew.sums(ANN);
    let withdrawal =
        |kind: &str| json!({"kind": kind, "target": bill, "reason": "I do not like it"});
    let mut objects = Vec::new();
    for (n, (kind, place)) in
        [("transaction", "ledger/2026"), ("transaction", "charter"), ("page", "ledger/2026")]
            .into_iter()
            .enumerate()
    {
        let (mut mallory, _) = crew.newcomer(10 + n as u64, Role::Contributor);
        let edit = entry("withdrawal", fresh(n as u64), &withdrawal(kind));
        objects.push(crew.forge(&mut mallory, place, edit));
    }
    crew.spread(&objects);
    for who in [ANN, BEN, CLEO] {
        assert_eq!(state(&crew, who, Kind::Transaction, &bill), Some(State::Ok));
        assert_eq!(crew.sums(who), sums);
    }
    let why = problem(&crew, BEN, Kind::Withdrawal, &fresh(0));
    assert!(why.contains("about a transaction"), "{why}");
    assert_eq!(state(&crew, BEN, Kind::Withdrawal, &fresh(2)), Some(State::Ok), "of nothing");
    crew.goes_on(BEN);
    let book = crew.harbor.book;
    records::withdraw(&mut crew.laptops[CLEO], &book, Kind::Transaction, &bill, "Twice").unwrap();
    crew.share();
    assert_eq!(state(&crew, BEN, Kind::Transaction, &bill), Some(State::Withdrawn));
}
