//! A publication: the public page was written on a day. It lists the transactions the public saw for the first time (`finance.history.timely`).

use crate::date::{Date, Time};
use crate::id::RecordId;
use crate::problem::{Problem, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// One publication of the public page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Publication {
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// When (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub at: Option<Time>,
    /// Where it was written to, or its address.
    pub place: String,
    /// The transactions shown for the first time, by id, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<String>,
    /// SHA-256 over the list of its files.
    pub sha256: String,
    /// Who published it.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
}

impl Record for Publication {
    const KIND: Kind = Kind::Publication;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("date", T::Date, "The day."),
        column("at", T::Moment, "When (UTC)."),
        column("place", T::Text, "Where it was written to, or its address."),
        column(
            "transactions",
            T::List,
            "The transactions shown for the first time, by id, sorted.",
        ),
        column("sha256", T::Text, "SHA-256 over the list of its files."),
        column("person", T::Id, "Who published it."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "date", self.date.is_some(), "The day");
        require_some(problems, "at", self.at.is_some(), "The moment");
        require_some(problems, "person", !self.person.is_nil(), "The person");
    }

    fn home(&self) -> Home {
        self.date.map_or(Home::Charter, Home::Ledger)
    }

    fn title(&self) -> String {
        self.place.clone()
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
