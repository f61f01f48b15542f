//! Deploys.

use super::{day, id, records};
use crate::records::operations::deploy::Deploy;
use crate::reports::Records;
use crate::reports::operations::deploys::deploys;
use serde_json::{Value, json};

/// A deploy to production: when it began, minutes it took, trigger, result, and more.
fn deploy(started: &str, ended: &str, trigger: &str, result: &str, more: Value) -> Value {
    let mut fields = json!({"environment": "production", "repository": "harbor", "commit": "abc",
        "trigger": trigger, "result": result, "started": started, "ended": ended});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    fields
}

/// Nine deploys, of which six count in the 90 days up to 30 June.
fn nine() -> Records<Deploy> {
    records(&[
        deploy(
            "2026-06-01T10:00:00Z",
            "2026-06-01T10:10:00Z",
            "commit",
            "succeeded",
            json!({"committed": "2026-06-01T09:00:00Z"}),
        ), // 70 minutes
        deploy("2026-06-02T10:00:00Z", "2026-06-02T10:10:00Z", "commit", "failed", json!({})),
        // It puts the second right, 50 minutes after that ended.
        deploy(
            "2026-06-02T10:55:00Z",
            "2026-06-02T11:00:00Z",
            "commit",
            "succeeded",
            json!({"committed": "2026-06-02T10:50:00Z"}),
        ), // 10 minutes
        // It went out and was rolled back after 20 minutes.
        deploy(
            "2026-06-03T10:00:00Z",
            "2026-06-03T10:10:00Z",
            "manual",
            "succeeded",
            json!({"committed": "2026-06-03T08:10:00Z"}),
        ), // 120 minutes
        deploy(
            "2026-06-03T10:25:00Z",
            "2026-06-03T10:30:00Z",
            "rollback",
            "succeeded",
            json!({"rolls_back": id(4)}),
        ),
        deploy("2026-06-04T10:00:00Z", "2026-06-04T10:01:00Z", "commit", "cancelled", json!({})),
        deploy(
            "2026-06-05T10:00:00Z",
            "2026-06-05T10:01:00Z",
            "commit",
            "failed",
            json!({"preview": true}),
        ),
        // Nothing came after it.
        deploy("2026-06-30T23:00:00Z", "2026-06-30T23:10:00Z", "commit", "failed", json!({})),
        // Too long ago: 90 days up to 30 June begin on 2 April.
        deploy("2026-04-01T10:00:00Z", "2026-04-01T10:10:00Z", "manual", "failed", json!({})),
    ])
}

#[test]
fn the_four_numbers_of_dora_come_out_as_by_hand() {
    let found = deploys(&nine(), day("2026-06-30"), None);
    assert_eq!((found.from, found.total, found.cancelled), (day("2026-04-02"), 6, 1));
    assert_eq!((found.succeeded, found.failed), (4, 3));
    assert_eq!(found.automatic_tenths, Some(800), "four of five that are no rollback");
    assert_eq!(found.by_hand, [id(4)]);
    assert_eq!(found.failure_tenths, Some(500));
    assert_eq!(found.per_week_tenths, Some(3), "4 in 90 days are 0.31 a week");
    assert_eq!((found.lead_time.minutes, found.lead_time.of.len()), (Some(70), 3));
    assert_eq!((found.recovery.minutes, found.recovery.of.len()), (Some(35), 2), "(50 + 20) / 2");
    let fixes: Vec<_> =
        found.failures.iter().map(|f| (f.id, f.fixed_by, f.rolled_back, f.minutes)).collect();
    let wanted = [
        (id(8), None, false, None),
        (id(4), Some(id(5)), true, Some(20)),
        (id(2), Some(id(3)), false, Some(50)),
    ];
    assert_eq!(fixes, wanted);
}

#[test]
fn one_place_is_not_put_right_by_another_and_nothing_is_not_zero() {
    let mut elsewhere =
        deploy("2026-06-02T11:00:00Z", "2026-06-02T11:10:00Z", "commit", "succeeded", json!({}));
    elsewhere["environment"] = json!("staging");
    let failed =
        deploy("2026-06-02T10:00:00Z", "2026-06-02T10:10:00Z", "commit", "failed", json!({}));
    let all = records::<Deploy>(&[failed, elsewhere]);
    let found = deploys(&all, day("2026-06-30"), None);
    assert_eq!(found.failures[0].fixed_by, None);
    assert_eq!(found.environments, ["production", "staging"]);
    let staging = deploys(&all, day("2026-06-30"), Some("staging"));
    assert_eq!((staging.total, staging.failed), (1, 0));
    let empty = deploys(&Vec::new(), day("2026-06-30"), None);
    assert_eq!((empty.automatic_tenths, empty.failure_tenths), (None, None));
    assert_eq!((empty.lead_time.minutes, empty.recovery.minutes), (None, None));
}

#[test]
fn any_order_gives_the_same() {
    let mut all = records::<Deploy>(&[
        deploy("2026-06-01T10:00:00Z", "2026-06-01T10:10:00Z", "commit", "failed", json!({})),
        deploy("2026-06-01T10:00:00Z", "2026-06-01T10:20:00Z", "commit", "succeeded", json!({})),
        deploy("2026-06-03T10:00:00Z", "2026-06-03T10:20:00Z", "manual", "failed", json!({})),
    ]);
    let wanted = deploys(&all, day("2026-06-30"), None);
    all.reverse();
    assert_eq!(deploys(&all, day("2026-06-30"), None), wanted);
}
