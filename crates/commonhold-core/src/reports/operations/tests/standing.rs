//! Runbooks, feedback, what the service hangs on.

use super::{day, id, records};
use crate::reports::operations::continuity::continuity;
use crate::reports::operations::runbooks::{KnowledgeRecords, runbooks};
use serde_json::json;

fn knowledge() -> KnowledgeRecords {
    KnowledgeRecords {
        components: records(&[
            json!({"name": "downloads", "alerts": ["DiskFull", "Slow"]}),
            json!({"name": "mirrors"}),
            json!({"name": "gopher", "retired": "2026-01-01"}),
            json!({"name": "list", "alerts": ["ListStale"]}),
        ]),
        runbooks: records(&[
            json!({"title": "The disk is full", "alerts": ["DiskFull"], "reviewed": "2025-07-01",
                "public": true}),
            json!({"title": "A mirror is gone", "components": ["mirrors"],
                "reviewed": "2025-06-29", "expires": "2026-06-29"}),
            json!({"title": "Nobody looked at it", "public": true}),
        ]),
        runs: records(&[
            json!({"runbook": id(1), "sha256": "ab".repeat(32), "started": "2026-06-01T10:00:00Z",
                "drill": true, "person": id(9), "steps": ["1 done", "2 failed: no space left"]}),
            json!({"runbook": id(1), "sha256": "ab".repeat(32), "started": "2026-06-02T10:00:00Z",
                "person": id(9)}),
        ]),
        processes: records(&[json!({"title": "Adding a mirror", "public": true,
            "reviewed": "2026-06-01"})]),
        feedback: records(&[
            json!({"about": id(1), "from": "public", "text": "Step 3 is unclear",
                "received": "2026-06-20", "state": "open"}),
            json!({"about": id(1), "from": "member", "text": "Thanks", "received": "2026-06-01",
                "state": "accepted", "answered": "2026-06-02", "answer": "You are welcome"}),
            json!({"about": id(2), "from": "public", "text": "Wrong host", "received": "2026-06-05",
                "state": "open"}),
        ]),
    }
}

#[test]
fn every_component_and_alert_in_service_has_a_runbook_or_is_named() {
    let found = runbooks(&knowledge(), day("2026-06-30"));
    let bare: Vec<_> = found
        .coverage
        .iter()
        .filter(|one| one.runbooks.is_empty())
        .map(|one| (one.component.as_str(), one.alert.as_deref()))
        .collect();
    let wanted = [("downloads", Some("Slow")), ("list", None), ("list", Some("ListStale"))];
    assert_eq!(bare, wanted);
    assert_eq!((found.uncovered, found.coverage.len()), (3, 6));
}

#[test]
fn a_runbook_is_looked_at_once_a_year() {
    let found = runbooks(&knowledge(), day("2026-06-30"));
    let stands: Vec<_> = found
        .runbooks
        .iter()
        .map(|one| (one.title.as_str(), one.unreviewed, one.expired, one.public))
        .collect();
    let wanted = [
        ("A mirror is gone", true, true, false),
        ("Nobody looked at it", true, false, true),
        ("The disk is full", false, false, true),
    ];
    assert_eq!(stands, wanted);
    assert!(!runbooks(&knowledge(), day("2026-07-01")).runbooks[2].unreviewed);
    assert!(runbooks(&knowledge(), day("2026-07-02")).runbooks[2].unreviewed);
    let disk = &found.runbooks[2];
    assert_eq!((disk.runs, disk.last_run.map(|t| t.date())), (2, Some(day("2026-06-02"))));
    assert_eq!(disk.last_drill.map(|t| t.date()), Some(day("2026-06-01")));
    let waits: Vec<_> = found.feedback.iter().map(|one| (one.id, one.days)).collect();
    assert_eq!(waits, [(id(3), 25), (id(1), 10)]);
    assert_eq!(found.feedback_total, 3);
}

#[test]
fn what_one_person_holds_is_an_alarm_and_renewals_are_said_in_time() {
    let items = records(&[
        json!({"name": "harbor.example", "type": "domain", "holders": [id(1), id(2)],
            "renewal": "2026-07-30", "handover": "Change the owner at the registrar."}),
        json!({"name": "bank", "type": "bank", "holders": [id(1), id(1), id(7)]}),
        json!({"name": "host", "type": "host", "renewal": "2026-06-01"}),
        json!({"name": "mail", "type": "mail", "holders": [id(1), id(2), id(3)],
            "renewal": "2026-07-31"}),
    ]);
    let belongs = [1, 2, 3].map(id).into();
    let found = continuity(&items, &belongs, day("2026-06-30"));
    let stands: Vec<_> = found
        .items
        .iter()
        .map(|one| (one.name.as_str(), one.holders.len(), one.short, one.due, one.overdue))
        .collect();
    let wanted = [
        ("host", 0, true, true, true),
        ("bank", 1, true, false, false),
        ("harbor.example", 2, false, true, false),
        ("mail", 3, false, false, false),
    ];
    assert_eq!(stands, wanted);
    assert_eq!((found.short, found.due), (2, 2));
}
