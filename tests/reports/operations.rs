//! What the framework asks of operations is proved by records, and broken by them: each
//! requirement is unmet, then met by what its next step says, then unmet by what goes wrong.

use super::framework::{add, check, of, publish, set};
use crate::support::crew::{ANN, BEN, CLEO, Crew, crew};
use commonhold_app::commands::{framework, records};
use commonhold_core::authority::Role;
use commonhold_core::framework::Status;
use commonhold_core::{Kind, RecordId};
use serde_json::{Value, json};

/// How a requirement of version 2 stands: its status, what is found, how many records prove it.
fn stands(crew: &Crew, id: &str) -> (Status, String, usize) {
    let found = check(crew, Some("v2"));
    let one = of(&found, id);
    assert_eq!(one.next.is_empty(), one.status.holds(), "{id}");
    (one.status, one.sentence.clone(), one.evidence.len())
}

fn met(crew: &Crew, id: &str) {
    let (status, sentence, evidence) = stands(crew, id);
    assert_eq!(status, Status::Met, "{id}: {sentence}");
    assert!(evidence > 0, "{id} names its evidence");
}

fn unmet(crew: &Crew, id: &str, why: &str) {
    let (status, sentence, _) = stands(crew, id);
    assert_eq!(status, Status::Unmet, "{id}: {sentence}");
    assert!(sentence.contains(why), "{id}: {sentence}");
}

fn deploy(started: &str, trigger: &str, result: &str) -> Value {
    json!({"environment": "production", "repository": "harbor", "commit": "abc", "result": result,
        "trigger": trigger, "started": format!("{started}:00Z"), "ended": format!("{started}:30Z")})
}

#[test]
fn deploys_and_what_can_be_seen_of_them() {
    let (mut crew, id) = (crew(Role::Member), "infra.automatic");
    unmet(&crew, id, "No deploy is recorded");
    for day in 1..=9 {
        let begun = format!("2026-06-0{day}T10:00");
        add(&mut crew, Kind::Deploy, deploy(&begun, "commit", "succeeded"));
    }
    met(&crew, id);
    add(&mut crew, Kind::Deploy, deploy("2026-06-10T10:00", "commit", "failed"));
    unmet(&crew, id, "1 of 1 failed one not put right");
    add(&mut crew, Kind::Deploy, deploy("2026-06-10T11:00", "rollback", "succeeded"));
    met(&crew, id);
    add(&mut crew, Kind::Deploy, deploy("2026-06-11T10:00", "manual", "succeeded"));
    met(&crew, id);
    add(&mut crew, Kind::Deploy, deploy("2026-06-12T10:00", "manual", "succeeded"));
    unmet(&crew, id, "merged changes began 83.3 %");

    let id = "infra.introspection";
    unmet(&crew, id, "No log and no changelog");
    let with = |begun: &str, more: Value| {
        let mut one = deploy(begun, "commit", "succeeded");
        for (name, value) in more.as_object().unwrap() {
            one[name] = value.clone();
        }
        one
    };
    let masked = json!({"log": "ab".repeat(32), "public_log": "cd".repeat(32), "findings": 3});
    add(&mut crew, Kind::Deploy, with("2026-06-13T10:00", masked));
    unmet(&crew, id, "a line of the changelog");
    let change = json!({"category": "fixed", "text": "Mirrors answer", "date": "2026-06-13"});
    add(&mut crew, Kind::Change, change);
    unmet(&crew, id, "a publication of the page");
    publish(&mut crew, &[]);
    met(&crew, id);
    let kept = with("2026-06-14T10:00", json!({"log": "ab".repeat(32)}));
    let kept = add(&mut crew, Kind::Deploy, kept);
    unmet(&crew, id, "1 log is not public or not masked");
    let book = crew.harbor.book;
    records::withdraw(crew.ann(), &book, Kind::Deploy, &kept, "It was never sent.").unwrap();
    met(&crew, id);
}

#[test]
fn secrets_are_held_by_two_in_leadership_and_there_is_a_page_about_them() {
    let (mut crew, id) = (crew(Role::Member), "infra.secrets");
    let (ann, ben, dora) = (crew.people[ANN], crew.people[BEN], crew.people[CLEO + 1]);
    let secret = json!({"label": "Root", "kind": "password", "system": "Host", "blast_radius": 5,
        "holders": [ann, dora], "rotated": "2026-06-01"});
    let secret = add(&mut crew, Kind::Secret, secret);
    let page = json!({"title": "Secrets", "kind": "secrets-guideline", "body": "Two hold each."});
    unmet(&crew, id, "there is no guideline");
    add(&mut crew, Kind::Page, page);
    unmet(&crew, id, "1 held by fewer than two people in leadership");
    set(&mut crew, Kind::Secret, &secret, json!({"holders": [ann, ben]}));
    met(&crew, id);

    // Its value is read by who opens it, and stands in no list and no search.
    let value = json!({"secret": secret, "value": "xyzzy-plugh", "rotated": "2026-06-01"});
    let value = add(&mut crew, Kind::SealedValue, value);
    let (book, reader) = (crew.harbor.book, crew.laptops[ANN].reader());
    let some = records::Query { limit: 10, ..records::Query::default() };
    let listed = records::list(reader, &book, Kind::SealedValue, &some);
    let listed = serde_json::to_string(&listed.unwrap().rows).unwrap();
    assert!(listed.contains("•••") && !listed.contains("xyzzy"), "{listed}");
    let opened = records::get(reader, &book, Kind::SealedValue, &value).unwrap();
    assert_eq!(opened.row.fields["value"], "xyzzy-plugh");
    assert_eq!(records::search(reader, &book, "xyzzy", 0, 10).unwrap().total, 0);
}

#[test]
fn incidents_are_recorded_and_learned_from() {
    let mut crew = crew(Role::Member);
    let (recorded, learned) = ("operations.incidents.recorded", "operations.incidents.learned");
    unmet(&crew, recorded, "No incident");
    unmet(&crew, learned, "No incident");
    let incident = json!({"title": "The disk was full", "severity": "sev2",
        "visibility": "public", "started": "2026-06-11T14:00:00Z"});
    let incident = add(&mut crew, Kind::Incident, incident);
    met(&crew, recorded);
    unmet(&crew, learned, "No incident that is over");
    set(&mut crew, Kind::Incident, &incident, json!({"resolved": "2026-06-11T14:45:00Z"}));
    unmet(&crew, recorded, "1 one that is over lacks times or a timeline");
    set(&mut crew, Kind::Incident, &incident, json!({"detected": "2026-06-11T14:06:00Z"}));
    let line = json!({"incident": incident, "at": "2026-06-11T14:06:00Z", "type": "observation",
        "text": "No space left"});
    add(&mut crew, Kind::IncidentLine, line);
    met(&crew, recorded);

    unmet(&crew, learned, "1 not reviewed in public within 14 days");
    let review = json!({"incident": incident, "summary": "Nobody watched.",
        "published": "2026-06-20"});
    let review = add(&mut crew, Kind::Review, review);
    met(&crew, learned);
    set(&mut crew, Kind::Review, &review, json!({"published": "2026-06-26"}));
    unmet(&crew, learned, "1 not reviewed");
    set(&mut crew, Kind::Review, &review, json!({"published": "2026-06-25"}));
    let action = json!({"text": "Warn at 80 %", "about": review, "type": "detect",
        "due": "2026-06-28"});
    let action = add(&mut crew, Kind::Action, action);
    unmet(&crew, learned, "1 follow-up is overdue");
    set(&mut crew, Kind::Action, &action, json!({"done": "2026-06-30"}));
    met(&crew, learned);

    // What is kept back is not told by what is found, and a withdrawn incident is.
    let hole = json!({"title": "A hole", "severity": "sev1", "visibility": "embargoed",
        "embargo_until": "2026-07-31", "started": "2026-06-20T10:00:00Z",
        "resolved": "2026-06-20T11:00:00Z"});
    let hole = add(&mut crew, Kind::Incident, hole);
    met(&crew, recorded);
    assert!(stands(&crew, recorded).1.contains("1 incident on record"));
    set(&mut crew, Kind::Incident, &hole, json!({"embargo_until": "2026-06-30"}));
    unmet(&crew, recorded, "1 one that is over lacks");
    unmet_after_withdrawal(&mut crew, &hole);
}

fn unmet_after_withdrawal(crew: &mut Crew, incident: &RecordId) {
    let (book, id) = (crew.harbor.book, "operations.incidents.recorded");
    records::withdraw(crew.ann(), &book, Kind::Incident, incident, "Not ours.").unwrap();
    unmet(crew, id, "1 withdrawn");
    let word = framework::Vouch {
        requirement: id.into(),
        statement: "It was an incident of another service.".into(),
        ..framework::Vouch::default()
    };
    framework::attest(crew.ann(), &book, &word).unwrap();
    assert_eq!(stands(crew, id).0, Status::Attested);
}

#[test]
fn runbooks_and_processes_are_public_looked_at_and_answered_for() {
    let mut crew = crew(Role::Member);
    let (shared, process) = ("operations.knowledge.shared", "operations.process.public");
    unmet(&crew, shared, "no component");
    let component = json!({"name": "downloads", "alerts": ["DiskFull"]});
    add(&mut crew, Kind::Component, component);
    unmet(&crew, shared, "2 of 2 components and alerts have no runbook (downloads, DiskFull)");
    let runbook = json!({"title": "The disk is full", "alerts": ["DiskFull"], "body": "1. Look.",
        "public": true, "reviewed": "2025-06-30"});
    let runbook = add(&mut crew, Kind::Runbook, runbook);
    unmet(&crew, shared, "1 runbook is not public, expired, or not looked at");
    set(&mut crew, Kind::Runbook, &runbook, json!({"reviewed": "2025-07-01"}));
    met(&crew, shared);
    set(&mut crew, Kind::Runbook, &runbook, json!({"public": false}));
    unmet(&crew, shared, "1 runbook is not public");
    let found = check(&crew, Some("v2"));
    assert_eq!(of(&found, shared).evidence[0].title, "Not public");

    unmet(&crew, process, "No process");
    let written = json!({"title": "Adding a mirror", "body": "Ask.", "public": true});
    let written = add(&mut crew, Kind::Process, written);
    met(&crew, process);
    let feedback = json!({"about": written, "from": "public", "text": "Ask whom?",
        "received": "2026-05-31", "state": "open"});
    let feedback = add(&mut crew, Kind::Feedback, feedback);
    unmet(&crew, process, "1 piece of feedback waits for more than 30 days");
    set(
        &mut crew,
        Kind::Feedback,
        &feedback,
        json!({"state": "accepted", "answer": "Any of us.", "answered": "2026-07-01"}),
    );
    met(&crew, process);
}

#[test]
fn community_and_manifesto() {
    let (mut crew, id) = (crew(Role::Member), "operations.community");
    unmet(&crew, id, "No community");
    add(&mut crew, Kind::Venue, json!({"name": "Call", "mode": "synchronous"}));
    unmet(&crew, id, "one where each writes at their time, a session");
    add(&mut crew, Kind::Venue, json!({"name": "Forum", "mode": "asynchronous"}));
    let session = json!({"title": "Disks", "starts": "2026-06-10T18:00:00Z"});
    let session = add(&mut crew, Kind::Session, session);
    unmet(&crew, id, "a session held");
    set(&mut crew, Kind::Session, &session, json!({"held": true}));
    met(&crew, id);
    set(&mut crew, Kind::Session, &session, json!({"starts": "2026-04-01T18:00:00Z"}));
    unmet(&crew, id, "a session held");

    let (id, book) = ("operations.manifesto", crew.harbor.book);
    let sign = |organisation: &str, mandate: Option<&str>| {
        json!({"manifesto_sha256": "ab".repeat(32), "organisation": organisation,
            "date": "2026-06-01", "signatory": "Ann", "mandate": mandate})
    };
    add(&mut crew, Kind::Signature, sign("Another", Some("declared")));
    unmet(&crew, id, "1 signature on record, none by “Harbor”");
    let first = add(&mut crew, Kind::Signature, sign("Harbor", None));
    unmet(&crew, id, "the text with the SHA-256 it signs, the decision behind it");
    let text = json!({"title": "Open Operations Manifesto", "sha256": "ab".repeat(32)});
    add(&mut crew, Kind::Manifesto, text);
    unmet(&crew, id, "missing: the decision behind it");
    records::withdraw(crew.ann(), &book, Kind::Signature, &first, "Without a mandate.").unwrap();
    let decision = json!({"title": "We sign", "date": "2026-05-30"});
    let decision = add(&mut crew, Kind::Decision, decision).to_string();
    let wrong = add(&mut crew, Kind::Signature, sign("harbor", Some("somebody said so")));
    unmet(&crew, id, "missing: the decision behind it");
    records::withdraw(crew.ann(), &book, Kind::Signature, &wrong, "Wrong.").unwrap();
    let signed = add(&mut crew, Kind::Signature, sign("harbor", Some(&decision)));
    met(&crew, id);
    records::withdraw(crew.ann(), &book, Kind::Signature, &signed, "We left.").unwrap();
    unmet(&crew, id, "none by “Harbor”");
}
