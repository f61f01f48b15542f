//! Many records in one write, and records whose import was withdrawn before they came.

use super::*;

fn lines(
    laptop: &mut Laptop,
    book: &BookId,
    of: [RecordId; 3],
    count: u16,
    import: Value,
) -> usize {
    laptop.clock += 1000;
    let [bank, host, fund] = of;
    let mut planned = Planned::default();
    let mut acts = Vec::new();
    for n in 0..count {
        let mut fields = transaction(bank, host, fund, &format!("{n}.00"));
        fields["import"] = import.clone();
        fields["date"] = json!(format!("20{:02}-05-04", 20 + n % 3));
        let fields: Fields = fields.as_object().cloned().unwrap();
        let judged = (Kind::Transaction.info().judge)(&fields);
        let name = format!("line {n} {} {import}", laptop.clock);
        let id = crate::id::from_purpose(book, &name);
        let home = judged.home.unwrap();
        let store = &laptop.store;
        let document = store.document_for(book, Kind::Transaction, &id, &home, &mut planned);
        let key = Key { kind: "transaction".into(), id };
        acts.push(Act { document: document.unwrap(), edit: Edit::Entry(key, fields) });
    }
    let mut heard = 0;
    let written = laptop.store.write(book, Time(laptop.clock), &acts, &mut |done| {
        heard = done;
        true
    });
    assert!(written.unwrap());
    heard
}

fn states(laptop: &Laptop, book: &BookId, state: State) -> usize {
    let all = laptop.store.states(book, Kind::Transaction).unwrap();
    all.values().filter(|other| **other == state).count()
}

#[test]
fn many_records_of_several_documents_come_out_as_rebuilding_and_another_device_see_them() {
    let mut a = Laptop::new(1);
    let (book, of) = founded(&mut a);
    assert_eq!(lines(&mut a, &book, of, 1200, Value::Null), 1000);
    assert_eq!(states(&a, &book, State::Ok), 1200);
    lines(&mut a, &book, of, 600, Value::Null);
    let before = a.dump(&book);
    a.store.tidy().unwrap();
    a.store.rebuild().unwrap();
    assert_eq!(a.dump(&book), before);
    let mut b = Laptop::new(2);
    exchange(&a, &mut b, &book);
    assert_eq!(b.dump(&book), before);
}

#[test]
fn what_comes_in_with_a_withdrawn_import_does_not_count() {
    let mut a = Laptop::new(1);
    let (book, of) = founded(&mut a);
    let import = json!({"format": "csv", "file_name": "x.csv", "file_sha256": "0".repeat(64),
        "account": of[0], "count": 2, "attempt": 1});
    let import = a.add(&book, Kind::Import, import);
    lines(&mut a, &book, of, 2, json!(import));
    assert_eq!(states(&a, &book, State::Ok), 2);
    let withdrawal = json!({"kind": "import", "target": import, "reason": "wrong file"});
    a.add(&book, Kind::Withdrawal, withdrawal);
    lines(&mut a, &book, of, 3, json!(import));
    assert_eq!(states(&a, &book, State::Withdrawn), 5);
    assert!(a.store.sums(&book).unwrap().is_empty());
    let before = a.dump(&book);
    a.store.rebuild().unwrap();
    assert_eq!(a.dump(&book), before);
}
