//! Money is conserved: whatever is written, corrected, withdrawn, imported, undone and merged, every
//! currency of every fund sums to zero, and the kept sums are what the entries that count come to.

use super::*;
use crate::money::{Currency, Money};
use crate::projection::SumLine;
use crate::record::Posting;
use std::collections::BTreeMap;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

type Sums = BTreeMap<(RecordId, RecordId, Currency, i32), i64>;

fn add(sums: &mut Sums, account: RecordId, fund: RecordId, month: i32, amount: Money) {
    *sums.entry((account, fund, amount.currency, month)).or_default() += amount.minor;
}

/// What the entries that count come to, from the rows alone.
fn recomputed(laptop: &Laptop, book: &BookId) -> Sums {
    let mut sums = Sums::new();
    laptop
        .store
        .each(book, Kind::Transaction, &mut |row| {
            if row.state == State::Ok {
                let date: Date = row.fields["date"].as_str().unwrap().parse().unwrap();
                let postings: Vec<Posting> =
                    serde_json::from_value(row.fields["postings"].clone()).unwrap();
                for posting in postings {
                    let (account, fund) = (posting.account, posting.fund);
                    add(&mut sums, account, fund, date.month().index(), posting.amount);
                }
            }
            true
        })
        .unwrap();
    sums.retain(|_, minor| *minor != 0);
    sums
}

fn check(laptop: &Laptop, book: &BookId, what: &str) {
    let mut kept = Sums::new();
    let mut zero: BTreeMap<(RecordId, Currency), i64> = BTreeMap::new();
    for SumLine { account, fund, month, amount } in laptop.store.sums(book).unwrap() {
        add(&mut kept, account, fund, month.index(), amount);
        *zero.entry((fund, amount.currency)).or_default() += amount.minor;
    }
    kept.retain(|_, minor| *minor != 0);
    assert!(zero.values().all(|sum| *sum == 0), "{what}: {zero:?}");
    assert_eq!(kept, recomputed(laptop, book), "{what}");
}

struct World {
    chance: Chance,
    book: BookId,
    accounts: Vec<RecordId>,
    funds: Vec<RecordId>,
    transactions: Vec<RecordId>,
    imports: Vec<RecordId>,
}

impl World {
    /// An entry of two to five lines over one or two currencies and funds, balanced in each.
    fn entry(&mut self) -> Value {
        let mut postings = Vec::new();
        for _ in 0..=self.chance.below(2) {
            let (currency, fund) =
                (self.chance.pick(&["EUR", "JPY", "KWD"]), self.chance.pick(&self.funds));
            let currency: Currency = currency.parse().unwrap();
            let whole = i64::try_from(self.chance.below(2_000_000)).unwrap() - 1_000_000;
            let parts = u16::try_from(1 + self.chance.below(3)).unwrap();
            let split = Money::new(whole, currency).split(parts);
            assert_eq!(split.iter().map(|part| part.minor).sum::<i64>(), whole);
            let mut line = |amount: Money| json!({"account": self.chance.pick(&self.accounts), "amount": amount, "fund": fund});
            postings.push(line(Money::new(-whole, currency)));
            postings.extend(split.into_iter().map(&mut line));
        }
        let (month, day) = (1 + self.chance.below(4), 1 + self.chance.below(28));
        json!({"date": format!("2026-{month:02}-{day:02}"), "narration": "Entry",
            "postings": postings})
    }

    fn known<'a>(
        &mut self,
        laptop: &Laptop,
        ids: &'a [RecordId],
        kind: Kind,
    ) -> Option<&'a RecordId> {
        let there = |id: &&RecordId| laptop.store.state(&self.book, kind, id).unwrap().is_some();
        let there: Vec<&RecordId> = ids.iter().filter(there).collect();
        (!there.is_empty()).then(|| self.chance.pick(&there))
    }

    fn step(&mut self, laptop: &mut Laptop) {
        let (ids, imports) = (self.transactions.clone(), self.imports.clone());
        let book = self.book;
        match self.chance.below(8) {
            0..=2 => {
                let entry = self.entry();
                self.transactions.push(laptop.add(&book, Kind::Transaction, entry));
            }
            3..=4 => {
                if let Some(id) = self.known(laptop, &ids, Kind::Transaction) {
                    let mut entry = self.entry();
                    entry["corrects"] = json!(id);
                    self.transactions.push(laptop.add(&book, Kind::Transaction, entry));
                }
            }
            5 => {
                if let Some(id) = self.known(laptop, &ids, Kind::Transaction) {
                    withdraw(laptop, &book, Kind::Transaction, id);
                }
            }
            6 => {
                let hash = format!("{:064x}", self.chance.next());
                let import = json!({"format": "csv", "file_name": "w.csv", "file_sha256": hash,
                    "count": 2, "attempt": 1});
                let import = laptop.add(&book, Kind::Import, import);
                self.imports.push(import);
                for _ in 0..2 {
                    let mut entry = self.entry();
                    entry["import"] = json!(import);
                    self.transactions.push(laptop.add(&book, Kind::Transaction, entry));
                }
            }
            _ => {
                if let Some(id) = self.known(laptop, &imports, Kind::Import) {
                    withdraw(laptop, &book, Kind::Import, id);
                }
            }
        }
    }
}

fn withdraw(laptop: &mut Laptop, book: &BookId, kind: Kind, id: &RecordId) {
    let fields = json!({"kind": kind, "target": id, "reason": "Undone"});
    laptop.add(book, Kind::Withdrawal, fields);
}

fn run(seed: u64) {
    let mut laptops = [Laptop::new(1), Laptop::new(2), Laptop::new(3)];
    let (book, [bank, host, fund]) = founded(&mut laptops[0]);
    let [first, second, third] = &mut laptops;
    let equity = json!({"path": "Equity:Opening", "type": "equity"});
    let equity = first.add(&book, Kind::Account, equity);
    let grant = json!({"name": "grant", "restriction": "donor-restricted", "purpose": "Mirrors"});
    let grant = first.add(&book, Kind::Fund, grant);
    admit(first, second, &book);
    admit(first, third, &book);
    exchange(first, second, &book);
    exchange(first, third, &book);
    let mut world = World {
        chance: Chance(seed),
        book,
        accounts: vec![bank, host, equity],
        funds: vec![fund, grant],
        transactions: Vec::new(),
        imports: Vec::new(),
    };
    for step in 0..24 {
        let at = world.chance.below(3);
        world.step(&mut laptops[at]);
        check(&laptops[at], &book, &format!("seed {seed} step {step}"));
        if world.chance.below(5) == 0 {
            let (from, to) = (world.chance.below(3), world.chance.below(3));
            if let Ok([from, to]) = laptops.get_disjoint_mut([from, to]) {
                exchange(from, to, &book);
                check(to, &book, &format!("seed {seed} after the exchange at {step}"));
            }
        }
    }
    for (from, to) in [(0, 1), (1, 2), (2, 0), (2, 1), (0, 1)] {
        let [from, to] = laptops.get_disjoint_mut([from, to]).unwrap();
        exchange(from, to, &book);
    }
    let all = laptops[0].dump(&book);
    for laptop in &laptops {
        check(laptop, &book, &format!("seed {seed} at the end"));
        assert_eq!(laptop.dump(&book), all, "seed {seed}");
    }
}

#[test]
fn nothing_that_is_written_or_merged_makes_or_loses_money() {
    (1..=5).for_each(run);
}
