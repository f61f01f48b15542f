//! Every kind reads from `{}`, has a fixture for each form it was ever written in, and carries
//! all its fields through the store, a merge and an archive.

use crate::support::{Laptop, alice, bob, fixture, found, give, person};
use commonhold_app::commands::archive;
use commonhold_app::events::unheard;
use commonhold_core::document::{Edit, Key};
use commonhold_core::id::mint;
use commonhold_core::json::Fields;
use commonhold_core::projection::State;
use commonhold_core::record::{Form, HIDDEN};
use commonhold_core::store::Act;
use commonhold_core::table::ColumnType;
use commonhold_core::{BookId, Kind, RecordId, Time};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The fixtures of a kind, oldest first: none is ever changed or removed.
fn fixtures(kind: Kind) -> Vec<(String, Fields)> {
    let mut found = Vec::new();
    for version in 1.. {
        let name = format!("{kind}.v{version}.json");
        let Ok(bytes) = std::fs::read(fixture("records").join(&name)) else {
            break;
        };
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        found.push((name, value.as_object().cloned().unwrap()));
    }
    found
}

/// Writes a record as it stands, past the app's own checks: as another version would.
pub fn write_as_is(laptop: &mut Laptop, book: &BookId, kind: Kind, id: RecordId, fields: &Fields) {
    let info = kind.info();
    let home = (info.judge)(fields).home.unwrap();
    let document =
        laptop.reader().document_for(book, kind, &id, &home, &mut Default::default()).unwrap();
    let key = Key { kind: kind.name().into(), id };
    let act = |edit| Act { document: document.clone(), edit };
    let mut acts = Vec::new();
    match info.form {
        Form::Entry => acts.push(act(Edit::Entry(key, fields.clone()))),
        Form::Living => {
            let mut plain = fields.clone();
            for column in info.columns.iter().filter(|c| c.holds == ColumnType::LongText) {
                let text = plain.remove(column.name).and_then(|v| v.as_str().map(str::to_owned));
                let field = column.name.to_owned();
                let text = text.unwrap_or_default();
                acts.push(act(Edit::Text { key: key.clone(), field, base: None, text }));
            }
            acts.push(act(Edit::Fields(key, plain)));
        }
    }
    let now = Time(1_782_864_000_000);
    assert!(laptop.store().unwrap().write(book, now, &acts, &mut |_| true).unwrap());
}

fn id(n: usize) -> RecordId {
    mint(1_782_864_000_000, [n as u8; 10])
}

/// Fields without the version of their form, which the read model does not show.
fn shown(fields: &Fields) -> Fields {
    fields.iter().filter(|(name, _)| *name != "v").map(|(n, v)| (n.clone(), v.clone())).collect()
}

fn sorted(fields: &Fields) -> String {
    commonhold_core::json::canonical(fields)
}

#[test]
fn every_kind_reads_from_nothing_and_says_what_is_missing() {
    for kind in Kind::ALL {
        let judged = (kind.info().judge)(&Fields::new());
        assert!(judged.postings.is_empty(), "{kind}");
        for problem in &judged.problems {
            assert!(problem.message.ends_with('.'), "{kind}: {problem:?}");
            let known = problem.field.is_empty() || kind.info().column(&problem.field).is_some();
            assert!(known, "{kind}: {problem:?}");
        }
        for column in kind.info().columns {
            for odd in [json!(7), json!("?"), json!([1]), json!({"a": 1}), json!(true), json!(1.5)]
            {
                let fields = Fields::from_iter([(column.name.to_owned(), odd)]);
                let judged = (kind.info().judge)(&fields);
                assert!(judged.problems.iter().all(|p| p.message.len() > 5), "{kind}");
            }
            assert!(column.help.ends_with('.'), "{kind}.{}", column.name);
        }
    }
}

#[test]
fn every_word_of_a_kind_is_its_own() {
    let mut words = BTreeSet::new();
    for kind in Kind::ALL {
        assert!(words.insert(kind.name()), "{kind}");
        // A word such as “commons” has no other plural.
        let plain = kind.plural() == kind.name();
        assert!(plain || words.insert(kind.plural()), "{kind}");
        assert_eq!(json!(kind), json!(kind.name()));
        assert_eq!(kind.name().parse::<Kind>(), Ok(*kind));
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(kind.name().chars().all(plain) && kind.plural().chars().all(plain));
        let names: BTreeSet<&str> = kind.info().columns.iter().map(|c| c.name).collect();
        assert_eq!(names.len(), kind.info().columns.len(), "{kind}");
    }
    let tables =
        ["record", "key", "posting", "sum", "link", "problem", "conflict", "extra", "search"];
    assert!(tables.iter().all(|table| !words.contains(table)));
}

#[test]
fn every_kind_has_a_fixture_that_names_all_its_fields_and_is_accepted() {
    for kind in Kind::ALL {
        let fixtures = fixtures(*kind);
        assert!(!fixtures.is_empty(), "tests/fixtures/records/{kind}.v1.json is missing");
        for (name, fields) in &fixtures {
            let judged = (kind.info().judge)(fields);
            assert_eq!(judged.problems, [], "{name}");
            assert!(!judged.title.is_empty(), "{name}");
        }
        let newest = &fixtures.last().unwrap().1;
        for column in kind.info().columns {
            let optional = (*kind, column.name) == (Kind::Account, "recurrence");
            assert!(optional || newest.contains_key(column.name), "{kind}.{}", column.name);
        }
    }
}

#[test]
fn every_fixture_goes_through_store_merge_and_archive_unchanged() {
    let (mut a, mut b) = (alice(), bob());
    let book = found(&mut a).book;
    let me = person(&mut a, &book);
    let mut written = Vec::new();
    for kind in Kind::ALL {
        for (name, mut fields) in fixtures(*kind) {
            // Nobody can speak for another.
            for field in ["voter", "person"].iter().filter(|_| kind.info().form == Form::Entry) {
                if fields.contains_key(*field) {
                    fields.insert((*field).to_owned(), json!(me));
                }
            }
            let id = id(written.len() + 1);
            write_as_is(&mut a, &book, *kind, id, &fields);
            written.push((name, *kind, id, shown(&fields)));
        }
    }
    give(&a, &mut b, &book);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("harbor.zip");
    let now = a.now();
    archive::export(a.reader(), &book, &file, now, &mut unheard).unwrap();
    let verified = archive::verify(&file, &mut unheard).unwrap();
    assert!(verified.ok, "{:?}", verified.problems);
    let mut restored = Laptop::new(9);
    archive::restore(&mut restored, &file, &mut unheard).unwrap();
    a.store().unwrap().rebuild().unwrap();
    for laptop in [&a, &b, &restored] {
        let member = laptop.home() != restored.home();
        for (name, kind, id, fields) in &written {
            if kind.info().sealed && !member {
                assert!(laptop.reader().record(&book, *kind, id).unwrap().is_none(), "{name}");
                continue;
            }
            let row = laptop.reader().record(&book, *kind, id).unwrap().unwrap();
            // Values of secrets are read from where they are sealed alone.
            let whole = match kind.info().masked {
                [] => row.clone(),
                masked => {
                    assert!(masked.iter().all(|field| row.fields[*field] == HIDDEN), "{name}");
                    let all = laptop.reader().unmasked(&book, *kind).unwrap();
                    all.into_iter().find(|row| row.id == *id).unwrap()
                }
            };
            assert_eq!(sorted(&whole.fields), sorted(fields), "{name}");
            assert_eq!((row.state, row.problems.len()), (State::Ok, 0), "{name}");
        }
    }
}
