use super::*;

fn keys(seed: u8) -> DeviceKeys {
    DeviceKeys::from_seed([seed; 32])
}

#[test]
fn one_seed_gives_both_keys_and_always_the_same() {
    let keys = keys(7);
    assert_eq!(keys.device().0, SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes());
    assert_eq!(keys.seed(), [7; 32]);
    assert_eq!(
        keys.sealing().to_string(),
        "84798f8ab1547c2b849c332d9b701e7011de4f4725aa8a39c870fe32d16f7006"
    );
    assert_ne!(keys.sealing(), self::keys(8).sealing());
    assert!(!format!("{keys:?} {:?}", Secret::new([7; 32])).contains("070707"));
}

#[test]
fn what_is_sealed_to_a_device_only_it_opens_and_only_for_the_purpose() {
    let sealed = keys(1).sealing().seal(b"book key", b"secret", [9; 32]).unwrap();
    assert_eq!(sealed.len(), b"secret".len() + SEALED_EXTRA);
    assert_eq!(keys(1).open(b"book key", &sealed).unwrap(), b"secret");
    assert_eq!(keys(1).open(b"vault key", &sealed), None);
    assert_eq!(keys(2).open(b"book key", &sealed), None);
    for place in 0..sealed.len() {
        let mut bad = sealed.clone();
        bad[place] ^= 1;
        assert_eq!(keys(1).open(b"book key", &bad), None, "byte {place}");
        assert_eq!(keys(1).open(b"book key", &sealed[..place]), None, "cut at {place}");
    }
}

#[test]
fn random_bytes_used_twice_do_not_give_one_stream_for_two_secrets() {
    let to = keys(1).sealing();
    let sealed = to.seal(b"p", b"one", [9; 32]).unwrap();
    assert_eq!(sealed, to.seal(b"p", b"one", [9; 32]).unwrap());
    for (purpose, secret, random) in
        [(b"p", b"two", [9; 32]), (b"q", b"one", [9; 32]), (b"p", b"one", [8; 32])]
    {
        let other = to.seal(purpose, secret, random).unwrap();
        assert_ne!(sealed[..32], other[..32], "{purpose:?} {secret:?}");
    }
}

/// RFC 9180, appendix A.2.1: the private key there opens the ciphertext there, through the same
/// library and suite.
#[test]
fn the_suite_is_the_one_of_the_rfc() {
    let bytes = |text| unhex(text).unwrap();
    let key = bytes("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
    let key = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&key).unwrap();
    let enc = bytes("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
    let plain = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &key,
        &<X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&enc).unwrap(),
        &bytes("4f6465206f6e2061204772656369616e2055726e"),
        &bytes(
            "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
        ),
        b"Count-0",
    );
    assert_eq!(plain.unwrap(), b"Beauty is truth, truth beauty");
}

#[test]
fn a_key_that_is_no_point_is_refused() {
    let mut one = [0; 32];
    one[0] = 1;
    for bad in [[0; 32], one] {
        assert_eq!(SealingPublic(bad).seal(b"p", b"s", [1; 32]), None);
    }
}

#[test]
fn text_forms_are_hex() {
    let public = keys(1).sealing();
    let json = serde_json::to_string(&public).unwrap();
    assert_eq!(json, format!("\"{public}\""));
    assert_eq!(serde_json::from_str::<SealingPublic>(&json).unwrap(), public);
    let id = Secret::new([1; 32]).id();
    assert_eq!(id.to_string(), "efbab22953ff7c966bff9b4276f16793");
    assert_eq!(id.to_string().parse::<KeyId>().unwrap(), id);
    assert!("00".parse::<KeyId>().unwrap_err().contains("32 hexadecimal digits"));
}

#[test]
fn a_secret_seals_alike_and_opens_only_what_is_whole() {
    let secret = Secret::new([3; 32]);
    for plain in [&b""[..], b"x", &[7; 1000]] {
        let sealed = secret.seal(b"aad", plain).unwrap();
        assert_eq!(sealed, secret.seal(b"aad", plain).unwrap());
        assert_eq!(sealed.len(), 24 + padme(4 + plain.len()) + 16);
        assert_eq!(secret.open(b"aad", &sealed, plain.len()).unwrap(), plain);
        assert_eq!(secret.open(b"aae", &sealed, 1000), None);
        assert_eq!(secret.open(b"", &sealed, 1000), None);
        assert_eq!(Secret::new([4; 32]).open(b"aad", &sealed, 1000), None);
        for place in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[place] ^= 0x80;
            assert_eq!(secret.open(b"aad", &bad, 1000), None, "byte {place}");
            assert_eq!(secret.open(b"aad", &sealed[..place], 1000), None, "cut at {place}");
        }
        assert_eq!(secret.open(b"aad", &[sealed, vec![0]].concat(), 1000), None);
    }
}

#[test]
fn aad_and_plaintext_do_not_run_into_each_other() {
    let secret = Secret::new([3; 32]);
    let nonce = |aad: &[u8], plain: &[u8]| secret.seal(aad, plain).unwrap()[..24].to_vec();
    assert_ne!(nonce(b"ab", b"c"), nonce(b"a", b"bc"));
    assert_ne!(nonce(b"", b"c"), nonce(b"c", b""));
}

#[test]
fn no_more_is_opened_than_asked_for() {
    let secret = Secret::new([3; 32]);
    let sealed = secret.seal(b"", &[1; 100]).unwrap();
    assert_eq!(secret.open(b"", &sealed, 99), None);
    assert_eq!(secret.open(b"", &sealed, 100), Some(vec![1; 100]));
    assert_eq!(secret.open(b"", &sealed, usize::MAX), Some(vec![1; 100]));
}

/// The bytes are for ever: what is sealed today must open in every later version. These, and the
/// other long numbers of these tests, were worked out by other implementations of the same papers.
#[test]
fn sealed_bytes_do_not_change_from_version_to_version() {
    let sealed = Secret::new([3; 32]).seal(b"aad", b"plain").unwrap();
    assert_eq!(
        hex(&sealed),
        "bde75fb66743d8d17b6c3b3e6461d806ad1816f4f68592b977393dc7fb31b888b789ba6dfa8665646caca746f69a7afc7ce7"
    );
    let sealed = keys(1).sealing().seal(b"purpose", b"secret", [9; 32]).unwrap();
    assert_eq!(
        hex(&sealed),
        "1becd835e08c110447a456801394dc773f289751ef128a895152aa434196431fe55f91294617222da241b24b5fc539a88ef595374afe"
    );
}

#[test]
fn equal_secrets_are_equal() {
    assert_eq!(Secret::new([1; 32]), Secret::new([1; 32]));
    assert_ne!(Secret::new([1; 32]), Secret::new([2; 32]));
    assert_ne!(Secret::new([1; 32]).id(), Secret::new([2; 32]).id());
}

#[test]
fn padded_lengths() {
    for (length, padded) in
        [(0, 0), (1, 1), (2, 2), (7, 7), (8, 8), (9, 10), (100, 104), (1000, 1024), (1025, 1088)]
    {
        assert_eq!(padme(length), padded, "{length}");
    }
    assert_eq!(padme(usize::MAX), usize::MAX);
    for length in (0..100_000).chain([1 << 20, (1 << 20) + 1, 123_456_789]) {
        let padded = padme(length);
        assert!(padded >= length && padded - length <= length * 12 / 100, "{length} {padded}");
        assert_eq!(padme(padded), padded, "{length}");
    }
}
