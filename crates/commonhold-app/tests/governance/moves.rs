//! A move between phases that a program wrote around the gate moves nothing, and everybody is told
//! why; the archive of a move holds it, or is asked for until it is there.

use super::support::{Team, date, dump, fields};
use commonhold_app::commands::framework::{self, PhaseMove, Vouch};
use commonhold_app::commands::{archive, decisions, needs, records};
use commonhold_app::events::unheard;
use commonhold_core::authority::Role;
use commonhold_core::document::{Edit, Key};
use commonhold_core::framework::conformance::Conformance;
use commonhold_core::id::mint;
use commonhold_core::store::Act;
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};
use std::path::Path;

const ANN: usize = 0;
const BEN: usize = 1;

/// What another program writes: signed and in its place, and asked by no gate.
fn forge(team: &mut Team, who: usize, n: u8, value: Value) -> RecordId {
    let (book, now) = (team.book, team.app(who).now());
    let id = mint(now.milliseconds(), [n; 10]);
    let mut value = fields(value);
    value.insert("person".into(), json!(team.desks[who].person));
    value.insert("statement".into(), json!("We moved."));
    value.insert("v".into(), json!(1));
    let key = Key { kind: Kind::Phase.name().to_owned(), id };
    let act = Act { document: "charter".into(), edit: Edit::Entry(key, value) };
    assert!(team.app(who).store().unwrap().write(&book, now, &[act], &mut |_| true).unwrap());
    id
}

fn stands(team: &Team, who: usize) -> Conformance {
    let today = date("2026-07-02");
    framework::conformance(team.reader(who), &team.book, None, None, today).unwrap()
}

/// Why a record moves nothing; it says so on both devices.
fn void(team: &Team, id: RecordId) -> String {
    let seen = [ANN, BEN].map(|who| stands(team, who).void_moves);
    assert_eq!(seen[0], seen[1]);
    let found = seen[0].iter().find(|void| void.id == id);
    found.unwrap_or_else(|| panic!("it counts: {:?}", seen[0])).why.clone()
}

fn two() -> Team {
    let mut team = Team::new("2026-07-02T09:00:00Z");
    assert_eq!(team.join(Role::Leadership), BEN);
    team.share();
    team
}

fn decide(team: &mut Team, title: &str) -> RecordId {
    let book = team.book;
    let new = decisions::NewDecision { title: title.into(), ..decisions::NewDecision::default() };
    decisions::decision_record(team.app(ANN), &book, &new).unwrap()
}

fn plan(team: &mut Team) {
    let plan = json!({"grace_days": 30, "shutdown_days": 90, "notice": "By mail.",
        "export": "By a button.", "leftover": "To a foundation.", "handover": "The domain."});
    team.add(ANN, Kind::Plan, plan);
}

#[test]
fn a_move_written_around_the_gate_moves_nothing_on_any_device() {
    let mut team = two();
    let book = team.book;
    let (day, ends) = ("2026-07-02", "2026-12-31");
    let closing = json!({"from": "operating", "to": "closing", "date": day, "ends": ends});
    let bare = forge(&mut team, BEN, 1, closing.clone());
    let with = |decision: &str| {
        let mut fields = closing.clone();
        fields["decision"] = json!(decision);
        fields
    };
    let words = forge(&mut team, BEN, 2, with("The vote of May"));
    let nowhere = forge(&mut team, BEN, 3, with("01890000-0000-7000-8000-000000000009"));
    let vote = team.open(ANN, "phase-change", "Close?");
    let early =
        team.add(ANN, Kind::Decision, json!({"title": "Close", "date": day, "proposal": vote}));
    team.share();
    let early = forge(&mut team, BEN, 4, with(&early.to_string()));
    let end = json!({"from": "operating", "to": "closed", "date": day});
    let leap = forge(&mut team, BEN, 5, end);
    team.share();
    for (id, why) in [
        (bare, "It names no decision."),
        (words, "What it names is no decision of this book."),
        (nowhere, "What it names is no decision of this book."),
        (early, "The vote its decision rests on has not passed."),
    ] {
        assert_eq!(void(&team, id), why);
    }
    let state = team.reader(ANN).record(&book, Kind::Phase, &leap).unwrap().unwrap().state;
    assert_eq!(state.name(), "rejected", "a move that does not exist is no move");
    for who in [ANN, BEN] {
        assert_eq!(stands(&team, who).phase, "operating");
        let asked = needs::needs_you(team.app(who), &book).unwrap();
        let told = asked.items.iter().filter(|one| one.what == "phase-void").count();
        assert_eq!(told, 4);
    }
    assert_eq!(dump(team.reader(ANN), &book), dump(team.reader(BEN), &book));
    // By hand the program refuses the same.
    let mut by_hand = fields(closing);
    by_hand.insert("person".into(), json!(team.desks[ANN].person));
    by_hand.insert("statement".into(), json!("We close."));
    let refused = records::add(team.app(ANN), &book, Kind::Phase, by_hand).unwrap_err();
    assert!(refused.message.ends_with("It names no decision."), "{}", refused.message);
}

#[test]
fn nothing_is_closed_by_saying_so_and_operating_needs_what_the_gate_said() {
    let mut team = two();
    let decision = decide(&mut team, "We close");
    let day = "2026-07-02";
    plan(&mut team);
    let closing = json!({"from": "operating", "to": "closing", "date": day, "ends": day,
        "decision": decision});
    forge(&mut team, ANN, 1, closing);
    team.share();
    assert_eq!(stands(&team, BEN).phase, "closing", "a decision carries it");
    // Later that day, whatever the clocks have shown so far.
    team.set("2026-07-02T20:00:00Z");
    let closed = json!({"from": "closing", "to": "closed", "date": day});
    let forced = forge(&mut team, BEN, 2, closed);
    team.share();
    let why = void(&team, forced);
    assert!(why.starts_with("The records of that day do not prove: "), "{why}");
    assert!(why.contains("Users were told of the end"), "{why}");
    assert_eq!(stands(&team, ANN).phase, "closing");

    let mut young = two();
    let id = young.book;
    let service = young.reader(ANN).with(&id, Kind::Service, "name", "Harbor").unwrap()[0].id;
    // What the profile says of the beginning names no end, whoever writes it there.
    let key = Key { kind: Kind::Service.name().to_owned(), id: service };
    for (said, is) in [("closed", "operating"), ("starting", "starting")] {
        let edit = Edit::Fields(key.clone(), fields(json!({"phase": said})));
        let act = Act { document: "charter".into(), edit };
        let now = young.app(ANN).now();
        young.app(ANN).store().unwrap().write(&id, now, &[act], &mut |_| true).unwrap();
        assert_eq!(stands(&young, ANN).phase, is);
    }
    let decision = decide(&mut young, "We begin");
    let mut begin = json!({"from": "starting", "to": "operating", "date": day,
        "decision": decision});
    let silent = forge(&mut young, ANN, 1, begin.clone());
    begin["gate"] = json!(["finance.efficiency = unmet"]);
    let open = forge(&mut young, ANN, 2, begin.clone());
    young.share();
    for void in [void(&young, silent), void(&young, open)] {
        assert!(void.starts_with("It does not say that its gate was open: "), "{void}");
    }
    let all = stands(&young, ANN).requirements;
    let met: Vec<String> = all.iter().map(|one| format!("{} = met", one.id)).collect();
    begin["gate"] = json!(met);
    forge(&mut young, ANN, 3, begin);
    young.share();
    assert_eq!(stands(&young, BEN).phase, "operating");
}

fn closing(archive: &Path, decision: Option<String>) -> PhaseMove {
    PhaseMove {
        to: "closing".into(),
        statement: "We end.".into(),
        decision,
        archive: Some(archive.to_owned()),
        ..PhaseMove::default()
    }
}

/// Whether an archive holds a record.
fn holds(file: &Path, id: RecordId) -> bool {
    assert!(archive::verify(file, &mut unheard).unwrap().ok);
    let mut zip = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let name = zip.file_names().find(|name| name.ends_with("/product/phases.csv")).unwrap();
    let name = name.to_owned();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name(&name).unwrap(), &mut text).unwrap();
    text.contains(&id.to_string())
}

#[test]
fn the_archive_holds_its_move_and_one_that_failed_is_asked_for_until_it_is_there() {
    let mut team = two();
    let book = team.book;
    plan(&mut team);
    let folder = tempfile::tempdir().unwrap();
    let words = Some("The vote of May".to_owned());
    let linked = framework::phase_enter(team.app(ANN), &book, &closing(folder.path(), words));
    assert!(linked.unwrap_err().message.ends_with("is no decision of this book."));
    let none = framework::phase_enter(team.app(ANN), &book, &closing(folder.path(), None));
    assert!(none.unwrap_err().message.starts_with("Say which decision"));
    decide(&mut team, "We close");
    // A file no disk takes: the move stands all the same.
    let broken = folder.path().join("x".repeat(300));
    let title = Some("We close".to_owned());
    let done = framework::phase_enter(team.app(ANN), &book, &closing(&broken, title)).unwrap();
    assert!(done.archive.is_none() && done.problem.is_some(), "{done:?}");
    assert_eq!(stands(&team, ANN).phase, "closing");
    let asked = |team: &mut Team, who: usize| {
        let found = needs::needs_you(team.app(who), &book).unwrap().items;
        found.into_iter().filter(|one| one.what == "phase-archive").count()
    };
    team.share();
    assert_eq!((asked(&mut team, ANN), asked(&mut team, BEN)), (1, 1));
    assert!(framework::phase_archive(team.app(ANN), &book, Some(&broken)).is_err());
    // Whoever has a disk writes it.
    let file = framework::phase_archive(team.app(BEN), &book, Some(folder.path())).unwrap();
    assert!(holds(&file, done.id));
    team.share();
    assert_eq!((asked(&mut team, ANN), asked(&mut team, BEN)), (0, 0));
    assert!(framework::phase_archive(team.app(ANN), &book, Some(folder.path())).is_err());
}

#[test]
fn an_id_that_is_no_decision_of_this_book_is_refused_and_words_of_before_stay() {
    let mut team = two();
    let book = team.book;
    let decision = decide(&mut team, "We vouch");
    let vouch = |decision: &str| Vouch {
        requirement: "governance.individuals".into(),
        not_applicable: true,
        statement: "Nobody is paid by a company.".into(),
        decision: Some(decision.into()),
        ..Vouch::default()
    };
    let foreign = "01890000-0000-7000-8000-000000000009";
    let refused = framework::attest(team.app(ANN), &book, &vouch(foreign)).unwrap_err();
    assert!(refused.message.contains("is no decision of this book"), "{}", refused.message);
    let item = |decision: &str| {
        fields(json!({"name": "Tidy", "why": "Order.", "status": "idea", "decision": decision}))
    };
    let refused = records::add(team.app(ANN), &book, Kind::Item, item(foreign)).unwrap_err();
    assert_eq!(refused.problems[0].field, "decision");
    for (said, stands) in [("We vouch", decision.to_string()), ("Of May", "Of May".into())] {
        let id = framework::attest(team.app(ANN), &book, &vouch(said)).unwrap();
        let row = team.reader(ANN).record(&book, Kind::Attestation, &id).unwrap().unwrap();
        assert_eq!(row.fields["decision"], json!(stands), "a title names its decision");
        let unlinked = decisions::cited::is_unlinked("decision", &row.fields["decision"]);
        assert_eq!(unlinked, said == "Of May");
    }
    let id = records::add(team.app(ANN), &book, Kind::Item, item("Of May")).unwrap();
    team.edit(ANN, Kind::Item, &id, json!({"name": "Tidy up"}));
    let offered = decisions::cited::register(team.reader(ANN), &book).unwrap();
    assert_eq!((offered.len(), offered[0].id), (1, decision));
}
