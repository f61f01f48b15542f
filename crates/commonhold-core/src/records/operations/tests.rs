//! The rules of the kinds of operations, knowledge and community.

use crate::json::Fields;
use crate::record::Home;
use crate::records::Kind;
use serde_json::{Value, json};

/// What is wrong with a record, and the field it is wrong in.
fn problems(kind: Kind, value: Value) -> Vec<(String, String)> {
    let fields: Fields = value.as_object().unwrap().clone();
    let judged = (kind.info().judge)(&fields);
    judged.problems.into_iter().map(|problem| (problem.field, problem.message)).collect()
}

fn with(base: &Value, more: Value) -> Value {
    let mut value = base.clone();
    for (name, field) in more.as_object().unwrap() {
        value[name] = field.clone();
    }
    value
}

#[test]
fn the_times_of_an_incident_stand_in_order() {
    let sound = json!({"title": "INC-1", "severity": "sev2", "visibility": "public",
        "started": "2026-05-02T01:10:00Z", "detected": "2026-05-02T01:34:00Z",
        "acknowledged": "2026-05-02T01:40:00Z", "mitigated": "2026-05-02T01:20:00Z",
        "resolved": "2026-05-02T03:05:00Z"});
    assert_eq!(problems(Kind::Incident, sound.clone()), [], "it may be mitigated unnoticed");
    let early = with(&sound, json!({"detected": "2026-05-02T01:00:00Z"}));
    let found = problems(Kind::Incident, early);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "detected");
    assert_eq!(found[0].1, "It says detected before started; please correct the times.");
    let found =
        problems(Kind::Incident, with(&sound, json!({"mitigated": "2026-05-02T03:10:00Z"})));
    assert_eq!(found[0].1, "It says resolved before mitigated; please correct the times.");
    let odd = with(&sound, json!({"users_affected": -1, "severity": "bad"}));
    assert_eq!(problems(Kind::Incident, odd).len(), 1, "a word that is none is said first");
}

#[test]
fn an_embargo_ends_within_90_days() {
    let base = json!({"title": "A hole", "severity": "sev1", "visibility": "embargoed",
        "started": "2026-05-02T01:10:00Z"});
    for (until, wrong) in [
        (json!(null), true),
        (json!("2026-05-01"), true),
        (json!("2026-05-02"), false),
        (json!("2026-07-31"), false),
        (json!("2026-08-01"), true),
    ] {
        let found = problems(Kind::Incident, with(&base, json!({"embargo_until": until})));
        assert_eq!(!found.is_empty(), wrong, "{until} {found:?}");
        assert!(found.iter().all(|(field, _)| field == "embargo_until"));
    }
    let never = with(&base, json!({"started": null, "embargo_until": "2026-06-01"}));
    assert!(problems(Kind::Incident, never)[0].1.contains("when it started"));
}

#[test]
fn measurements_are_exact_and_named_plainly() {
    let base = json!({"metric": "users_weekly", "at": "2026-05-02T01:10:00Z", "value": "12"});
    for (field, value, wrong) in [
        ("value", json!("-0.000000001"), false),
        ("value", json!("123456789012345678"), false),
        ("value", json!("1234567890123456789"), true),
        ("value", json!("1e9"), true),
        ("value", json!("NaN"), true),
        ("value", json!("1."), true),
        ("value", json!(".5"), true),
        ("value", json!("+1"), true),
        ("metric", json!("http:requests_total"), false),
        ("metric", json!("2xx"), true),
        ("metric", json!("users weekly"), true),
        ("labels", json!(["instance=a", "job=web=1"]), false),
        ("labels", json!(["job=web", "instance=a"]), true),
        ("labels", json!(["job=a", "job=b"]), true),
        ("labels", json!(["job"]), true),
        ("labels", json!(["a:b=c"]), true),
    ] {
        let found = problems(Kind::Measurement, with(&base, json!({ field: value })));
        assert_eq!(!found.is_empty(), wrong, "{field} {value} {found:?}");
    }
}

#[test]
fn what_a_sealed_value_holds_is_in_no_title_and_no_search() {
    let value = json!({"secret": "019f1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a51", "value": "hunter2"});
    let judged = (Kind::SealedValue.info().judge)(value.as_object().unwrap());
    assert_eq!((judged.problems.len(), judged.words.as_str()), (0, ""));
    assert!(!judged.title.contains("hunter2") && Kind::SealedValue.info().sealed);
    assert_eq!(judged.home, Some(Home::Vault));
    assert_eq!(judged.purpose.as_deref(), Some("019f1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a51"));
}

#[test]
fn what_happens_day_by_day_lies_in_its_quarter() {
    let home = |at: &str| {
        let fields = json!({"metric": "m", "at": at, "value": "1"});
        (Kind::Measurement.info().judge)(fields.as_object().unwrap()).home.unwrap()
    };
    for (at, name) in [
        ("2026-01-01T00:00:00Z", "operations/2026q1"),
        ("2026-03-31T23:59:59Z", "operations/2026q1"),
        ("2026-04-01T00:00:00Z", "operations/2026q2"),
        ("2026-09-30T00:00:00Z", "operations/2026q3"),
        ("2026-12-31T23:59:59Z", "operations/2026q4"),
    ] {
        let home = home(at);
        assert_eq!(home.first_part().as_deref(), Some(name));
        let id = crate::id::RecordId::default();
        for (document, holds) in [
            (name.to_owned(), true),
            (format!("{name}/2"), true),
            (format!("{name}2"), false),
            ("ledger/2026".to_owned(), false),
            ("operations/2025q1".to_owned(), false),
        ] {
            assert_eq!(home.holds(&document, Kind::Measurement, &id), holds, "{document}");
        }
    }
}

#[test]
fn what_was_imported_has_the_id_of_its_origin() {
    let fields = json!({"component": "a", "state": "up", "source": "x", "origin": "upptime:7",
        "from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"});
    let judged = (Kind::Availability.info().judge)(fields.as_object().unwrap());
    assert_eq!(judged.purpose.as_deref(), Some("upptime:7"));
    let back = with(&fields, json!({"until": "2026-01-01T00:00:00Z"}));
    assert_eq!(problems(Kind::Availability, back)[0].1, "It ends before it begins.");
}

#[test]
fn a_run_says_how_each_step_went() {
    let base = json!({"runbook": "019f1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a51", "sha256": "ab".repeat(32),
        "started": "2026-01-01T00:00:00Z", "person": "019f1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a51"});
    for (steps, wrong) in [
        (json!(["1 done", "2 skipped: not here", "3 failed:no"]), false),
        (json!(["done"]), true),
        (json!(["0 done"]), true),
        (json!(["1 well"]), true),
    ] {
        let found = problems(Kind::RunbookRun, with(&base, json!({"steps": steps})));
        assert_eq!(!found.is_empty(), wrong, "{steps}");
    }
    let found = problems(Kind::RunbookRun, with(&base, json!({"sha256": "AB".repeat(32)})));
    assert_eq!(found[0].1, "A SHA-256 is 64 digits 0 to 9 and a to f.");
}

#[test]
fn feedback_that_is_settled_was_answered() {
    let base = json!({"about": "019f1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a51", "from": "public",
        "text": "Unclear", "received": "2026-06-01", "state": "declined"});
    assert_eq!(problems(Kind::Feedback, base.clone())[0].0, "answered");
    assert_eq!(problems(Kind::Feedback, with(&base, json!({"answered": "2026-06-02"}))), []);
    let early = with(&base, json!({"answered": "2026-05-31"}));
    assert_eq!(problems(Kind::Feedback, early)[0].0, "answered");
}
