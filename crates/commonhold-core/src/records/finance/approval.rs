//! An approval: one person's word on one record, such as an expense, as it stood.

use crate::id::RecordId;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Link, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Somebody approves or rejects something. It counts only from a device of theirs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Approval {
    /// The kind of the record approved.
    pub kind: String,
    /// Its id.
    #[cfg_attr(test, ts(type = "string"))]
    pub target: RecordId,
    /// Who approves, by their person record.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// The word.
    pub verdict: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// BLAKE3 of the record as it stood, hexadecimal: another content is not approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

impl Record for Approval {
    const KIND: Kind = Kind::Approval;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("kind", T::Text, "The kind of the record approved."),
        column("target", T::Id, "The id of the record approved."),
        column("person", T::Id, "Who approves, by their person record."),
        column("verdict", T::Choice(&["approve", "reject"]), "The word."),
        column("reason", T::Text, "Why."),
        column("content", T::Text, "BLAKE3 of the record as it stood."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "kind", &self.kind, "The kind of the record");
        require(problems, "verdict", &self.verdict, "The word");
        for (field, id) in [("target", self.target), ("person", self.person)] {
            if id.is_nil() {
                let message =
                    format!("The {} is missing.", if field == "target" { "record" } else { field });
                problems.push(Problem::new(field, message));
            }
        }
    }

    fn home(&self) -> Home {
        Home::With(self.target)
    }

    fn title(&self) -> String {
        self.verdict.clone()
    }

    fn links(&self) -> Vec<Link> {
        let link = |kind| Link { relation: Relation::Concerns, kind, id: self.target };
        self.kind.parse().ok().map(link).into_iter().collect()
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
