//! What was destroyed is nowhere any more, and everything else is as it was.

use super::sealed::sync_all;
use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, fresh, holding};
use crate::support::{Laptop, assert_same, device, dump, fields, logs, meet, say, sync};
use commonhold_app::commands::{archive, records, trust};
use commonhold_app::events::unheard;
use commonhold_core::authority::Role;
use commonhold_core::object::Object;
use commonhold_core::projection::State;
use commonhold_core::{Kind, RecordId};
use serde_json::json;
use std::path::PathBuf;

const NAME: &str = "zebrafinchcanary";
const BANK: &str = "DE44quetzalfeather";

/// A contact everybody has who may, some of it written by Dora, who keeps the money.
fn contact(crew: &mut Crew) -> RecordId {
    let (book, none) = (crew.harbor.book, std::collections::BTreeMap::new());
    let record = fields(json!({"name": NAME, "email": "z@example.org"}));
    let id = records::add(crew.ann(), &book, Kind::Contact, record).unwrap();
    crew.share();
    let bank = fields(json!({"bank": BANK}));
    records::edit(&mut crew.laptops[DORA], &book, Kind::Contact, &id, bank, &none).unwrap();
    crew.share();
    id
}

fn nowhere(crew: &Crew) {
    for (n, laptop) in crew.laptops.iter().enumerate() {
        for canary in [NAME, BANK] {
            assert_eq!(holding(laptop.home(), canary), Vec::<PathBuf>::new(), "{canary} at {n}");
        }
    }
}

#[test]
fn what_is_erased_is_in_no_profile_any_more_and_all_else_is_as_before() {
    let mut crew = crew(Role::Treasurer);
    let (book, folder) = (crew.harbor.book, tempfile::tempdir().unwrap());
    let id = contact(&mut crew);
    sync_all(&mut crew, folder.path());
    assert!(!holding(crew.laptops[CLEO].home(), NAME).is_empty(), "it was there");
    let before = crew.dump(ANN);
    trust::erase(&mut crew.laptops[BEN], &book, Kind::Contact, &id, "They asked for it").unwrap();
    sync_all(&mut crew, folder.path());
    nowhere(&crew);
    for who in [ANN, BEN, CLEO, DORA] {
        let row = crew.laptops[who].reader().record(&book, Kind::Contact, &id).unwrap();
        assert_eq!(row, None);
        let found = crew.laptops[who].reader().search(&book, NAME, 0, 10).unwrap();
        assert_eq!(found.0, 0);
        assert_same(&crew.dump(who), &before, "public records are as before");
    }
    crew.assert_alike();
    // Who joins afterwards, from a folder that still holds the old sealed bundles.
    let mut emil = Laptop::new(300);
    let admission = device(&book, fresh(4000), emil.store().unwrap().identity(), "Emil");
    let role = crate::support::crew::grant(fresh(4000), Role::Treasurer);
    say(crew.ann(), &book, &[admission, role]);
    sync(crew.ann(), &book, folder.path());
    meet(&mut emil, &book, folder.path());
    for canary in [NAME, BANK] {
        assert_eq!(holding(emil.home(), canary), Vec::<PathBuf>::new());
    }
    assert_eq!(emil.reader().record(&book, Kind::Contact, &id).unwrap(), None);
    crew.goes_on(BEN);
}

#[test]
fn who_kept_a_copy_brings_nothing_back() {
    let mut crew = crew(Role::Treasurer);
    let book = crew.harbor.book;
    let id = contact(&mut crew);
    let copy = crew.objects(CLEO);
    trust::erase(crew.ann(), &book, Kind::Contact, &id, "They asked for it").unwrap();
    crew.share();
    for who in [ANN, BEN, DORA] {
        crew.receive(who, &copy);
        crew.laptops[who].store().unwrap().rebuild().unwrap();
        assert_eq!(crew.laptops[who].reader().record(&book, Kind::Contact, &id).unwrap(), None);
    }
    nowhere(&crew);
    // Dora writes on to what is gone, as one who has not heard of it.
    let none = std::collections::BTreeMap::new();
    let again = fields(json!({"bank": BANK}));
    let edit = records::edit(&mut crew.laptops[DORA], &book, Kind::Contact, &id, again, &none);
    assert!(edit.is_err(), "it is not there");
    crew.goes_on(CLEO);
}

#[test]
fn what_is_written_to_it_meanwhile_is_destroyed_too() {
    let mut crew = crew(Role::Treasurer);
    let (book, none) = (crew.harbor.book, std::collections::BTreeMap::new());
    let id = contact(&mut crew);
    trust::erase(crew.ann(), &book, Kind::Contact, &id, "They asked for it").unwrap();
    let note = fields(json!({"note": format!("{NAME} again")}));
    records::edit(&mut crew.laptops[CLEO], &book, Kind::Contact, &id, note, &none).unwrap();
    crew.share();
    crew.share();
    nowhere(&crew);
    crew.assert_alike();
    crew.goes_on(BEN);
}

#[test]
fn logs_with_erased_objects_verify_and_an_archive_of_them_is_whole() {
    let mut crew = crew(Role::Treasurer);
    let book = crew.harbor.book;
    let id = contact(&mut crew);
    let kept = records::add(crew.ann(), &book, Kind::Contact, fields(json!({"name": "kept"})));
    let kept = kept.unwrap();
    trust::erase(crew.ann(), &book, Kind::Contact, &id, "They asked for it").unwrap();
    crew.share();
    let mut erased = 0;
    for log in logs(crew.laptops[BEN].reader(), &book) {
        for bytes in &log {
            erased += usize::from(Object::open(bytes).unwrap().is_erased());
        }
        for two in log.windows(2) {
            let previous = Object::open(&two[1]).unwrap().previous;
            assert_eq!(previous, commonhold_core::object::hash(&two[0]), "the chain is whole");
        }
    }
    assert!(erased >= 2, "{erased}");
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("harbor.zip");
    let now = crew.ann().now();
    let reader = crew.laptops[BEN].reader();
    archive::export(reader, &book, &path, now, &mut unheard).unwrap();
    let verified = archive::verify(&path, &mut unheard).unwrap();
    assert!(verified.ok, "{:?}", verified.problems);
    assert_eq!(holding(place.path(), NAME), Vec::<PathBuf>::new());
    let mut again = Laptop::new(301);
    archive::restore(&mut again, &path, &mut unheard).unwrap();
    assert_same(&dump(again.reader(), &book), &crew.dump(BEN), "from the archive");
    let restored = again.reader().record(&book, Kind::Contact, &kept).unwrap();
    assert_eq!(restored, None, "sealed for those who may read it");
    let row = crew.laptops[CLEO].reader().record(&book, Kind::Contact, &kept).unwrap();
    assert_eq!(row.unwrap().state, State::Ok);
    crew.goes_on(BEN);
}
