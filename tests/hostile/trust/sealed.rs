//! What lies in a shared folder, and who can read it.

use crate::support::crew::{ANN, BEN, CLEO, Crew, DORA, crew, files, fresh, holding};
use crate::support::{Chance, Laptop, assert_same, device, dump, fields, found, meet, say, sync};
use commonhold_app::commands::records;
use commonhold_core::authority::Role;
use commonhold_core::object::Object;
use commonhold_core::projection::State;
use commonhold_core::store::{Outcome, RefusedState};
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn add(crew: &mut Crew, who: usize, kind: Kind, record: Value) -> RecordId {
    let book = crew.harbor.book;
    records::add(&mut crew.laptops[who], &book, kind, fields(record)).unwrap()
}

fn secret(crew: &Crew, label: &str) -> Value {
    json!({"label": label, "kind": "password", "system": "Bank", "blast_radius": 4,
        "holders": [crew.people[ANN]], "pointer": format!("{label} in the safe")})
}

/// Everybody exchanges with a folder twice.
pub fn sync_all(crew: &mut Crew, folder: &Path) {
    let book = crew.harbor.book;
    for _ in 0..2 {
        crew.laptops.iter_mut().for_each(|laptop| drop(sync(laptop, &book, folder)));
    }
}

#[test]
fn who_was_removed_opens_nothing_that_is_sealed_afterwards_and_who_is_new_opens_all() {
    let mut crew = crew(Role::Treasurer);
    let (book, folder) = (crew.harbor.book, tempfile::tempdir().unwrap());
    let old = crew.harbor.pay(&mut crew.laptops[BEN], 500, "Before");
    sync_all(&mut crew, folder.path());
    crew.remove(ANN, DORA);
    sync(&mut crew.laptops[ANN], &book, folder.path());
    sync(&mut crew.laptops[BEN], &book, folder.path());
    crew.remove(BEN, DORA);
    for who in [BEN, ANN, CLEO] {
        sync(&mut crew.laptops[who], &book, folder.path());
    }
    let new = crew.harbor.pay(&mut crew.laptops[ANN], 700, "After");
    for who in [ANN, BEN, CLEO, DORA, DORA] {
        let report = sync(&mut crew.laptops[who], &book, folder.path());
        let closed = report.refused.iter().any(|file| file.reason.contains("was not given"));
        assert_eq!(closed, who == DORA, "{report:?}");
    }
    for who in [ANN, BEN, CLEO] {
        assert_eq!(crew.harbor.state(&crew.laptops[who], &new), Some(State::Ok));
    }
    assert_eq!(crew.harbor.state(&crew.laptops[DORA], &old), Some(State::Ok));
    assert_eq!(crew.harbor.state(&crew.laptops[DORA], &new), None, "it opens for her no more");
    let mut emil = Laptop::new(300);
    let admission = device(&book, fresh(4000), emil.store().unwrap().identity(), "Emil");
    say(crew.ann(), &book, &[admission]);
    sync(crew.ann(), &book, folder.path());
    let report = meet(&mut emil, &book, folder.path());
    assert!(report.refused.is_empty(), "{report:?}");
    sync(crew.ann(), &book, folder.path());
    assert_same(&dump(emil.reader(), &book), &crew.dump(ANN), "all there ever was");
}

/// Copies every bundle in a folder to other names, as its carrier may; how many copies there are.
fn graft(folder: &Path, name_for: impl Fn(u64, u64, u64) -> (u64, u64)) -> usize {
    let mut bundles = files(folder);
    bundles.retain(|path| path.extension().is_some_and(|end| end == "cho"));
    let number = |text: &str| u64::from_str_radix(text, 16).unwrap();
    let span = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        (number(&name[..16]), number(&name[17..33]))
    };
    let mut grafted = 0;
    for place in bundles.iter().map(|path| path.parent().unwrap()) {
        let there = bundles.iter().filter(|path| path.parent() == Some(place));
        let most = there.map(|path| span(path).1).max().unwrap();
        for from in &bundles {
            let (bytes, (first, last)) = (fs::read(from).unwrap(), span(from));
            let (first, last) = name_for(first, last, most);
            let name = format!("{first:016x}-{last:016x}-{:016x}.cho", bytes.len());
            if !place.join(&name).exists() {
                fs::write(place.join(name), &bytes).unwrap();
                grafted += 1;
            }
        }
    }
    grafted
}

/// Bundles under names that are not theirs, and what everybody has afterwards.
fn grafted(name_for: impl Fn(u64, u64, u64) -> (u64, u64)) {
    let mut crew = crew(Role::Treasurer);
    let (book, folder) = (crew.harbor.book, tempfile::tempdir().unwrap());
    for n in 0..5 {
        crew.harbor.pay(&mut crew.laptops[n % 3], 500, "Bill");
        sync_all(&mut crew, folder.path());
    }
    let mut other = Laptop::new(400);
    let theirs = found(&mut other);
    sync(&mut other, &theirs.book, folder.path());
    let before = (crew.dump(ANN), dump(other.reader(), &theirs.book));
    assert!(graft(folder.path(), name_for) > 10);
    sync_all(&mut crew, folder.path());
    sync(&mut other, &theirs.book, folder.path());
    assert_eq!(crew.dump(ANN), before.0);
    assert_eq!(dump(other.reader(), &theirs.book), before.1);
    let bill = crew.harbor.pay(&mut crew.laptops[BEN], 900, "It goes on");
    sync_all(&mut crew, folder.path());
    for who in [ANN, CLEO, DORA] {
        assert_eq!(crew.harbor.state(&crew.laptops[who], &bill), Some(State::Ok), "{who}");
    }
    let mut carol = crate::support::carol();
    let report = meet(&mut carol, &book, folder.path());
    assert!(!report.refused.is_empty(), "she is told what is not what it says");
    assert_same(&dump(carol.reader(), &book), &crew.dump(ANN), "from the folder alone");
}

#[test]
fn a_bundle_under_another_name_is_not_taken_for_what_it_says() {
    grafted(|first, last, most| (first.min(most), last.min(most)));
}

#[test]
fn a_bundle_under_a_name_to_come_keeps_nothing_from_being_handed_over() {
    grafted(|_, _, most| (most + 1, most + 1));
}

#[test]
fn every_byte_of_an_object_is_bound_to_the_others() {
    let mut crew = crew(Role::Treasurer);
    let wanted = secret(&crew, "Safe");
    add(&mut crew, ANN, Kind::Secret, wanted);
    crew.harbor.pay(&mut crew.laptops[ANN], 500, "Bill");
    let bill = crew.last(ANN);
    let own = crew.objects(ANN).into_iter().find(|bytes| {
        let object = Object::reopen(bytes).unwrap();
        object.document == "vault" && object.sealed.is_some()
    });
    let mut all = Vec::new();
    for sound in [bill, own.unwrap()] {
        for at in 0..sound.len().min(400) {
            let mut bytes = sound.clone();
            bytes[at] ^= 1;
            all.push(bytes);
        }
    }
    let said = crew.receive(BEN, &all);
    assert!(!said.contains(&Outcome::Stored) && !said.contains(&Outcome::Duplicate));
    crew.share();
    crew.assert_alike();
    crew.goes_on(BEN);
}

#[test]
fn who_may_not_read_secrets_and_contacts_passes_them_on_unread() {
    let mut crew = crew(Role::Member);
    let folder = tempfile::tempdir().unwrap();
    let (word, name) = ("quetzalfeather", "zebrafinchcanary");
    let wanted = secret(&crew, word);
    let secret = add(&mut crew, ANN, Kind::Secret, wanted);
    let contact = add(&mut crew, ANN, Kind::Contact, json!({"name": name, "bank": "DE12 3456"}));
    let book = crew.harbor.book;
    sync(crew.ann(), &book, folder.path());
    // Only Dora reaches Ann; Ben and Cleo get everything from her.
    crew.give(ANN, DORA);
    for to in [BEN, CLEO] {
        crew.give(DORA, to);
        for (kind, id) in [(Kind::Secret, secret), (Kind::Contact, contact)] {
            let row = crew.laptops[to].reader().record(&crew.harbor.book, kind, &id).unwrap();
            assert_eq!(row.unwrap().state, State::Ok);
        }
    }
    sync_all(&mut crew, folder.path());
    for (kind, id) in [(Kind::Secret, secret), (Kind::Contact, contact)] {
        let row = crew.laptops[DORA].reader().record(&crew.harbor.book, kind, &id).unwrap();
        assert_eq!(row, None);
    }
    let locked = crew.refused(DORA);
    assert!(locked.len() >= 2 && locked.iter().all(|o| o.state == RefusedState::Locked));
    let book = crew.harbor.book;
    let add =
        records::add(&mut crew.laptops[DORA], &book, Kind::Contact, fields(json!({"name": "x"})));
    assert!(add.unwrap_err().message.contains("must be leadership or treasurer"));
    for canary in [word, name, "DE12 3456"] {
        assert_eq!(holding(folder.path(), canary), Vec::<PathBuf>::new());
        assert_eq!(holding(crew.laptops[DORA].home(), canary), Vec::<PathBuf>::new());
    }
    assert!(!holding(crew.laptops[BEN].home(), word).is_empty(), "Ben reads it");
    // A role that comes later opens what was there before.
    let dora = crew.people[DORA];
    crew.promote(dora, Role::Treasurer);
    crew.share();
    let row = crew.laptops[DORA].reader().record(&book, Kind::Contact, &contact).unwrap();
    assert_eq!(row.unwrap().fields["name"], name, "a treasurer reads contacts");
    let row = crew.laptops[DORA].reader().record(&book, Kind::Secret, &secret).unwrap();
    assert_eq!(row, None, "but no secrets");
    crew.goes_on(BEN);
}

#[test]
fn fifty_words_written_anywhere_are_nowhere_in_the_folder() {
    let mut crew = crew(Role::Treasurer);
    let (book, folder) = (crew.harbor.book, tempfile::tempdir().unwrap());
    let mut chance = Chance(50);
    let words: Vec<String> = (0..50).map(|n| format!("canary{n}x{:x}", chance.number())).collect();
    for (n, word) in words.iter().enumerate() {
        let who = n % 3;
        match n % 7 {
            0 => drop(crew.harbor.pay(&mut crew.laptops[who], 5, word)),
            1 => drop(add(&mut crew, who, Kind::Contact, json!({"name": word}))),
            2 => {
                let wanted = secret(&crew, word);
                add(&mut crew, who, Kind::Secret, wanted);
            }
            3 => drop(add(
                &mut crew,
                who,
                Kind::Page,
                json!({"title": word, "kind": "page",
                "body": format!("# {word}\n")}),
            )),
            4 => drop(add(
                &mut crew,
                who,
                Kind::Account,
                json!({"type": "asset",
                "path": format!("Assets:{word}")}),
            )),
            5 => {
                let person = crew.people[who];
                let note = fields(json!({"note": word}));
                let laptop = &mut crew.laptops[who];
                let none = std::collections::BTreeMap::new();
                records::edit(laptop, &book, Kind::Person, &person, note, &none).unwrap();
            }
            _ => {
                let person = crew.people[who];
                let role = Role::Teller;
                let reason = word.clone();
                crew.say(who, &[crate::support::crew::grant(person, role)]);
                let end = commonhold_core::authority::Statement::End { person, role, reason };
                crew.say(who, &[end]);
            }
        }
    }
    sync_all(&mut crew, folder.path());
    for who in [BEN, CLEO] {
        assert_same(&crew.dump(who), &crew.dump(ANN), "they got everything");
    }
    let there = holding(crew.laptops[CLEO].home(), &words[0]);
    assert!(!there.is_empty(), "a word is found where it lies open");
    for word in words.iter().map(String::as_str).chain(["Harbor", "Dora", "Assets:Bank"]) {
        assert_eq!(holding(folder.path(), word), Vec::<PathBuf>::new(), "{word}");
    }
}
