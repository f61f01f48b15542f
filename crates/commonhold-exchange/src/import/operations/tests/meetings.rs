//! Calendars, measurements, postmortems and signatures.

use super::super::manifesto::Organisations;
use super::*;

fn starts(found: &Drafted) -> Vec<(&str, &str)> {
    found.drafts.iter().map(|draft| (field(draft, "title"), field(draft, "starts"))).collect()
}

#[test]
fn meetings_that_come_again_are_written_out_in_their_zone() {
    let found = drafted("calendar.ics", calendar::FORMAT);
    let expected = [
        // Before the change of clocks, and after; 30 March is taken out, 27 April was moved.
        ("Team, weekly", "2026-03-16T14:00:00Z"),
        ("Team, weekly", "2026-04-13T13:00:00Z"),
        ("Team, moved", "2026-04-28T14:00:00Z"),
        ("Board", "2026-01-01T18:00:00Z"),
        ("Board", "2026-01-30T18:00:00Z"),
        ("Board", "2026-02-27T18:00:00Z"),
    ];
    assert_eq!(starts(&found), expected);
    assert_eq!(field(&found.drafts[0], "ends"), "2026-03-16T14:50:00Z");
    let notes = field(&found.drafts[0], "notes");
    assert!(notes.contains("was done.\nBring tea.") && notes.contains("Where: Pier 3"), "{notes}");
    assert!(found.refused[0].reason.contains("Mars/Base"));
    assert!(found.notes[0].contains("VTODO"));
}

#[test]
fn rules_are_read_or_refused() {
    let read = |rule: &str| {
        let text = format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nSUMMARY:s\nDTSTART:20240131T100000Z\n\
             RRULE:{rule}\nEND:VEVENT\nEND:VCALENDAR\n"
        );
        read(calendar::FORMAT, text.as_bytes(), &about()).unwrap()
    };
    let days = |rule: &str| -> Vec<String> {
        let found = read(rule);
        assert_eq!(found.refused, [], "{rule}");
        found.drafts.iter().map(|draft| field(draft, "starts")[..10].to_owned()).collect()
    };
    // 31 days only: months without are left out (RFC 5545 3.3.10).
    assert_eq!(days("FREQ=MONTHLY;COUNT=3"), ["2024-01-31", "2024-03-31", "2024-05-31"]);
    assert_eq!(
        days("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"),
        ["2024-01-31", "2024-02-29", "2024-03-31"]
    );
    assert_eq!(
        days("FREQ=DAILY;INTERVAL=10;UNTIL=20240220"),
        ["2024-01-31", "2024-02-10", "2024-02-20"]
    );
    assert_eq!(
        days("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4"),
        ["2024-01-31", "2024-02-05", "2024-02-07", "2024-02-12"]
    );
    assert_eq!(
        days("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=3"),
        ["2024-01-31", "2024-03-31", "2025-03-30"]
    );
    assert!(days("FREQ=DAILY").len() >= 800, "up to two years on from when it was fetched");
    for wrong in [
        "FREQ=HOURLY",
        "FREQ=DAILY;BYSETPOS=1",
        "INTERVAL=0;FREQ=DAILY",
        "x",
        "FREQ=YEARLY;BYDAY=20MO",
    ] {
        assert_eq!(read(wrong).refused.len(), 1, "{wrong}");
    }
}

#[test]
fn measurements_keep_their_exact_numbers() {
    let values = |found: &Drafted| -> Vec<(String, String, String)> {
        let text = |draft: &Draft, name| field(draft, name).to_owned();
        found.drafts.iter().map(|d| (text(d, "metric"), text(d, "value"), text(d, "at"))).collect()
    };
    let row =
        |metric: &str, value: &str, at: &str| (metric.to_owned(), value.to_owned(), at.to_owned());
    let found = drafted("prometheus.txt", prometheus::TEXT);
    let expected = [
        row("http_requests_total", "1027", "2014-03-17T14:26:03Z"),
        row("http_requests_total", "3", "2014-03-17T14:26:03Z"),
        row("temp", "-15", "2026-06-01T00:00:00Z"),
        row("rpc", "47.73", "2026-06-01T00:00:00Z"),
    ];
    assert_eq!(values(&found), expected);
    assert_eq!(found.drafts[0].fields["labels"], json!(["code=200", "method=post"]));
    assert_eq!(found.drafts[2].fields["labels"], json!(["place=a\\b\"c"]));
    assert_eq!(found.refused.len(), 3);
    assert!(found.notes[0].starts_with("1 metrics are counters"));
    let found = drafted("openmetrics.txt", prometheus::TEXT);
    let expected = [
        row("disk_seconds_total", "12.5", "2018-03-12T18:33:27Z"),
        row("up", "1", "2018-03-12T18:33:27Z"),
    ];
    assert_eq!(values(&found), expected);
    assert_eq!(field(&found.drafts[0], "unit"), "seconds");
    let found = drafted("prometheus-range.json", prometheus::API);
    assert_eq!(values(&found)[1], row("up", "0.5", "2015-07-01T20:10:45Z"));
    assert_eq!(found.refused.len(), 1);
    let found = drafted("measurements.csv", measurements::FORMAT);
    let expected = [
        row("users_weekly", "120", "2026-05-01T00:00:00Z"),
        row("users_weekly", "121.5", "2026-05-08T00:00:00Z"),
        row("users_weekly", "9", "2026-05-15T00:00:00Z"),
    ];
    assert_eq!(values(&found), expected);
    assert_eq!(found.refused.len(), 2);
    let found = drafted("open-registry-income.json", registry::FORMAT);
    assert_eq!(found.drafts.len(), 4);
    assert_eq!(field(&found.drafts[3], "value"), "12.5");
}

#[test]
fn numbers_are_moved_by_their_exponent() {
    for (text, expected) in [
        ("1e3", Some("1000")),
        ("-1.250E-3", Some("-0.00125")),
        ("+0.0", Some("0")),
        ("-0", Some("0")),
        ("007", Some("7")),
        ("1e400", None),
        ("NaN", None),
        ("", None),
        (".", None),
        ("1234567890123456789", None),
    ] {
        assert_eq!(prometheus::decimal(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn postmortems_of_others_are_kept_and_the_own_become_reviews() {
    let found = drafted("postmortem.md", postmortem::FORMAT);
    let [kept] = &found.drafts[..] else { panic!("{found:?}") };
    assert_eq!((kept.kind, field(kept, "type")), ("commons", "postmortem"));
    assert_eq!((field(kept, "author"), field(kept, "date")), ("Ann, Ben", "2026-05-09"));
    assert_eq!((field(kept, "licence"), field(kept, "source")), ("CC-BY-4.0", "harbor"));
    let own = About { own: true, ..about() };
    let found = read(postmortem::FORMAT, &fixture("postmortem.md"), &own).unwrap();
    assert_sound(&found);
    let [incident, review] = &found.drafts[..] else { panic!("{found:?}") };
    assert_eq!(field(incident, "started"), "", "only a person knows when it began");
    assert_eq!(field(incident, "impact"), "Every second page failed.");
    let factors = json!(["the disk was full", "nobody looked at the alert"]);
    assert_eq!(review.fields["contributing_factors"], factors);
    assert_eq!(field(review, "lucky"), "It was night.");
    assert_eq!(review.refers, [("incident".to_owned(), incident.origin.clone())]);
}

#[test]
fn signatures_are_read_and_written_with_the_same_keys() {
    let found = drafted("organizations.yml", manifesto::FORMAT);
    let rows: Vec<_> =
        found.drafts.iter().map(|d| (field(d, "organisation"), field(d, "capacity"))).collect();
    assert_eq!(rows, [("Harbor e.V.", "founding"), ("Pier GmbH", "supporting")]);
    assert_eq!(field(&found.drafts[0], "signatory_role"), "Chair: finance");
    assert_eq!(found.refused.len(), 1);
    let (list, _) = manifesto::parse(&fixture("organizations.yml")).unwrap();
    let text = manifesto::write(&list);
    let (back, wrong) = manifesto::parse(text.as_bytes()).unwrap();
    assert_eq!((&back, wrong), (&list, vec![]));
    assert!(text.starts_with("founding:\n  - name: Harbor e.V.\n    logo: /assets/harbor.png\n    url: \"https://harbor.example\"\n    contributors:\n"));
    assert_eq!(manifesto::write(&Organisations::default()), "");
    let unsaid = read(manifesto::FORMAT, &fixture("organizations.yml"), &About::default());
    assert!(unsaid.unwrap_err().to_string().contains("which text was signed"));
}
