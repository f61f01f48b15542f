//! Requests and a listing of the relay, frozen: `tests/fixtures/wire/relay.json`. Another program wrote
//! them by what `docs/RELAY.md` says; the relay reads the same file.

use super::ask::Question;
use super::listing::Listing;
use commonhold_core::id::unhex;
use commonhold_core::keys::{Secret, Topic};
use reqwest::Method;
use serde_json::Value;

fn frozen() -> Value {
    let here = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file = here.join("../../tests/fixtures/wire/relay.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    unhex(value.as_str().unwrap()).unwrap()
}

#[test]
fn requests_are_signed_as_an_earlier_version_signed_them() {
    let frozen = frozen();
    let key = Secret::new(bytes(&frozen["key_of_the_book"]).try_into().unwrap());
    let topic = Topic::of_key(&key);
    assert_eq!(topic.id().as_slice(), bytes(&frozen["topic"]));
    let requests = frozen["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 7);
    for request in requests {
        let text = |name: &str| request[name].as_str().unwrap().to_owned();
        let body = bytes(&request["body"]);
        let question = Question {
            topic: topic.clone(),
            method: Method::from_bytes(text("method").as_bytes()).unwrap(),
            path: text("path"),
            body: (!body.is_empty()).then_some(&body),
        };
        let signed = question.sign(request["time"].as_u64().unwrap());
        assert_eq!(signed, (text("body_hash"), text("signature")), "{}", text("path"));
    }
}

#[test]
fn a_listing_of_an_earlier_version_is_read() {
    let frozen = &frozen()["listing"];
    let number = |name: &str| frozen[name].as_u64().unwrap();
    let (after, cursor) = (number("after"), number("cursor"));
    let mut listing = Listing::default();
    let before = frozen["before"].as_object().unwrap();
    for (n, (name, bytes)) in (1..).zip(before) {
        listing.line(&format!("{n} {bytes} {name}"), n - 1, 0).unwrap();
    }
    listing.reached(after, 1, 0).unwrap();
    let page = frozen["text"].as_str().unwrap();
    listing.page(page, cursor, after, false, 0).unwrap();
    let now: serde_json::Map<String, Value> =
        listing.items("").into_iter().map(|item| (item.name, item.bytes.into())).collect();
    assert_eq!(&Value::Object(now), &frozen["files"]);
    assert_eq!(listing.place().0, cursor);
}
