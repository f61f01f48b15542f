//! A disclosure of paid work (`governance.paid-work`): who is paid, how much, how long, for what.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// What the amount is for.
pub const PER: &[&str] = &["once", "hour", "month", "year"];

/// Paid work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Disclosure {
    /// Who is paid.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// Who pays.
    pub payer: String,
    /// How much.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub amount: Option<Money>,
    /// The amount is for: once, hour, month, year.
    pub per: String,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What for.
    pub work: String,
    /// What whoever pays expects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expectation: Option<String>,
}

impl Record for Disclosure {
    const KIND: Kind = Kind::Disclosure;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("person", T::Id, "Who is paid."),
        column("payer", T::Text, "Who pays."),
        column("amount", T::Money, "How much."),
        column("per", T::Choice(PER), "The amount is for: once, hour, month, year."),
        column("from", T::Date, "The first day."),
        column("until", T::Date, "The last day."),
        column("work", T::Text, "What for."),
        column("expectation", T::Text, "What whoever pays expects."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "person", !self.person.is_nil(), "Who is paid");
        require(problems, "payer", &self.payer, "Who pays");
        require_some(problems, "amount", self.amount.is_some(), "The amount");
        require(problems, "per", &self.per, "What the amount is for");
        require_some(problems, "from", self.from.is_some(), "The first day");
        require(problems, "work", &self.work, "What for");
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
        self.work.clone()
    }
}
