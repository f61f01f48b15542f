#![allow(clippy::arithmetic_side_effects)]
mod attacks;
mod logs;
mod many;
mod people;
mod removal;

use super::*;
use crate::date::{Date, Time};
use crate::id::{Device, Hash, LogId, RecordId};
use crate::keys::SealingPublic;
use std::collections::{BTreeMap, BTreeSet};

/// 2026-05-28.
const NOW: Time = Time(1_780_000_000_000);
const DAY: i64 = 86_400_000;

fn today() -> Date {
    NOW.date()
}

fn person(n: u8) -> RecordId {
    RecordId::from_u128(u128::from(n))
}

fn device(n: u8) -> Device {
    Device([n; 32])
}

/// The log a device writes from the start.
fn log(n: u8) -> LogId {
    LogId([n; 16])
}

fn admit(who: u8, key: u8) -> Statement {
    Statement::Device {
        person: person(who),
        device: device(key),
        sealing: SealingPublic([key; 32]),
        log: log(key),
        label: format!("device {key}"),
        recovery: false,
    }
}

fn grant(who: u8, role: Role) -> Statement {
    term(who, role, None, None)
}

fn term(who: u8, role: Role, from: Option<Date>, to: Option<Date>) -> Statement {
    Statement::Grant { person: person(who), role, from, to, basis: Basis::Decision, decision: None }
}

fn end(who: u8, role: Role) -> Statement {
    Statement::End { person: person(who), role, reason: "over".into() }
}

fn remove(who: u8) -> Statement {
    Statement::Remove {
        person: person(who),
        device: None,
        reason: "trouble".into(),
        cuts: Vec::new(),
        decision: None,
    }
}

fn remove_device(who: u8, key: u8) -> Statement {
    let Statement::Remove { person, reason, cuts, decision, .. } = remove(who) else {
        unreachable!()
    };
    Statement::Remove { person, device: Some(device(key)), reason, cuts, decision }
}

fn cut_at(statement: Statement, log: LogId, seq: u64) -> Statement {
    let Statement::Remove { person, device, reason, decision, .. } = statement else {
        unreachable!()
    };
    let cuts = vec![LogCut { log, seq, hash: Hash([0; 32]) }];
    Statement::Remove { person, device, reason, cuts, decision }
}

/// A book in the making. Person n has device n and log n, if nothing else is said.
#[derive(Clone)]
struct Book {
    nodes: Vec<Node>,
    logs: BTreeMap<LogId, Origin>,
    time: Time,
}

impl Book {
    /// Begun by person 1.
    fn new() -> Self {
        let founder = Founder {
            device: device(1),
            sealing: SealingPublic([1; 32]),
            person: person(1),
            label: "laptop".into(),
            log_nonce: [0; 16],
        };
        let genesis = Genesis::new("Commons", founder, NOW, [0; 16]);
        let node = Node {
            hash: Hash([0; 32]),
            device: device(1),
            log: log(1),
            seq: 1,
            time: NOW,
            cites: Vec::new(),
            statements: vec![None],
            genesis: Some(genesis),
        };
        Self { nodes: vec![node], logs: BTreeMap::new(), time: NOW }
    }

    /// With people 1 to n in leadership, who have all seen that.
    fn led_by(n: u8) -> Self {
        let mut book = Self::new();
        for who in 2..=n {
            book.now(1, [admit(who, who)]);
            for signer in 1..who {
                book.now(signer, [grant(who, Role::Leadership)]);
            }
        }
        assert_eq!(book.set().state().deciders(today()).len(), usize::from(n));
        book
    }

    fn set(&self) -> Authority {
        Authority::new(self.nodes.clone(), self.logs.clone())
    }

    fn heads(&self) -> Vec<Hash> {
        self.set().heads().to_vec()
    }

    /// A device states something having seen everything.
    fn now<const N: usize>(&mut self, by: u8, said: [Statement; N]) -> Hash {
        let heads = self.heads();
        self.say(by, &heads, said)
    }

    /// A device states something having seen some statements.
    fn say<const N: usize>(&mut self, by: u8, cites: &[Hash], said: [Statement; N]) -> Hash {
        let last = self.nodes.iter().filter(|node| node.log == log(by)).map(|node| node.seq).max();
        self.say_at(by, (log(by), last.unwrap_or(0) + 1), cites, said)
    }

    fn say_at<const N: usize>(
        &mut self,
        by: u8,
        (log, seq): (LogId, u64),
        cites: &[Hash],
        said: [Statement; N],
    ) -> Hash {
        let hash = Hash::of(format!("{by} {log} {seq} {}", self.nodes.len()).as_bytes());
        self.nodes.push(Node {
            hash,
            device: device(by),
            log,
            seq,
            time: self.time,
            cites: cites.to_vec(),
            statements: said.into_iter().map(Some).collect(),
            genesis: None,
        });
        hash
    }

    fn roles(&self, who: u8) -> Vec<Role> {
        self.set().state().roles(person(who), today()).into_iter().collect()
    }

    /// Who belongs, of people 1 to 99.
    fn active(&self) -> Vec<u8> {
        let set = self.set();
        (1..100).filter(|who| set.state().is_active(person(*who))).collect()
    }

    fn is_removed(&self, key: u8) -> bool {
        self.set().removed().contains_key(&device(key))
    }
}

/// Everything there is to see of a set.
fn picture(set: &Authority) -> String {
    let state = set.state();
    let granted: Vec<_> = state.people().into_iter().map(|who| state.granted(who)).collect();
    format!("{state:?}\n{granted:?}\n{:?}\n{:?}", set.heads(), set.removed())
}

/// The same nodes in many orders, some twice, come to the same.
fn same_in_every_order(book: &Book, orders: u64) {
    let expected = picture(&book.set());
    for seed in 0..orders {
        let mut dice = Dice(seed);
        let mut nodes = book.nodes.clone();
        for last in (1..nodes.len()).rev() {
            nodes.swap(last, dice.below(last + 1));
        }
        let twice = nodes[dice.below(nodes.len())].clone();
        nodes.push(twice);
        assert_eq!(picture(&Authority::new(nodes, book.logs.clone())), expected, "order {seed}");
    }
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    fn person(&mut self) -> u8 {
        u8::try_from(self.below(5)).unwrap() + 1
    }
}
