//! A pledge: what a donor means to give, once or at an interval; the amount is the giver's choice.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// How often.
pub const INTERVALS: &[&str] = &["one-time", "monthly", "yearly"];

/// A donation plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Pledge {
    /// Who gives.
    #[cfg_attr(test, ts(type = "string"))]
    pub donor: RecordId,
    /// What they give each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub amount: Option<Money>,
    /// one-time, monthly, yearly.
    pub interval: String,
    /// The day of the first gift.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The day of the last gift.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The fund it is for.
    #[cfg_attr(test, ts(type = "string"))]
    pub fund: RecordId,
    /// The channel it comes through.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub channel: Option<RecordId>,
}

impl Record for Pledge {
    const KIND: Kind = Kind::Pledge;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("donor", T::Id, "Who gives."),
        column("amount", T::Money, "What they give each time."),
        column("interval", T::Choice(INTERVALS), "one-time, monthly, yearly."),
        column("from", T::Date, "The day of the first gift."),
        column("until", T::Date, "The day of the last gift."),
        column("fund", T::Id, "The fund it is for."),
        column("channel", T::Id, "The channel it comes through."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "donor", !self.donor.is_nil(), "The donor");
        require_some(problems, "amount", self.amount.is_some(), "The amount");
        require(problems, "interval", &self.interval, "How often");
        require_some(problems, "from", self.from.is_some(), "The first day");
        require_some(problems, "fund", !self.fund.is_nil(), "The fund");
        if self.amount.is_some_and(|amount| amount.minor <= 0) {
            problems.push(Problem::new("amount", "The amount must be more than nothing."));
        }
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
        format!(
            "{} {}",
            self.amount.map(|amount| amount.to_string()).unwrap_or_default(),
            self.interval
        )
    }
}
