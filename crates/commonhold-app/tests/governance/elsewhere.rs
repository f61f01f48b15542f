//! Services that follow each other, decisions made in another book, and one person in two services.

use super::support::{Team, date, fields};
use commonhold_app::commands::service::{self, NewService};
use commonhold_app::commands::service_links::{self as links, LinkStanding};
use commonhold_app::commands::{archive, records};
use commonhold_app::events::unheard;
use commonhold_core::authority::Role;
use commonhold_core::{BookId, Kind, RecordId};
use serde_json::json;
use std::collections::BTreeMap;

fn second(team: &mut Team, name: &str) -> BookId {
    let new = NewService {
        name: name.into(),
        category: "package registry".into(),
        phase: "evaluating".into(),
        reporting_currency: "EUR".into(),
        ..NewService::default()
    };
    service::create(team.app(0), &new).unwrap()
}

fn person_of(team: &mut Team, book: &BookId) -> RecordId {
    let now = team.app(0).now();
    team.app(0).store().unwrap().writer(book, now).unwrap().person
}

#[test]
fn a_successor_is_named_by_its_book_and_an_archive_proves_it() {
    let mut team = Team::new("2026-07-01T09:00:00Z");
    let old = team.book;
    let new = second(&mut team, "Harbor 2");
    let said = links::service_link(team.app(0), &new, ("predecessor", old), Some("Harbor"));
    let said = said.unwrap();
    assert_eq!(said.standing, LinkStanding::Mutual, "both are here, so both say it");
    assert_eq!(said.not_back, None);
    for (of, direction, other) in [(new, "predecessor", old), (old, "successor", new)] {
        let found = links::service_links(team.reader(0), &of).unwrap().services;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].direction.as_str(), found[0].book), (direction, Some(other)));
        assert_eq!(found[0].standing, LinkStanding::Mutual);
    }
    // A book that is not here: only its archive can be held against the link.
    let mut far = Team::new("2026-07-02T09:00:00Z");
    let there = second(&mut far, "Harbor 3");
    let said = links::service_link(team.app(0), &new, ("successor", there), None).unwrap();
    assert_eq!((said.standing, said.not_back), (LinkStanding::NotHere, None));
    let folder = tempfile::tempdir().unwrap();
    let now = far.app(0).now();
    for (book, direction) in [(there, Some("successor")), (far.book, None)] {
        let file = folder.path().join(format!("{direction:?}.zip"));
        archive::export(far.reader(0), &book, &file, now, &mut unheard).unwrap();
        let held = links::service_link_check(team.reader(0), &new, &file, &mut unheard).unwrap();
        assert_eq!((held.whole, held.book), (true, Some(book)));
        assert_eq!(held.direction.as_deref(), direction);
    }
    // What was decided there is a link to the record there.
    let decision = json!({"title": "We end", "date": "2026-06-30"});
    let first = records::add(team.app(0), &old, Kind::Decision, fields(decision)).unwrap();
    let link = format!("{old}/decision/{first}");
    let here = json!({"title": "We go on", "date": "2026-07-01", "elsewhere": link});
    records::add(team.app(0), &new, Kind::Decision, fields(here)).unwrap();
    let found = links::service_links(team.reader(0), &new).unwrap().decisions;
    assert_eq!((found[0].there.as_deref(), found[0].holds), (Some("We end"), Some(true)));
    let wrong = json!({"title": "x", "date": "2026-07-01", "elsewhere": "the old minutes"});
    assert!(records::add(team.app(0), &new, Kind::Decision, fields(wrong)).is_err());
    let own = links::service_link(team.app(0), &new, ("predecessor", new), None);
    assert!(own.is_err(), "nothing comes before itself");
}

#[test]
fn one_person_is_shown_in_two_services_only_where_they_agreed_in_both() {
    let mut team = Team::new("2026-07-01T09:00:00Z");
    let ben = team.join(Role::Member);
    team.share();
    let (one, today) = (team.book, date("2026-07-01"));
    let two = second(&mut team, "Lighthouse");
    let me = [(one, person_of(&mut team, &one)), (two, person_of(&mut team, &two))];
    assert_ne!(me[0].1, me[1].1, "the records do not tell");
    let seen = |team: &Team, n: usize| {
        links::person_elsewhere(team.reader(0), &me[n].0, me[n].1, today).unwrap()
    };
    let agree = |team: &mut Team, n: usize, yes: bool| {
        let change = fields(json!({"show_elsewhere": yes}));
        let (book, person) = me[n];
        let none = BTreeMap::new();
        records::edit(team.app(0), &book, Kind::Person, &person, change, &none).unwrap();
    };
    assert_eq!((seen(&team, 0), seen(&team, 1)), (vec![], vec![]));
    agree(&mut team, 0, true);
    assert_eq!((seen(&team, 0), seen(&team, 1)), (vec![], vec![]), "one word is not enough");
    agree(&mut team, 1, true);
    let there = seen(&team, 0);
    assert_eq!(
        (there.len(), there[0].service.as_str(), there[0].person),
        (1, "Lighthouse", me[1].1)
    );
    assert_eq!(
        (there[0].roles.as_slice(), there[0].device.len()),
        (&["leadership".to_owned()][..], 8)
    );
    assert_eq!(seen(&team, 1)[0].service, "Harbor");
    // Ben has no device there, whatever he agrees to.
    let person = team.desks[ben].person;
    team.edit(ben, Kind::Person, &person, json!({"show_elsewhere": true}));
    team.share();
    assert_eq!(links::person_elsewhere(team.reader(0), &one, person, today).unwrap(), []);
    agree(&mut team, 1, false);
    assert_eq!(seen(&team, 0), [], "taken back is taken back");
}
