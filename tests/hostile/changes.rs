//! Two thousand damaged changes, each with a right checksum and a right signature: no panic gets
//! out, the two replicas that receive them in different orders stay equal, and every document
//! loads again.

use crate::support::mallory::{Mallory, entry};
use crate::support::{Chance, Harbor, alice, assert_same, bob, dump, found, give, logs};
use crate::support::{person, say};
use commonhold_core::document::{Document, Edit, Key};
use commonhold_core::id::mint;
use serde_json::json;
use sha2::{Digest, Sha256};

const VARIANTS: u64 = 2000;

/// Bytes of one number in automerge's form (LEB128).
fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// The body of a change: what comes after magic, checksum, type and length.
fn body(change: &[u8]) -> &[u8] {
    let length = change[9..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    &change[9 + length..]
}

/// A change around a body, with the checksum it must have.
fn around(body: &[u8]) -> Vec<u8> {
    let content = [&[1], leb(body.len()).as_slice(), body].concat();
    let checksum = Sha256::digest(&content);
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &content].concat()
}

fn damage(body: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = body.to_vec();
    for _ in 0..=chance.below(3) {
        let at = chance.below(bytes.len());
        match chance.below(6) {
            0 => bytes[at] ^= 1 << chance.below(8),
            1 => bytes[at] = chance.number() as u8,
            2 => bytes[at] = *chance.pick(&[0, 1, 0x7f, 0x80, 0xff]),
            3 => bytes.insert(at, chance.number() as u8),
            4 if bytes.len() > 2 => drop(bytes.remove(at)),
            _ => bytes[at] = bytes[at].wrapping_add(1),
        }
    }
    bytes
}

/// What an honest device might write: an entry, fields, a text, several at once.
fn honest(harbor: &Harbor, n: u64, chance: &mut Chance) -> (String, Vec<Edit>) {
    let bill = |n: u64| {
        let id = mint(1_782_864_000_000 + n, [n as u8; 10]);
        entry("transaction", id, &harbor.bill(1 + n as i64, "Bill"))
    };
    let fund = Key { kind: "fund".into(), id: harbor.fund };
    let key = Key { kind: "page".into(), id: harbor.page };
    let word = format!("words {}", chance.below(99));
    match chance.below(4) {
        0 => ("ledger/2026".into(), vec![bill(n)]),
        1 => ("ledger/2026".into(), (0..9).map(|m| bill(n * 100 + m)).collect()),
        2 => {
            let fields = json!({"purpose": word, "until": "2027-01-01", "closed": null});
            ("charter".into(), vec![Edit::Fields(fund, fields.as_object().cloned().unwrap())])
        }
        _ => {
            let (field, text) = ("body".to_owned(), format!("# Minutes\n\n{word}\n"));
            let edit = Edit::Text { key, field, base: None, text };
            (format!("page/{}", harbor.page), vec![edit])
        }
    }
}

#[test]
fn two_thousand_damaged_and_signed_changes_panic_nowhere_and_divide_nobody() {
    let (mut a, mut b) = (alice(), bob());
    let harbor = found(&mut a);
    harbor.pay(&mut a, 41_235, "Hosting");
    let founder = person(&mut a, &harbor.book);
    let mallories: Vec<_> =
        (0..VARIANTS).map(|n| Mallory::new(&harbor.book, 10_000 + n).admission(founder)).collect();
    for some in mallories.chunks(500) {
        say(&mut a, &harbor.book, some);
    }
    let cites = a.reader().authority(&harbor.book).unwrap().heads().to_vec();
    give(&a, &mut b, &harbor.book);
    let documents: Vec<Document> = a
        .reader()
        .documents(&harbor.book)
        .unwrap()
        .iter()
        .map(|info| a.reader().load(&harbor.book, info.n, &info.name).unwrap())
        .collect();
    let mut chance = Chance(77);
    let mut objects: Vec<Vec<u8>> = Vec::new();
    for n in 0..VARIANTS {
        let mut mallory = Mallory::new(&harbor.book, 10_000 + n);
        mallory.cites = cites.clone();
        let (name, edits) = honest(&harbor, n, &mut chance);
        let document = documents.iter().find(|document| document.name() == name).unwrap();
        let change = mallory.change(&mut document.clone(), &edits);
        assert_eq!(around(body(&change)), change, "the form is understood here");
        let damaged = around(&damage(body(&change), &mut chance));
        objects.push(mallory.says(&name, vec![damaged]));
    }
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for batch in objects.chunks(50) {
        a.store().unwrap().receive(&harbor.book, batch).unwrap();
    }
    chance.shuffle(&mut objects);
    for batch in objects.chunks(173) {
        b.store().unwrap().receive(&harbor.book, batch).unwrap();
    }
    std::panic::set_hook(hook);
    let dumped = dump(a.reader(), &harbor.book);
    assert_same(&dump(b.reader(), &harbor.book), &dumped, "in another order");
    let refused = a.reader().refused(&harbor.book).unwrap().len();
    println!("{refused} or more of {VARIANTS} were refused");
    assert!(refused > 500, "most damage is noticed");
    harbor.pay(&mut a, 5, "It goes on");
    // Some of the damaged wait for changes that never were, and go on waiting over there.
    let objects: Vec<Vec<u8>> = logs(a.reader(), &harbor.book).into_iter().flatten().collect();
    b.store().unwrap().receive(&harbor.book, &objects).unwrap();
    let dumped = dump(a.reader(), &harbor.book);
    for closed in [a.close(), b.close()] {
        let mut again = closed.open();
        assert_same(&dump(again.reader(), &harbor.book), &dumped, "opened again");
        again.store().unwrap().rebuild().unwrap();
        assert_same(&dump(again.reader(), &harbor.book), &dumped, "rebuilt");
        for info in again.reader().documents(&harbor.book).unwrap() {
            let document = again.reader().load(&harbor.book, info.n, &info.name).unwrap();
            let name = document.name().to_owned();
            assert_eq!(Document::load(&name, &document.save()).unwrap().heads(), document.heads());
        }
    }
}
