//! An interest: what ties a person to somebody a decision may be about. It is shown beside their ballots.

use crate::date::Date;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What sort of tie.
pub const KINDS: &[&str] = &["employment", "payment", "family", "investment"];

/// A declared interest. Only what its holder says; nothing is inferred.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Interest {
    /// Whose it is, by their person record.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// To whom or what: a company, a payee, a person.
    pub subject: String,
    /// employment, payment, family, investment.
    pub kind: String,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Record for Interest {
    const KIND: Kind = Kind::Interest;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("person", T::Id, "Whose it is, by their person record."),
        column("subject", T::Text, "To whom or what: a company, a payee, a person."),
        column("kind", T::Choice(KINDS), "employment, payment, family, investment."),
        column("from", T::Date, "The first day."),
        column("until", T::Date, "The last day."),
        column("note", T::Text, "More about it."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "person", !self.person.is_nil(), "The person");
        require(problems, "subject", &self.subject, "The subject");
        require(problems, "kind", &self.kind, "The kind");
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until < from
        {
            problems.push(Problem::new("until", "It ends before it begins."));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.subject.clone()
    }
}
