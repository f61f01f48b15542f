//! A withdrawal: a record is taken out of effect, with a reason. Nothing is ever deleted.

use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Takes one record out of effect; withdrawing an import takes out all it brought in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Withdrawal {
    /// The kind of the record withdrawn.
    pub kind: String,
    /// Its id.
    #[cfg_attr(test, ts(type = "string"))]
    pub target: RecordId,
    /// Why.
    pub reason: String,
}

/// Kinds in which people speak for themselves; only they take back what they said, in the way the
/// kind has for it.
const SPOKEN: &[&str] = &["ballot", "intervention", "proposal"];

impl Record for Withdrawal {
    const KIND: Kind = Kind::Withdrawal;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("kind", T::Text, "The kind of the record withdrawn."),
        column("target", T::Id, "The id of the record withdrawn."),
        column("reason", T::Text, "Why it was withdrawn."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "reason", &self.reason, "The reason");
        if self.kind == Self::KIND.name() {
            problems.push(Problem::new("kind", "A withdrawal cannot be withdrawn; write anew."));
        }
        // Else anybody who may vote could take away what others said.
        if SPOKEN.contains(&self.kind.as_str()) {
            let message = "This cannot be withdrawn: vote again, say that an objection is \
                           resolved, or take your own proposal back.";
            problems.push(Problem::new("kind", message));
        }
        require(problems, "kind", &self.kind, "The kind of the record");
        if self.target.is_nil() {
            problems.push(Problem::new("target", "The record to withdraw is missing."));
        }
    }

    fn home(&self) -> Home {
        Home::With(self.target)
    }

    fn title(&self) -> String {
        self.reason.clone()
    }

    fn acts_on(&self) -> Option<Kind> {
        self.kind.parse().ok()
    }

    fn links(&self) -> Vec<Link> {
        let kind = self.kind.parse().ok();
        let relation = Relation::Withdraws;
        kind.map(|kind| Link { relation, kind, id: self.target }).into_iter().collect()
    }
}
