//! Every requirement of the framework is met by doing what its own next step says; scenarios fire
//! when their months are over, not before, and on every device alike.

use crate::support::crew::{ANN, BEN, CLEO, Crew, crew};
use crate::support::harbor::named;
use crate::support::{alice, bob, dump, fields, found, give};
use commonhold_app::commands::framework::{self, PhaseMove, Vouch};
use commonhold_app::commands::{payments, records};
use commonhold_core::authority::Role;
use commonhold_core::framework::Status;
use commonhold_core::framework::conformance::{Conformance, RequirementView};
use commonhold_core::{Date, Kind, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn today() -> Date {
    "2026-07-01".parse().unwrap()
}

pub(super) fn check(crew: &Crew, version: Option<&str>) -> Conformance {
    let reader = crew.laptops[ANN].reader();
    framework::conformance(reader, &crew.harbor.book, Some(today()), version, today()).unwrap()
}

pub(super) fn of<'a>(found: &'a Conformance, id: &str) -> &'a RequirementView {
    found.requirements.iter().find(|one| one.id == id).unwrap()
}

pub(super) fn add(crew: &mut Crew, kind: Kind, value: Value) -> RecordId {
    let book = crew.harbor.book;
    records::add(crew.ann(), &book, kind, fields(value)).unwrap()
}

pub(super) fn set(crew: &mut Crew, kind: Kind, id: &RecordId, change: Value) {
    let book = crew.harbor.book;
    records::edit(crew.ann(), &book, kind, id, fields(change), &BTreeMap::new()).unwrap();
}

fn vouch(crew: &mut Crew, requirement: &str, decision: Option<&str>) {
    let book = crew.harbor.book;
    let vouch = Vouch {
        requirement: requirement.into(),
        statement: "It is so, as everybody here knows.".into(),
        evidence: Some("https://example.org/rules".into()),
        decision: decision.map(str::to_owned),
        ..Vouch::default()
    };
    framework::attest(crew.ann(), &book, &vouch).unwrap();
}

/// A month's transactions: a bill and a gift that say all that is asked for.
fn money(crew: &mut Crew) -> Vec<String> {
    let harbor = crew.harbor;
    let mut written = Vec::new();
    for (payee, amount, other, period) in [
        (Some("Hetzner"), "-40.00 EUR", harbor.hosting, true),
        (None, "60.00 EUR", harbor.gifts, false),
    ] {
        let back = if let Some(plain) = amount.strip_prefix('-') {
            plain.to_owned()
        } else {
            format!("-{amount}")
        };
        let mut line = json!({"date": "2026-06-25", "payee": payee, "narration": "June",
            "postings": [{"account": harbor.bank, "amount": amount, "fund": harbor.fund},
                {"account": other, "amount": back, "fund": harbor.fund}]});
        if period {
            line["period_from"] = json!("2026-06-01");
            line["period_to"] = json!("2026-06-30");
        }
        if let Value::Object(line) = &mut line {
            line.retain(|_, value| !value.is_null());
        }
        written.push(add(crew, Kind::Transaction, line).to_string());
    }
    written.sort();
    written
}

/// Does what the next step of a requirement says.
fn follow(crew: &mut Crew, id: &str, written: &[String]) {
    match id.split('.').next().unwrap() {
        "finance" => follow_finance(crew, id, written),
        "governance" => follow_governance(crew, id, written),
        "infra" | "product" => follow_product(crew, id, written),
        _ => vouch(crew, id, None),
    }
}

pub(super) fn publish(crew: &mut Crew, written: &[String]) {
    for who in [ANN, BEN, CLEO] {
        let person = crew.people[who];
        set(crew, Kind::Person, &person, json!({"show_name": true, "show_roles": true}));
    }
    let page = json!({"date": "2026-06-26", "place": "the page", "person": crew.people[ANN],
        "at": "2026-06-26T09:00:00Z", "transactions": written});
    add(crew, Kind::Publication, page);
}

fn settle_policy(crew: &mut Crew) {
    if check(crew, None).requirements.iter().any(|one| one.sentence.contains("no policy")) {
        let policy = json!({"one_up_to": "500.00 EUR", "payer": "treasurer",
            "decision_above": "1000.00 EUR", "beneficiary": "A foundation"});
        add(crew, Kind::Policy, policy);
    }
}

fn plan_the_end(crew: &mut Crew) {
    let plan = json!({"grace_days": 30, "shutdown_days": 180, "notice": "By post.",
        "export": "By a button.", "leftover": "To a foundation.", "handover": "The domain."});
    add(crew, Kind::Plan, plan);
}

fn follow_finance(crew: &mut Crew, id: &str, written: &[String]) {
    let (harbor, me) = (crew.harbor, crew.people[ANN]);
    match id {
        "finance.self-funded.channels" => {
            let channel = json!({"name": "Liberapay", "one_time": true, "recurring": true,
                "amount_open": true});
            add(crew, Kind::Channel, channel);
        }
        "finance.expensing.automatic" => {
            let payee = add(crew, Kind::Payee, json!({"name": "Hetzner"}));
            let schedule = json!({"payee": payee, "narration": "Hosting", "amount": "40.00 EUR",
                "amount_is": "fixed", "account": harbor.hosting, "fund": harbor.fund,
                "rule": "monthly", "from": "2026-07-05", "cancel": "In writing, a month before."});
            let schedule = add(crew, Kind::Schedule, schedule);
            crew.share();
            let ben = &mut crew.laptops[BEN];
            payments::expense_approve(ben, &harbor.book, Kind::Schedule, &schedule, "approve", "")
                .unwrap();
            crew.promote(me, Role::Treasurer);
            crew.share();
        }
        "finance.history.timely" => publish(crew, written),
        "finance.efficiency" => settle_policy(crew),
        "finance.shutdown.plan" => plan_the_end(crew),
        other => vouch(crew, other, None),
    }
}

fn follow_governance(crew: &mut Crew, id: &str, written: &[String]) {
    let (harbor, me) = (crew.harbor, crew.people[ANN]);
    match id {
        "governance.members" | "governance.votes" => publish(crew, written),
        "governance.bylaws" => {
            settle_policy(crew);
            let page = json!({"title": "Bylaws", "kind": "bylaws", "body": "One, two."});
            add(crew, Kind::Page, page);
            vouch(crew, id, Some("Vote of 2026-05-03"));
            crew.promote(me, Role::Treasurer);
        }
        "governance.paid-work" => {
            let work = json!({"person": me, "payer": "The service", "amount": "100.00 EUR",
                "per": "month", "from": "2026-01-01", "work": "Triage"});
            add(crew, Kind::Disclosure, work);
        }
        "governance.reaffirmation" => {
            for (who, person) in crew.people.clone().into_iter().enumerate() {
                let answer = json!({"person": person, "year": 2026, "answer": "yes",
                    "date": "2026-01-10"});
                let laptop = &mut crew.laptops[who];
                records::add(laptop, &harbor.book, Kind::Reaffirmation, fields(answer)).unwrap();
            }
            crew.share();
        }
        "governance.migration" => {
            let service = named(crew.laptops[ANN].reader(), &harbor.book, Kind::Service, "Harbor");
            set(crew, Kind::Service, &service, json!({"framework": "v1"}));
        }
        other => vouch(crew, other, None),
    }
}

fn follow_product(crew: &mut Crew, id: &str, written: &[String]) {
    match id {
        "infra.secrets" => {
            let holders = json!([crew.people[ANN], crew.people[BEN]]);
            let secret = json!({"label": "Root", "kind": "password", "system": "Host",
                "blast_radius": 5, "holders": holders, "rotated": "2026-06-01"});
            add(crew, Kind::Secret, secret);
            let page =
                json!({"title": "Secrets", "kind": "secrets-guideline", "body": "Two hold each."});
            add(crew, Kind::Page, page);
        }
        "product.phases" => publish(crew, written),
        "product.shutdown" => plan_the_end(crew),
        "product.compatibility" => {
            let index = json!({"name": "The index", "promise": "Stays readable."});
            add(crew, Kind::Interface, index);
        }
        "product.export" => {
            let drill = json!({"date": "2026-06-20", "type": "user-export", "result": "worked",
                "person": crew.people[ANN]});
            add(crew, Kind::Drill, drill);
        }
        other => vouch(crew, other, None),
    }
}

#[test]
fn every_requirement_of_version_1_is_met_by_following_its_next_step() {
    let mut crew = crew(Role::Member);
    let written = money(&mut crew);
    let begin = check(&crew, None);
    assert_eq!(begin.requirements.len(), 26);
    for one in begin.requirements.iter().filter(|one| one.status == Status::Unmet) {
        assert!(one.next.ends_with('.') && one.sentence.ends_with('.'), "{}", one.id);
    }
    let unmet = begin.requirements.iter().filter(|one| one.status == Status::Unmet).count();
    assert!(unmet >= 18, "{unmet}");
    for id in begin.requirements.iter().map(|one| one.id.clone()) {
        if of(&check(&crew, None), &id).status != Status::Unmet {
            continue;
        }
        follow(&mut crew, &id, &written);
        let now = check(&crew, None);
        let one = of(&now, &id);
        assert!(one.status.holds(), "{id}: {}", one.sentence);
        assert_eq!(one.next, "");
    }
    let end = check(&crew, None);
    assert!(end.requirements.iter().all(|one| one.status.holds()));
    assert!(end.areas.iter().all(|area| area.holds == area.of));
    assert_eq!(end.later, [("v2".to_owned(), 6)]);
    // What is proved by records is not proved by a word; what is not a requirement is none.
    let book = crew.harbor.book;
    let word =
        |id: &str| Vouch { requirement: id.into(), statement: "So.".into(), ..Vouch::default() };
    let refused = framework::attest(crew.ann(), &book, &word("product.export")).unwrap_err();
    assert!(refused.message.contains("proved by records"), "{}", refused.message);
    assert!(framework::attest(crew.ann(), &book, &word("product.beauty")).is_err());
    // A later version asks for more, takes nothing away, and needs a decision.
    assert!(framework::migrate(crew.ann(), &book, "v2", " ").is_err());
    framework::migrate(crew.ann(), &book, "v2", "Vote of 2026-06-30").unwrap();
    let later = check(&crew, None);
    assert_eq!((later.version.as_str(), later.requirements.len()), ("v2", 32));
    let new = later.requirements.iter().filter(|one| one.status == Status::Unmet).count();
    assert_eq!(new, 6);
    assert!(framework::migrate(crew.ann(), &book, "v1", "Back").is_err());
}

#[test]
fn a_gate_lets_through_only_when_all_holds_and_the_end_is_announced_in_time() {
    let mut crew = crew(Role::Member);
    let book = crew.harbor.book;
    let enter = |crew: &mut Crew, to: &str, ends: Option<&str>, file: Option<&std::path::Path>| {
        let entered = PhaseMove {
            to: to.into(),
            statement: "We end.".into(),
            ends: ends.map(|day| day.parse().unwrap()),
            decision: ends.map(|_| "We end".to_owned()),
            archive: file.map(Into::into),
        };
        framework::phase_enter(crew.ann(), &book, &entered)
    };
    assert!(enter(&mut crew, "starting", None, None).unwrap_err().message.contains("closing"));
    assert!(enter(&mut crew, "closing", None, None).unwrap_err().message.contains("Missing"));
    follow(&mut crew, "product.shutdown", &[]);
    let early = enter(&mut crew, "closing", Some("2026-12-01"), None).unwrap_err();
    assert!(early.message.contains("2026-12-28"), "{}", early.message);
    assert!(enter(&mut crew, "closing", Some("2026-12-28"), None).is_err(), "no archive");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("harbor.zip");
    let words = enter(&mut crew, "closing", Some("2026-12-28"), Some(&file)).unwrap_err();
    assert!(words.message.contains("no decision of this book"), "{}", words.message);
    add(&mut crew, Kind::Decision, json!({"title": "We end", "date": today()}));
    enter(&mut crew, "closing", Some("2026-12-28"), Some(&file)).unwrap();
    assert!(file.exists(), "the whole record was exported");
    assert_eq!(check(&crew, None).phase, "closing");
    let now = enter(&mut crew, "closed", None, Some(&file)).unwrap_err();
    assert!(now.message.contains("The last day has come"), "{}", now.message);
}

#[test]
fn a_stop_scenario_fires_when_its_months_are_over_once_and_on_both_laptops_alike() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    let gifts = named(a.reader(), &harbor.book, Kind::Account, "Income:Donations:Recurring");
    records::add(
        &mut a,
        &harbor.book,
        Kind::Scenario,
        fields(json!({"name": "Too little comes in",
        "type": "stop", "metric": "coverage-percent", "comparison": "below", "limit": "80",
        "months": 3, "then": "propose-phase", "phase": "closing"})),
    )
    .unwrap();
    // Story S9: 98, 79, 91, 78, 77, 76 percent.
    for (month, percent) in [(1, 98), (2, 79), (3, 91), (4, 78), (5, 77), (6, 76)] {
        for (account, cents) in [(harbor.hosting, 10_000), (gifts, -100 * percent)] {
            let amount = |minor: i64| {
                commonhold_core::Money::new(minor, commonhold_core::Currency::EUR).to_string()
            };
            let line = json!({"date": format!("2026-{month:02}-10"), "narration": "A month",
                "postings": [{"account": harbor.bank, "amount": amount(-cents), "fund": harbor.fund},
                    {"account": account, "amount": amount(cents), "fund": harbor.fund}]});
            records::add(&mut a, &harbor.book, Kind::Transaction, fields(line)).unwrap();
        }
    }
    let stands = |app: &commonhold_app::App, day: &str| {
        let at: Date = day.parse().unwrap();
        let found = framework::scenario_list(app.reader(), &harbor.book, Some(at), today());
        let view = found.unwrap().remove(0);
        (view.run, view.fires)
    };
    assert_eq!(stands(&a, "2026-02-28"), (1, false));
    assert_eq!(stands(&a, "2026-03-31"), (0, false));
    assert_eq!(stands(&a, "2026-05-31"), (2, false));
    assert_eq!(stands(&a, "2026-06-29"), (2, false), "June is not over");
    assert_eq!(stands(&a, "2026-06-30"), (3, true));
    give(&a, &mut b, &harbor.book);
    assert_eq!(framework::scenario_watch(&mut a, &harbor.book).unwrap(), 1);
    assert_eq!(framework::scenario_watch(&mut a, &harbor.book).unwrap(), 0, "once");
    assert_eq!(framework::scenario_watch(&mut b, &harbor.book).unwrap(), 1);
    for _ in 0..2 {
        give(&a, &mut b, &harbor.book);
        give(&b, &mut a, &harbor.book);
    }
    assert_eq!(dump(a.reader(), &harbor.book), dump(b.reader(), &harbor.book));
    assert_eq!(a.reader().count(&harbor.book, Kind::Firing).unwrap(), 1);
}
