use super::*;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn object() -> Object {
    Object {
        kind: ObjectKind::Changes,
        book: BookId([1; 32]),
        nonce: [2; 16],
        seq: 3,
        device: Device(key().verifying_key().to_bytes()),
        previous: Hash([4; 32]),
        time: Time(5),
        document: "ledger/2026".into(),
        authority: vec![Hash([6; 32])],
        heads: vec![Hash([7; 32]), Hash([8; 32])],
        parts: vec![b"one".to_vec(), vec![], vec![9; 10_000]],
        sealed: None,
    }
}

#[test]
fn round_trips_and_is_deterministic() {
    let bytes = object().seal(&key(), None).unwrap();
    assert_eq!(Object::open(&bytes).unwrap(), object());
    assert_eq!(bytes, object().seal(&key(), None).unwrap());
}

#[test]
fn every_flipped_byte_and_every_cut_is_refused() {
    let bytes = object().seal(&key(), None).unwrap();
    for place in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[place] ^= 0x20;
        assert!(Object::open(&bad).is_err(), "byte {place}");
        assert!(Object::open(&bytes[..place]).is_err(), "cut at {place}");
    }
    assert!(Object::open(&[bytes, vec![0]].concat()).is_err());
}

#[test]
fn a_bomb_is_bounded_by_what_it_claims() {
    let packed = zstd::bulk::compress(&vec![0; 1 << 20], 19).unwrap();
    assert_eq!(decompress(&packed, 10), Err(Error::Damaged("payload")));
    assert_eq!(decompress(&packed, MAX_PAYLOAD + 1), Err(Error::TooLarge("payload")));
}

#[test]
fn a_sealed_payload_opens_with_its_key_alone_and_only_in_its_place() {
    let secret = Secret::new([3; 32]);
    let plain = Object { document: "private/x".into(), ..object() };
    let bytes = plain.seal(&key(), Some(&secret)).unwrap();
    assert!(!bytes.windows(3).any(|window| window == b"one"));
    let mut opened = Object::open(&bytes).unwrap();
    assert!(opened.parts.is_empty() && opened.sealed.as_ref().unwrap().key == Some(secret.id()));
    assert!(opened.clone().unseal(&Secret::new([4; 32])).is_err());
    let mut moved = opened.clone();
    moved.sealed.as_mut().unwrap().bound[5] ^= 1;
    assert!(moved.unseal(&secret).is_err());
    opened.unseal(&secret).unwrap();
    assert_eq!(opened, plain);
}

#[test]
fn a_private_payload_can_be_destroyed_and_the_object_keeps_its_name() {
    let secret = Secret::new([3; 32]);
    let private = Object { document: "private/x".into(), ..object() };
    let bytes = private.seal(&key(), Some(&secret)).unwrap();
    let stub = erase(&bytes).unwrap();
    assert_eq!(hash(&stub), hash(&bytes));
    assert!(Object::open(&stub).unwrap().is_erased() && stub.len() < bytes.len());
    let public = object().seal(&key(), None).unwrap();
    assert_eq!(erase(&public), None);
    let end = public.len() - 1;
    assert!(Object::open(&public[..end]).is_err());
}
