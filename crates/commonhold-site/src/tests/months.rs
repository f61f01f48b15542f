//! What is kept of months: it never changes a byte, and only what changed is made again.

use super::book::{Book, CANARY, now};
use super::pages::made;
use crate::{Keep, Key, Language, Memory, Options, Site, build_keeping};
use commonhold_core::date::Time;
use commonhold_core::id::RecordId;
use commonhold_core::records::Kind;
use commonhold_exchange::export::ledger::Files;
use serde_json::json;
use std::collections::BTreeMap;

/// Keeps in memory, and says what was made again.
#[derive(Default)]
struct Told {
    memory: Memory,
    made: Vec<String>,
    forgets: bool,
}

impl Keep for Told {
    fn find(&mut self, name: &str, key: &Key) -> Option<Vec<u8>> {
        self.memory.find(name, key).filter(|_| !self.forgets || name.ends_with(".whole"))
    }

    fn put(&mut self, name: &str, key: &Key, bytes: &[u8]) -> std::io::Result<()> {
        self.made.push(name.to_owned());
        self.memory.put(name, key, bytes)
    }
}

fn kept(
    book: &Book,
    options: &Options,
    keep: &mut Told,
) -> (Site, BTreeMap<String, Vec<u8>>, Vec<String>) {
    keep.made.clear();
    let mut files = Files::default();
    let site = build_keeping(&book.store, &book.id, options, keep, &mut files).unwrap();
    (site, files.files.into_iter().collect(), std::mem::take(&mut keep.made))
}

/// A number of a row that is always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// Something somebody does to a book; what it was.
fn change(book: &mut Book, dice: &mut Dice, entries: &mut Vec<RecordId>, turn: usize) -> String {
    let day = format!("2026-{:02}-{:02}", dice.below(7) + 1, dice.below(28) + 1);
    let what = dice.below(12);
    let old = |dice: &mut Dice| entries[dice.below(entries.len())];
    match what {
        0..=2 => {
            let (from, to) = [("bank", "fees"), ("monthly", "bank"), ("once", "bank")][what];
            let donor = book.id(if dice.below(2) == 0 { "otter" } else { "city" });
            let more = json!({"narration": format!("Turn {turn}, mail a{turn}@b.example"), "payee": format!("{CANARY} Giver"), "donor": donor});
            entries.push(book.pay(&day, from, to, &format!("{turn}.07"), more));
        }
        3 => {
            let (old, vote) = (old(dice), book.id("vote"));
            let more =
                json!({"narration": "Corrected", "corrects": old, "decision": vote.to_string()});
            entries.push(book.pay(&day, "bank", "domain", "3.33", more));
        }
        4 => {
            let target = old(dice);
            book.add(
                "gone",
                Kind::Withdrawal,
                json!({"kind": "transaction", "target": target, "reason": "Twice"}),
            );
        }
        5 => book.change(
            "hosting",
            Kind::Account,
            json!({"path": format!("Expenses:Program:Hosting{turn}")}),
        ),
        6 => book.change("general", Kind::Fund, json!({"name": format!("general {turn}")})),
        7 => book.change("otter", Kind::Donor, json!({"consent": dice.below(2) == 0})),
        8 => book.change(
            "decision",
            Kind::Decision,
            json!({"title": format!("A third mirror, {turn}")}),
        ),
        9 => {
            book.add(
                "p",
                Kind::Person,
                json!({"public_name": format!("Turn {turn}"), "show_name": false}),
            );
        }
        10 => {
            let name = format!("Expenses:New{turn}");
            book.add("new", Kind::Account, json!({"path": name, "type": "expense"}));
            entries.push(book.pay(&day, "bank", "new", "1.00", json!({"narration": "New"})));
        }
        _ => {
            book.add(
                "price",
                Kind::Price,
                json!({"date": day, "base": "USD", "quote": "EUR", "rate": format!("0.9{turn}")}),
            );
        }
    }
    format!("turn {turn}: {what}")
}

#[test]
fn what_is_kept_never_changes_a_byte() {
    for seed in 1..=3 {
        let (mut book, mut dice, mut keep) = (Book::rich(), Dice(seed), Told::default());
        let mut entries =
            vec![book.pay("2026-02-03", "bank", "fees", "9.99", json!({"narration": "x"}))];
        let mut done = Vec::new();
        for turn in 1..=25 {
            done.push(change(&mut book, &mut dice, &mut entries, turn));
            let later = i64::try_from(dice.below(4)).unwrap() * 86_400_000;
            let mut options = Options::at(Time(now().0 + later));
            if dice.below(5) == 0 {
                options.base_url = Some("https://harbor.example/page".into());
            }
            if dice.below(6) == 0 {
                options.languages = vec![Language::De];
            }
            let (site, files, _) = kept(&book, &options, &mut keep);
            let (fresh, whole) = made(&book, &options);
            for (path, bytes) in &whole {
                assert!(
                    files.get(path) == Some(bytes),
                    "{path} differs after {done:?}, seed {seed}"
                );
            }
            assert_eq!(site, fresh, "after {done:?}, seed {seed}");
            assert!(!site.findings.is_empty());
        }
    }
}

#[test]
fn only_months_that_changed_are_made_again() {
    let (mut book, mut keep, options) = (Book::rich(), Told::default(), Options::at(now()));
    let (_, _, first) = kept(&book, &options, &mut keep);
    assert!(first.iter().any(|name| name == "2026-01.pages"), "{first:?}");
    let (_, before, again) = kept(&book, &options, &mut keep);
    assert_eq!(again, Vec::<String>::new(), "nothing changed");
    book.pay("2026-03-20", "bank", "fees", "1.00", json!({"narration": "One more"}));
    let (_, after, made) = kept(&book, &options, &mut keep);
    let months: std::collections::BTreeSet<&str> = made.iter().map(|name| &name[..7]).collect();
    // The last entries of the accounts it moves assert what they hold.
    assert!(months.contains("2026-03") && !months.contains("2026-02"), "{months:?}");
    assert!(months.len() <= 2, "{months:?}");
    assert!(before["money/2026-02.html"] == after["money/2026-02.html"]);
    assert!(before["money/2026-03.html"] != after["money/2026-03.html"]);
    let mut tomorrow = options.clone();
    tomorrow.as_of = Time(now().0 + 86_400_000);
    let (_, _, made) = kept(&book, &tomorrow, &mut keep);
    assert_eq!(made, Vec::<String>::new(), "the day stands around the months, not in them");
}

#[test]
fn who_forgets_meanwhile_is_told_and_loses_nothing() {
    let (book, mut keep, options) = (Book::rich(), Told::default(), Options::at(now()));
    kept(&book, &options, &mut keep);
    keep.forgets = true;
    let mut files = Files::default();
    let answer = build_keeping(&book.store, &book.id, &options, &mut keep, &mut files);
    assert!(matches!(answer, Err(crate::Error::Forgotten)), "{answer:?}");
}
