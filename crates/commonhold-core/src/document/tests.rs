#![allow(clippy::arithmetic_side_effects)]
use super::*;
use serde_json::json;

const BOOK: BookId = BookId([9; 32]);

fn key(n: u8) -> Key {
    Key { kind: "page".into(), id: RecordId::from_bytes([n; 16]) }
}

fn fields(value: Value) -> Fields {
    value.as_object().cloned().unwrap()
}

fn log_of(device: &Device) -> LogId {
    LogId::of(device, &BOOK, &[0; 16])
}

struct Writer {
    document: Document,
    device: Device,
}

impl Writer {
    fn new(n: u8) -> Self {
        Self { document: Document::new(&BOOK, "page/x").unwrap(), device: Device([n; 32]) }
    }

    fn log(&self) -> LogId {
        log_of(&self.device)
    }

    fn write(&mut self, edits: &[Edit]) -> Vec<u8> {
        let actor = actor(&self.log(), "page/x");
        self.document
            .write(actor, &self.device, Time(1000), &edits.iter().collect::<Vec<_>>())
            .unwrap()
            .unwrap()
    }

    fn take(&mut self, change: &[u8], from: &Device) -> BTreeSet<Key> {
        let offer = offer(log_of(from), *from, vec![change.to_vec()]);
        let admission = self.document.admit(&[offer]);
        assert_eq!(admission.outcomes, [Ok(())]);
        self.document = admission.document;
        admission.touched
    }
}

fn offer(log: LogId, device: Device, parts: Vec<Vec<u8>>) -> Offer<'static> {
    let heads = parts.last().map(|part| change_hash(part)).into_iter().collect();
    Offer { log, device, parts, heads, may: Box::new(|_| Ok(())) }
}

#[test]
fn every_device_creates_the_same_document() {
    let (a, b) = (Writer::new(1), Writer::new(2));
    assert_eq!(a.document.save(), b.document.save());
    let other = Document::new(&BookId([8; 32]), "page/x").unwrap();
    assert_ne!(other.heads(), a.document.heads());
}

#[test]
fn an_entry_is_written_once() {
    let mut a = Writer::new(1);
    let entry = Edit::Entry(key(1), fields(json!({"title": "x", "new": {"b": 1, "a": [2]}})));
    a.write(std::slice::from_ref(&entry));
    let raw = a.document.read(&key(1)).unwrap();
    assert!(raw.entry && raw.fields["new"]["b"] == 1);
    let again = a.document.write([1; 16], &a.device, Time(0), &[&entry]);
    assert!(matches!(again, Err(Error::Exists(_))));
}

#[test]
fn two_writers_fields_and_texts_merge_and_conflicts_stay_visible() {
    let (mut a, mut b) = (Writer::new(1), Writer::new(2));
    let (da, db) = (a.device, b.device);
    let text = |base: Option<&str>, text: &str| Edit::Text {
        key: key(1),
        field: "body".into(),
        base: base.map(str::to_owned),
        text: text.into(),
    };
    let first = a.write(&[
        Edit::Fields(key(1), fields(json!({"title": "One", "later": "kept"}))),
        text(None, "Hello world"),
    ]);
    assert_eq!(b.take(&first, &da), BTreeSet::from([key(1)]));
    let from_a = a.write(&[
        Edit::Fields(key(1), fields(json!({"title": "A"}))),
        text(Some("Hello world"), "Hello big world"),
    ]);
    let from_b = b.write(&[
        Edit::Fields(key(1), fields(json!({"title": "B"}))),
        text(Some("Hello world"), "Hello world!"),
    ]);
    a.take(&from_b, &db);
    assert_eq!(b.take(&from_a, &da), BTreeSet::from([key(1)]));
    assert_eq!(a.document.heads(), b.document.heads());
    let raw = a.document.read(&key(1)).unwrap();
    assert_eq!(raw, b.document.read(&key(1)).unwrap());
    assert_eq!(raw.fields["body"], "Hello big world!");
    assert_eq!(raw.fields["later"], "kept");
    assert_eq!(raw.conflicts.len(), 1);
    let settled = a.write(&[Edit::Fields(key(1), fields(json!({"title": "A"})))]);
    b.take(&settled, &da);
    assert!(b.document.read(&key(1)).unwrap().conflicts.is_empty());
}

#[test]
fn two_edits_of_one_text_in_one_write_are_both_made() {
    let mut a = Writer::new(1);
    let body = |base: Option<&str>, text: &str| Edit::Text {
        key: key(1),
        field: "body".into(),
        base: base.map(str::to_owned),
        text: text.into(),
    };
    a.write(&[body(None, "begin\nend\n")]);
    let seen = Some("begin\nend\n");
    a.write(&[body(seen, "begin\nhere\nend\n"), body(seen, "begin\nend\nthere\n")]);
    let raw = a.document.read(&key(1)).unwrap();
    assert_eq!(raw.fields["body"], json!("begin\nhere\nend\nthere\n"));
}

#[test]
fn lines_put_in_while_apart_stay_whole() {
    let body = |base: Option<&str>, text: &str| Edit::Text {
        key: key(1),
        field: "body".into(),
        base: base.map(str::to_owned),
        text: text.into(),
    };
    let lines = ["w5da325b5ee20\n", "w8ca26d42845f\n", "wd0ff37d1de67\n", "w5d\n"];
    let base = "begin\nwd5a325b5ee2\nend\n";
    let places = [6, 19, base.len()];
    let put = |at: usize, line: &str| format!("{}{line}{}", &base[..at], &base[at..]);
    for (one, here) in lines.iter().flat_map(|line| places.map(|at| (*line, at))) {
        for (other, there) in lines.iter().flat_map(|line| places.map(|at| (*line, at))) {
            let mut a = Writer::new(1);
            a.write(&[body(None, base)]);
            a.write(&[body(Some(base), &put(here, one))]);
            a.write(&[body(Some(base), &put(there, other))]);
            let text =
                a.document.read(&key(1)).unwrap().fields["body"].as_str().unwrap().to_owned();
            let mut found: Vec<&str> = text.split_inclusive('\n').collect();
            let mut wanted = vec!["begin\n", "wd5a325b5ee2\n", "end\n", one, other];
            found.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{one:?} at {here}, {other:?} at {there}");
        }
    }
}

#[test]
fn changes_by_another_hand_out_of_order_or_damaged_are_refused() {
    let mut a = Writer::new(1);
    let b = Writer::new(2);
    let first = a.write(&[Edit::Fields(key(1), fields(json!({"title": "1"})))]);
    let second = a.write(&[Edit::Fields(key(1), fields(json!({"title": "2"})))]);
    let offered = |device: &Device, parts: &[Vec<u8>]| {
        let offer = offer(log_of(device), *device, parts.to_vec());
        b.document.admit(&[offer]).outcomes.remove(0)
    };
    assert_eq!(offered(&a.device, std::slice::from_ref(&second)), Err(Refusal::Waiting));
    let by_another = offered(&b.device, std::slice::from_ref(&first));
    assert!(matches!(by_another, Err(Refusal::Broken(_))));
    for place in 0..first.len() {
        let mut bad = first.clone();
        bad[place] ^= 1;
        let outcome = offered(&a.device, &[bad]);
        assert!(matches!(outcome, Err(Refusal::Broken(_))), "byte {place}: {outcome:?}");
    }
    assert_eq!(offered(&a.device, &[first.clone(), second.clone(), first.clone()]), Ok(()));
    let offer = |part: &Vec<u8>| self::offer(a.log(), a.device, vec![part.clone()]);
    let backwards = b.document.admit(&[offer(&second), offer(&vec![1, 2, 3]), offer(&first)]);
    assert!(matches!(backwards.outcomes[..], [Ok(()), Err(Refusal::Broken(_)), Ok(())]));
    assert_eq!(backwards.document.heads(), a.document.heads());
}

#[test]
fn a_second_change_carries_no_author_and_an_unknown_field_survives() {
    let mut a = Writer::new(1);
    a.write(&[Edit::Fields(key(1), fields(json!({"title": "1", "from_the_future": 7})))]);
    let second = a.write(&[Edit::Fields(key(1), fields(json!({"title": "2"})))]);
    let change = automerge::Change::from_bytes(second).unwrap();
    assert!(change.seq() == 2 && change.author().is_none());
    assert_eq!(a.document.read(&key(1)).unwrap().fields["from_the_future"], 7);
}

#[test]
fn canonical_bytes_do_not_depend_on_the_order_of_arrival_and_long_logs_are_quick() {
    let (mut a, mut b) = (Writer::new(1), Writer::new(2));
    let (da, db) = (a.device, b.device);
    let title = |n: u32| Edit::Fields(key(1), fields(json!({"title": n})));
    let first = a.write(&[title(0)]);
    b.take(&first, &da);
    let from_a: Vec<_> = (1..200).map(|n| a.write(&[title(n)])).collect();
    let from_b: Vec<_> = (1..200).map(|n| b.write(&[title(n * 1000)])).collect();
    from_b.iter().for_each(|change| drop(a.take(change, &db)));
    from_a.iter().for_each(|change| drop(b.take(change, &da)));
    assert_eq!(a.document.heads(), b.document.heads());
    let canonical = a.document.save_canonical().unwrap();
    assert_eq!(canonical, b.document.save_canonical().unwrap());
    let again = Document::load("page/x", &canonical).unwrap();
    assert_eq!(again.heads(), a.document.heads());
    assert_eq!(again.save_canonical().unwrap(), canonical);
}

#[test]
fn many_records_are_read_as_each_by_itself() {
    let entry = |kind: &str, n: u16, text: &str| {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        let key = Key { kind: kind.into(), id: RecordId::from_bytes(id) };
        Edit::Entry(key, fields(json!({"title": text})))
    };
    let (mut a, mut b) = (Writer::new(1), Writer::new(2));
    let first = a.write(&[entry("page", 0, "first")]);
    b.take(&first, &a.device);
    let mut edits: Vec<Edit> = (1..1500).map(|n| entry("page", n, "x")).collect();
    edits.extend((0..40).map(|n| entry("page-old", n, "y")));
    let many = a.write(&edits);
    // Another version of one of them, and a record with fields among the entries.
    let mut other = [entry("page", 700, "z"), entry("page", 2000, "only here")].to_vec();
    other.push(Edit::Fields(key(3), fields(json!({"title": "living"}))));
    let rival = b.write(&other);
    a.take(&rival, &b.device);
    b.take(&many, &a.device);
    for document in [&a.document, &b.document] {
        let mut keys = document.keys();
        assert_eq!(keys.len(), 1500 + 40 + 2);
        keys.insert(key(0xee));
        let mut read = 0;
        document
            .read_each(&keys, |key, raw| {
                read += 1;
                if raw == document.read(key) { Ok(()) } else { Err(key.clone()) }
            })
            .unwrap();
        assert_eq!(read, keys.len());
        let rivals = |key: &&Key| document.read(key).is_some_and(|raw| raw.versions.len() == 2);
        assert_eq!(keys.iter().filter(rivals).count(), 1, "both versions of one entry");
    }
}
