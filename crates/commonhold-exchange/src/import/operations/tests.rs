use super::*;
use commonhold_core::Kind;
use serde_json::json;
use std::collections::BTreeMap;

mod forges;
mod meetings;
mod mutations;
mod samples;
mod status;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/import/operations");

pub(super) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FOLDER}/{name}")).unwrap()
}

pub(super) fn about() -> About {
    About {
        source: Some("harbor".into()),
        manifesto: Some("ab".repeat(32)),
        fetched: Some("2026-06-01T00:00:00Z".parse().unwrap()),
        ..About::default()
    }
}

/// Every draft is a record its kind accepts, once what it refers to has an id.
pub(super) fn assert_sound(drafted: &Drafted) {
    let origins: Vec<&str> = drafted.drafts.iter().map(|draft| draft.origin.as_str()).collect();
    for draft in &drafted.drafts {
        let kind: Kind = draft.kind.parse().unwrap();
        let mut fields = draft.fields.clone();
        for (field, origin) in &draft.refers {
            assert!(origins.contains(&origin.as_str()), "{origin} is in no draft");
            fields.insert(field.clone(), json!("0198c5a2-0000-7000-8000-000000000001"));
        }
        for name in fields.keys() {
            assert!(kind.info().column(name).is_some(), "{} has no field {name}", draft.kind);
        }
        let judged = (kind.info().judge)(&fields);
        assert_eq!(judged.problems, [], "{draft:?}");
    }
    let mut ids: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for draft in &drafted.drafts {
        *ids.entry((draft.kind, &draft.origin)).or_default() += 1;
    }
    ids.retain(|_, count| *count > 1);
    assert!(ids.is_empty(), "one origin for several records: {ids:?}");
    for refused in &drafted.refused {
        assert!(!refused.place.is_empty() && refused.reason.ends_with('.'), "{refused:?}");
    }
}

/// Reads a fixture in the format that is detected for it.
pub(super) fn drafted(name: &str, format: &str) -> Drafted {
    let bytes = fixture(name);
    assert_eq!(detect::detect(&bytes), Some(format), "{name}");
    let drafted = read(format, &bytes, &about()).unwrap();
    assert_sound(&drafted);
    drafted
}

pub(super) fn field<'a>(draft: &'a Draft, name: &str) -> &'a str {
    draft.fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn moments_are_read_as_others_write_them() {
    for (text, expected) in [
        ("2014-05-14T14:22:39.441-06:00", Some("2014-05-14T20:22:39Z")),
        ("2026-03-04T10:00:30.5Z", Some("2026-03-04T10:00:30Z")),
        ("2026-08-12 15:23:28 UTC", Some("2026-08-12T15:23:28Z")),
        ("2026-08-12 15:23:28 +0200", Some("2026-08-12T13:23:28Z")),
        ("0001-01-01T00:00:00Z", None),
        ("2026-08-12", None),
        ("2026-13-12T00:00:00Z", None),
        ("soon", None),
        ("", None),
    ] {
        assert_eq!(when::moment(text).map(|time| time.to_string()).as_deref(), expected, "{text}");
    }
}

#[test]
fn yaml_is_bounded() {
    assert_eq!(
        yaml::parse("a: [1, ~, true, 'x']\n").unwrap(),
        json!({"a": ["1", null, true, "x"]})
    );
    assert!(yaml::parse(&"[".repeat(100)).is_err());
    assert!(yaml::parse(&"- ".repeat(100)).is_err());
    assert!(yaml::parse("a: &x [1]\nb: *x\n").unwrap_err().to_string().contains("alias"));
    assert!(yaml::parse(&format!("a: [{}]", "1,".repeat(300_000))).is_err());
    assert_eq!(yaml::parse("").unwrap(), Value::Null);
    assert!(yaml::parse("a: \"x\nb").is_err());
}

#[test]
fn addresses_are_of_the_web_and_hold_no_password() {
    assert_eq!(url(" https://x.example/a "), Some("https://x.example/a".into()));
    for wrong in ["javascript:alert(1)", "https://u:p@x.example", "https://", "http://a b", "x"] {
        assert_eq!(url(wrong), None, "{wrong}");
    }
}
