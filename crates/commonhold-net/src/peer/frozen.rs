//! What two devices say to each other, frozen: `tests/fixtures/wire/peer.json`. Another program wrote it
//! by what `docs/PEER.md` says.

use super::listing::{self, Listing};
use super::wire::{ALPN, HEAD, Head, Kind, Notice, Request};
use commonhold_core::id::{BookId, unhex};
use serde_json::Value;

fn frozen() -> Value {
    let here = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file = here.join("../../tests/fixtures/wire/peer.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    unhex(value.as_str().unwrap()).unwrap()
}

#[test]
fn what_an_earlier_version_said_is_understood_and_said_alike() {
    let frozen = frozen();
    assert_eq!(frozen["alpn"].as_str().unwrap().as_bytes(), ALPN);
    let book = BookId::from_slice(&bytes(&frozen["book"])).unwrap();
    let name = frozen["name"].as_str().unwrap().to_owned();
    for (which, request) in
        [("list", Request::List(book, 3)), ("get", Request::Get(book, name, 1 << 20))]
    {
        let said = bytes(&frozen["requests"][which]);
        assert_eq!(Request::decode(&said).as_ref(), Some(&request));
        assert_eq!(request.encode(), said);
    }
    for (which, notice) in
        [("changed", Notice::Changed(book)), ("finished", Notice::Finished(book, 4))]
    {
        let said = bytes(&frozen["notices"][which]);
        assert_eq!(notice.encode(), said);
        assert_eq!(Notice::decode(&said), Some(notice));
    }
    let whole = u32::try_from(bytes(&frozen["listings"][0]["body"]).len()).unwrap();
    for (which, kind, length) in [
        ("no", Kind::No, 0),
        ("listing", Kind::Listing, whole),
        ("file", Kind::File, 5),
        ("cannot", Kind::Fault, 0),
    ] {
        let said: [u8; HEAD] = bytes(&frozen["heads"][which]).try_into().unwrap();
        let head = Head { kind, bytes: length };
        assert_eq!((Head::decode(said), head.encode()), (Some(head), said));
    }
}

#[test]
fn listings_of_an_earlier_version_are_read() {
    let frozen = frozen();
    let listings = frozen["listings"].as_array().unwrap();
    assert_eq!(listings.len(), 4);
    for said in listings {
        let files = |name: &str| -> Listing {
            let files = said[name].as_object().unwrap().iter();
            files.map(|(name, bytes)| (name.clone(), bytes.as_u64().unwrap())).collect()
        };
        let (before, now) = (files("before"), files("files"));
        let number = u32::try_from(said["number"].as_u64().unwrap()).unwrap();
        let body = bytes(&said["body"]);
        assert_eq!(listing::decode(&body, &before), Some((number, now.clone())));
        // What is packed may be packed otherwise by another version of the library.
        if body[4] & 2 == 0 {
            let before = (body[4] & 1 == 0).then_some(&before);
            assert_eq!(listing::encode(number, before, &now), Some(body));
        }
    }
}
