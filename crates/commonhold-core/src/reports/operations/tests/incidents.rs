//! Incidents and availability; the numbers are those the design worked out by hand.

use super::{day, id, moment, records};
use crate::date::Month;
use crate::records::operations::availability::Availability;
use crate::records::operations::incident_line::IncidentLine;
use crate::reports::Records;
use crate::reports::operations::availability::availability;
use crate::reports::operations::incidents::{
    IncidentRecords, Incidents, REVIEW_DAYS, incidents, timeline,
};
use serde_json::{Value, json};

fn at(text: &str) -> Value {
    json!(moment(text))
}

/// Two incidents: one of 115 minutes, one of 45.
fn two() -> IncidentRecords {
    let first = json!({"title": "INC-1", "severity": "sev2", "visibility": "public",
        "started": at("2026-05-02 01:10"), "detected": at("2026-05-02 01:34"),
        "mitigated": at("2026-05-02 02:40"), "resolved": at("2026-05-02 03:05")});
    let second = json!({"title": "INC-2", "severity": "sev3", "visibility": "public",
        "started": at("2026-06-11 14:00"), "detected": at("2026-06-11 14:06"),
        "mitigated": at("2026-06-11 14:20"), "resolved": at("2026-06-11 14:45")});
    IncidentRecords { incidents: records(&[first, second]), ..IncidentRecords::default() }
}

fn on(records: &IncidentRecords, text: &str) -> Incidents {
    incidents(records, None, day(text), REVIEW_DAYS)
}

#[test]
fn times_and_their_means_are_those_worked_out_by_hand() {
    let found = on(&two(), "2026-06-30");
    let first = found.incidents.iter().find(|one| one.title == "INC-1").unwrap();
    assert_eq!((first.detect, first.mitigate, first.resolve), (Some(24), Some(90), Some(115)));
    assert_eq!(found.detect.minutes, Some(15));
    assert_eq!(found.resolve.minutes, Some(80));
    assert_eq!(found.mitigate.minutes, Some(55));
    assert_eq!(found.resolve.of, [id(1), id(2)]);
    assert_eq!(found.incidents[0].title, "INC-2", "the newest first");
    let june = incidents(&two(), Some(day("2026-06-01")), day("2026-06-30"), REVIEW_DAYS);
    assert_eq!(june.resolve.minutes, Some(45));
    assert_eq!(on(&two(), "2026-06-01").resolve.minutes, Some(115), "what came later is left out");
    let none = on(&IncidentRecords::default(), "2026-06-30");
    assert_eq!((none.detect.minutes, none.resolve.of.len()), (None, 0));
}

#[test]
fn a_review_is_due_14_days_after_the_end_and_an_embargo_waits() {
    let mut all = two();
    let due = |all: &IncidentRecords, text: &str| {
        let found = on(all, text).reviews;
        let of = |wanted| found.iter().find(|one| one.incident == id(wanted)).cloned();
        of(1).map(|one| (one.due.to_string(), one.overdue, one.late, one.published.is_some()))
    };
    let (may16, may17) = (due(&all, "2026-05-16"), due(&all, "2026-05-17"));
    assert_eq!(may16, Some(("2026-05-16".into(), false, false, false)));
    assert_eq!(may17, Some(("2026-05-16".into(), true, true, false)));
    all.reviews = records(&[
        json!({"incident": id(1), "summary": "# Draft"}),
        json!({"incident": id(1), "summary": "The disk", "published": "2026-05-20"}),
    ]);
    assert_eq!(due(&all, "2026-05-21"), Some(("2026-05-16".into(), false, true, true)));
    assert_eq!(on(&all, "2026-05-21").reviews[0].review, Some(id(2)));
    assert!(!due(&all, "2026-05-17").unwrap().3, "it was published later");
    all.incidents[0].1.visibility = "embargoed".into();
    all.incidents[0].1.embargo_until = Some(day("2026-06-01"));
    all.reviews.clear();
    assert_eq!(due(&all, "2026-06-02"), Some(("2026-06-15".into(), false, false, false)));
    assert!(on(&all, "2026-06-01").embargo_expired.is_empty());
    assert!(on(&all, "2026-06-01").incidents.iter().any(|one| one.embargoed));
    assert_eq!(on(&all, "2026-06-02").embargo_expired, [id(1)]);
}

#[test]
fn follow_ups_wait_in_the_order_of_their_days() {
    let mut all = two();
    let action = |text: &str, due: Option<&str>, done: Option<&str>| json!({"text": text, "about": id(1), "type": "prevent", "due": due, "done": done});
    all.actions = records(&[
        action("some day", None, None),
        action("later", Some("2026-07-31"), None),
        action("over", Some("2026-06-01"), None),
        action("done", Some("2026-06-01"), Some("2026-06-05")),
    ]);
    let found: Vec<_> =
        on(&all, "2026-06-30").actions.into_iter().map(|one| (one.text, one.overdue)).collect();
    assert_eq!(found, [("over".into(), true), ("later".into(), false), ("some day".into(), false)]);
    assert_eq!(on(&all, "2026-06-04").actions.len(), 4, "it was done on the 5th");
}

#[test]
fn lines_written_while_apart_stand_in_the_order_of_time() {
    let line = |text: &str, when: &str, of: u8| json!({"incident": id(of), "at": at(when), "type": "observation", "text": text});
    let mut lines = records(&[
        line("third", "2026-05-02 02:00", 1),
        line("first", "2026-05-02 01:34", 1),
        line("other", "2026-05-02 01:35", 2),
        line("second", "2026-05-02 01:50", 1),
        line("fourth", "2026-05-02 02:00", 1),
    ]);
    let words = |lines: &Records<IncidentLine>| {
        timeline(lines, id(1)).into_iter().map(|(_, l)| l.text).collect::<Vec<_>>()
    };
    assert_eq!(words(&lines), ["first", "second", "third", "fourth"]);
    lines.reverse();
    assert_eq!(words(&lines), ["first", "second", "third", "fourth"]);
}

fn seen(from: &str, until: &str, state: &str) -> Value {
    json!({"component": "downloads", "from": at(from), "until": at(until), "state": state,
        "source": "monitor"})
}

#[test]
fn uptime_is_of_what_was_measured_and_unknown_is_not_up() {
    // June has 43,200 minutes; 300 of them nobody measured, and 45 it was down.
    let all = records::<Availability>(&[
        seen("2026-05-31 00:00", "2026-06-11 14:00", "up"),
        seen("2026-06-11 14:00", "2026-06-11 14:45", "down"),
        seen("2026-06-11 14:45", "2026-06-30 19:00", "up"),
    ]);
    let june: Month = "2026-06".parse().unwrap();
    let names = ["mirrors".to_owned()];
    let found = availability(&all, &names, (june, june), moment("2026-07-05 00:00"));
    let downloads = found.iter().find(|one| one.component == "downloads").unwrap();
    assert_eq!(downloads.uptime_thousandths, Some(99_895));
    assert_eq!(downloads.measured_tenths, Some(993));
    assert_eq!((downloads.down, downloads.unknown), (45 * 60, 300 * 60));
    let mirrors = found.iter().find(|one| one.component == "mirrors").unwrap();
    assert_eq!((mirrors.uptime_thousandths, mirrors.measured_tenths), (None, Some(0)));
    assert_eq!(mirrors.unknown, 43_200 * 60);
}

#[test]
fn where_records_overlap_the_worst_state_wins() {
    let mut all = records::<Availability>(&[
        seen("2026-06-01 00:00", "2026-06-01 10:00", "up"),
        seen("2026-06-01 01:00", "2026-06-01 05:00", "maintenance"),
        seen("2026-06-01 02:00", "2026-06-01 04:00", "degraded"),
        seen("2026-06-01 03:00", "2026-06-01 06:00", "down"),
        seen("2026-06-01 05:30", "2026-06-01 06:00", "up"),
    ]);
    let june: Month = "2026-06".parse().unwrap();
    let now = moment("2026-06-01 12:00");
    let found = availability(&all, &[], (june, june), now);
    let hours = |one: i64| one / 3600;
    let one = &found[0];
    assert_eq!([one.up, one.maintenance, one.degraded, one.down].map(hours), [5, 1, 1, 3]);
    assert_eq!((hours(one.unknown), one.uptime_thousandths), (2, Some(70_000)));
    all.reverse();
    assert_eq!(availability(&all, &[], (june, june), now), found);
    // A month that has not begun, and one a forger reached.
    let ahead = june.back(0);
    let later = Month::from_index(ahead.index() + 1);
    let found = availability(&all, &[], (later, later), now);
    assert_eq!((found[0].unknown, found[0].measured_tenths), (0, None));
    let long = availability(&all, &[], (Month::from_index(12), june), now);
    assert_eq!(long.len(), 120);
}
