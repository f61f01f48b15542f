//! Ways objects reach a laptop: in pieces, again, out of order, as bundles of odd sizes.

use crate::support::{Chance, Laptop};
use commonhold_core::BookId;
use commonhold_core::keys::Secret;
use commonhold_core::object::Object;
use commonhold_core::store::Outcome;
use commonhold_sync::bundle::Name;
use commonhold_sync::sealing;
use std::path::Path;

/// Objects of one log, from its first.
pub type Log = Vec<Vec<u8>>;

/// Offers objects in batches of chance: of one log or several, from before what is there already,
/// out of order, some twice, until all are in; then everything once more, backwards.
pub fn offer(laptop: &mut Laptop, book: &BookId, logs: &[Log], chance: &mut Chance) {
    let there = laptop.reader().logs(book).unwrap();
    let last = |log: &Log| {
        let id = Object::open(&log[0]).unwrap().log();
        there.iter().find(|info| info.id == id).map_or(0, |info| info.last as usize)
    };
    let mut have: Vec<usize> = logs.iter().map(last).collect();
    while let Some(missing) = logs.iter().zip(&have).position(|(log, have)| log.len() > *have) {
        let mut batch: Vec<(usize, usize)> = Vec::new();
        for which in [missing, chance.below(logs.len())] {
            let from = have[which].saturating_sub(chance.below(30));
            let end = (have[which] + 1 + chance.below(400)).min(logs[which].len());
            batch.extend((from..end).map(|place| (which, place)));
        }
        match chance.below(4) {
            0 => chance.shuffle(&mut batch),
            1 => batch.extend(batch.clone()),
            2 => batch.retain(|_| chance.below(50) != 0),
            _ => {}
        }
        let objects: Vec<Vec<u8>> = batch.iter().map(|(l, p)| logs[*l][*p].clone()).collect();
        let received = laptop.store().unwrap().receive(book, &objects).unwrap();
        let before = have.clone();
        for ((which, place), outcome) in batch.iter().zip(&received.outcomes) {
            match outcome {
                Outcome::Stored => {
                    assert!(*place >= before[*which], "what is here is not stored again");
                    have[*which] += 1;
                }
                Outcome::Duplicate => {}
                Outcome::Early => assert!(*place > 0, "a log's first object is never too early"),
                Outcome::Stranger => {}
                Outcome::Refused(why) => panic!("{why}"),
            }
        }
    }
    let all: Log = logs.iter().flatten().rev().cloned().collect();
    let received = laptop.store().unwrap().receive(book, &all).unwrap();
    assert!(received.outcomes.iter().all(|outcome| *outcome == Outcome::Duplicate));
    assert_eq!(received.waiting, 0);
}

/// Lays part of the logs into a folder as bundles of odd sizes that overlap, as other programs
/// might deliver them: `missing` in a thousand bundles have not arrived yet.
pub fn lay(
    folder: &Path,
    (book, secret): (&BookId, &Secret),
    logs: &[Log],
    chance: &mut Chance,
    missing: usize,
) {
    for log in logs {
        let id = Object::open(&log[0]).unwrap().log();
        let place = folder.join("commonhold").join(book.to_string()).join(id.to_string());
        std::fs::create_dir_all(&place).unwrap();
        let mut next = 0;
        while next < log.len() {
            let first = next.saturating_sub(chance.below(5));
            let end = (next + 1 + chance.below(300)).min(log.len());
            let numbers = (first as u64 + 1, end as u64);
            let bytes = sealing::seal(secret, book, &id, numbers, &log[first..end]).unwrap();
            let name =
                Name { first: first as u64 + 1, last: end as u64, bytes: bytes.len() as u64 };
            if chance.below(1000) >= missing {
                std::fs::write(place.join(name.to_string()), bytes).unwrap();
            }
            next = end;
        }
    }
}
