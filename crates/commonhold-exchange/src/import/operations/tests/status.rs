//! Alerts and status pages.

use super::*;

#[test]
fn alerts_are_incidents_with_lines() {
    let found = drafted("alertmanager.json", alertmanager::FORMAT);
    let kinds: Vec<_> = found.drafts.iter().map(|draft| draft.kind).collect();
    assert_eq!(kinds, ["incident", "incident-line", "incident", "incident-line", "incident-line"]);
    let [slow, fired, down, _, over] = &found.drafts[..] else { panic!() };
    assert_eq!(slow.origin, "alertmanager:00ff00ff00ff00ff:2026-05-02T01:10:27Z");
    assert_eq!(fired.refers, [("incident".to_owned(), slow.origin.clone())]);
    assert_eq!((field(slow, "severity"), field(slow, "resolved")), ("sev3", ""));
    assert_eq!((field(down, "severity"), field(down, "title")), ("sev1", "Down"));
    assert_eq!(field(down, "resolved"), "2026-05-02T01:30:00Z");
    assert_eq!(field(over, "at"), "2026-05-02T01:30:00Z");
    assert!(found.notes[0].contains("2 alerts"));
    assert_eq!(found.refused.len(), 1);
}

#[test]
fn a_status_page_gives_incidents_lines_and_states() {
    let found = drafted("statuspage.json", statuspage::FORMAT);
    let of = |kind: &str| found.drafts.iter().filter(|d| d.kind == kind).collect::<Vec<_>>();
    let [incident] = &of("incident")[..] else { panic!("{found:?}") };
    assert_eq!(field(incident, "started"), "2026-05-01T16:00:00Z");
    assert_eq!(field(incident, "impact"), "We look into it.", "the first thing that was said");
    let lines: Vec<_> =
        of("incident-line").iter().map(|d| (field(d, "at"), field(d, "status"))).collect();
    let expected = [
        ("2026-05-01T16:10:00Z", "investigating"),
        ("2026-05-01T18:00:00Z", "resolved"),
        ("2026-05-02T08:00:00Z", ""),
    ];
    assert_eq!(lines, expected);
    let states: Vec<_> = of("availability")
        .iter()
        .map(|d| (field(d, "component"), field(d, "state"), field(d, "from"), field(d, "until")))
        .collect();
    let expected = [
        ("Search", "down", "2026-05-01T16:10:00Z", "2026-05-01T18:00:00Z"),
        ("Web", "maintenance", "2026-05-04T00:05:00Z", "2026-05-04T01:00:00Z"),
        ("Search", "degraded", "2026-05-02T12:00:00Z", "2026-05-03T00:00:00Z"),
    ];
    assert_eq!(states, expected);
    assert_eq!(found.refused.len(), 1, "a state of six years is not believed");
    assert!(found.notes[0].starts_with("1 components"));
}

#[test]
fn upptime_says_how_much_and_not_when() {
    let found = drafted("upptime-summary.json", upptime::FORMAT);
    let rows: Vec<_> =
        found.drafts.iter().map(|d| (d.kind, field(d, "metric"), field(d, "value"))).collect();
    let expected = [
        ("measurement", "minutes_down", "20"),
        ("measurement", "minutes_down", "1440"),
        ("availability", "", ""),
        ("measurement", "response_time_ms", "271"),
        ("measurement", "uptime_percent", "99.95"),
    ];
    assert_eq!(rows, expected);
    assert_eq!(found.refused.len(), 2);
    let found = drafted("upptime-site.yml", upptime::FORMAT);
    assert_eq!(found.drafts.len(), 1);
    assert_eq!(field(&found.drafts[0], "at"), "2026-05-04T10:11:12Z");
}
