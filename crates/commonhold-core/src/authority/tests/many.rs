//! Sets nobody would think of, and large ones.

use super::*;
use std::time::Instant;

fn some_statement(dice: &mut Dice) -> Statement {
    let who = dice.person();
    let role = Role::ALL[dice.below(Role::ALL.len())];
    let number =
        |dice: &mut Dice| (dice.below(2) == 0).then(|| 1 + u32::try_from(dice.below(3)).unwrap());
    match dice.below(16) {
        0..=2 => admit(who, who + 10 * u8::try_from(dice.below(3)).unwrap()),
        3..=5 => grant(who, role),
        6 => grant(who, Role::Leadership),
        7 => term(who, role, Date::new(2026, 6, 1), Date::new(2026, 6, 30)),
        8 => end(who, role),
        9..=11 => remove(who),
        12 => remove_device(who, who + 10 * u8::try_from(dice.below(3)).unwrap()),
        13 => {
            let seq = u64::try_from(dice.below(9)).unwrap();
            cut_at(remove(who), log(who), seq)
        }
        14 => Statement::Policy { removal: number(dice), leadership: number(dice) },
        _ => Statement::Release { object: Hash([who; 32]), reason: "sound".into() },
    }
}

fn some_book(seed: u64, length: usize) -> Book {
    let mut dice = Dice(seed);
    let mut book = Book::led_by(u8::try_from(dice.below(4)).unwrap() + 1);
    for who in 1..=5 {
        book.logs.insert(log(100 + who), Origin::After(log(who), 3 + u64::from(who)));
        book.logs.insert(log(110 + who), Origin::After(log(100 + who), 2));
    }
    for _ in 0..length {
        let mut cites = Vec::new();
        for _ in 0..=dice.below(2) {
            let recent = book.nodes.len().min(12);
            cites.push(book.nodes[book.nodes.len() - 1 - dice.below(recent)].hash);
        }
        book.time = Time(NOW.0 + i64::try_from(dice.below(60)).unwrap() * DAY);
        let by = dice.person() + 10 * u8::try_from(dice.below(3) / 2).unwrap();
        let said = [some_statement(&mut dice), some_statement(&mut dice)];
        match dice.below(12) {
            0 => {
                let log = log(100 + by);
                let seq = book.nodes.iter().filter(|n| n.log == log).count();
                book.say_at(by, (log, u64::try_from(seq).unwrap() + 1), &cites, said)
            }
            _ => book.say(by, &cites, said),
        };
    }
    book
}

#[test]
fn any_set_comes_to_the_same_in_any_order() {
    let (mut removed, mut in_effect) = (0, 0);
    for seed in 0..300 {
        let book = some_book(seed, 40);
        same_in_every_order(&book, 5);
        let set = book.set();
        removed += set.removed().len();
        in_effect += book.nodes.len() - set.without_effect().count();
        for node in &book.nodes {
            set.judge(&node.device, (node.log, node.seq), &node.cites, node.time);
        }
        let (state, apart) = (set.state(), set.removed());
        for (device, _) in state.devices() {
            let is_active = state.active(device).is_some();
            assert!(is_active || apart.contains_key(device), "seed {seed}: {device}");
            assert!(!is_active || !apart.contains_key(device), "seed {seed}: limbo {device}");
        }
    }
    assert!(removed > 100 && in_effect > 1500, "{removed} {in_effect}");
}

#[test]
fn who_was_ever_out_stays_out_while_only_removals_come() {
    for seed in 0..100 {
        let mut book = some_book(seed, 25);
        let mut dice = Dice(seed);
        let before: BTreeSet<Device> = book.set().removed().keys().copied().collect();
        let heads = book.heads();
        let by = dice.person();
        book.say(by, &heads, [remove(dice.person())]);
        let after: BTreeSet<Device> = book.set().removed().keys().copied().collect();
        assert!(after.is_superset(&before), "seed {seed}: {before:?} {after:?}");
    }
}

#[test]
fn what_is_said_by_strangers_changes_nothing() {
    for seed in 0..50 {
        let book = some_book(seed, 30);
        let mut more = book.clone();
        let mut dice = Dice(seed);
        for _ in 0..10 {
            let heads = more.heads();
            more.say(90, &heads, [some_statement(&mut dice)]);
        }
        assert_eq!(picture(&book.set()), picture(&more.set()), "seed {seed}");
    }
}

fn key(count: u32) -> (Device, LogId) {
    let (mut device, mut log) = ([99; 32], [99; 16]);
    device[..4].copy_from_slice(&count.to_be_bytes());
    log[..4].copy_from_slice(&count.to_be_bytes());
    (Device(device), LogId(log))
}

fn newcomer(person: u32, count: u32) -> Statement {
    let (device, log) = key(count);
    let person = RecordId::from_u128(u128::from(person));
    let sealing = SealingPublic([9; 32]);
    Statement::Device { person, device, sealing, log, label: "laptop".into(), recovery: false }
}

/// One after the other says something: people come, get a role, and one of them a signature.
fn chain(book: &mut Book, n: u32) {
    let mut cites = book.heads();
    for count in 0..n {
        let who = RecordId::from_u128(u128::from(1000 + count / 3));
        let said = match count % 3 {
            0 => newcomer(1000 + count / 3, count),
            1 => {
                let (role, basis) = (Role::Member, Basis::Decision);
                Statement::Grant { person: who, role, from: None, to: None, basis, decision: None }
            }
            _ => {
                let Statement::Remove { reason, cuts, .. } = remove(9) else { unreachable!() };
                Statement::Remove { person: who, device: None, reason, cuts, decision: None }
            }
        };
        cites = vec![book.say(1 + u8::try_from(count % 3).unwrap(), &cites, [said])];
    }
}

/// Many devices of one person, and each says something without having seen the others.
fn wide(book: &mut Book, n: u32) {
    let mut cites = book.heads();
    for count in 0..n / 2 {
        cites = vec![book.say(1, &cites, [newcomer(1, count)])];
    }
    for count in 0..n / 2 {
        book.say_at(1, (key(count).1, 1), &cites, [newcomer(1, count + n)]);
        book.nodes.last_mut().unwrap().device = key(count).0;
    }
}

/// Three who have each seen what the others said just before.
fn merging(book: &mut Book, n: u32) {
    let mut last = [(); 3].map(|()| book.heads());
    for count in 0..n / 3 {
        let cites = last.concat();
        last = [1, 2, 3].map(|by| {
            vec![book.say(by, &cites, [newcomer(5000 + count, 3 * count + u32::from(by))])]
        });
    }
}

/// One who was removed removes others without end.
fn grudge(book: &mut Book, n: u32) {
    chain(book, n / 2);
    let before = book.heads();
    for signer in [1, 2] {
        book.say(signer, &before, [remove(3)]);
    }
    for _ in 0..n / 2 {
        book.say(3, &before, [remove(1)]);
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn thousands_of_statements_take_a_moment() {
    type Shape = (&'static str, fn(&mut Book, u32));
    let shapes: [Shape; 4] =
        [("chain", chain), ("wide", wide), ("merging", merging), ("grudge", grudge)];
    for (shape, build) in shapes {
        for n in [1000, 3000] {
            let mut book = Book::led_by(3);
            build(&mut book, n);
            let start = Instant::now();
            let set = book.set();
            let evaluated = start.elapsed();
            let start = Instant::now();
            for node in &book.nodes {
                set.judge(&node.device, (node.log, node.seq), &node.cites, node.time);
            }
            let judged = start.elapsed();
            let void = set.without_effect().count();
            println!("{shape} {n}: {evaluated:?}, judging {judged:?}, {void} without effect");
            assert!(evaluated.as_secs() < 10 && judged.as_secs() < 20);
        }
    }
}
