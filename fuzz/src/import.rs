//! What holds for everything that was imported.

use commonhold_exchange::import::Reading;
use std::collections::BTreeSet;

/// Nothing is dropped, everything balances, and no two rows are the same one.
pub fn sound(reading: &Reading) {
    let found = reading.drafts.len() + reading.not_understood.len();
    assert_eq!(reading.rows, found as u64, "nothing is dropped");
    let of_statements = reading.statements.iter().map(|info| info.rows).sum::<u64>();
    assert!(reading.statements.is_empty() || of_statements == reading.rows);
    for draft in &reading.drafts {
        let legs = draft.legs.iter().map(|(_, leg)| i128::from(leg.minor)).sum::<i128>();
        assert_eq!(i128::from(draft.amount.minor) + legs, 0);
        assert!(draft.legs.iter().all(|(_, leg)| leg.currency == draft.amount.currency));
        assert!(!draft.narration.is_empty() && draft.narration.len() <= 10_000);
        assert!(draft.statement.is_none_or(|at| at < reading.statements.len()));
        assert!(draft.end_to_end_id.as_ref().is_none_or(|id| id.chars().count() <= 35));
    }
    let identities: BTreeSet<&str> = reading.drafts.iter().map(|d| d.identity.as_str()).collect();
    assert_eq!(identities.len(), reading.drafts.len());
}
