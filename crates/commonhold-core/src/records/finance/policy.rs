//! The policy of payments: how many must approve what, and what happens with money that is left over.

use crate::money::Money;
use crate::problem::{Problem, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Roles that may pay.
pub const PAYERS: &[&str] = &["treasurer", "leadership"];

/// One a service. Without one, what `Policy::default_rules` says holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Policy {
    /// Up to this amount one approval is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub one_up_to: Option<Money>,
    /// Above it and up to this amount two are; above this three are needed. Empty: two are always enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub two_up_to: Option<Money>,
    /// The role that pays: treasurer or leadership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer: Option<String>,
    /// An expense above this amount names a decision (`finance.efficiency`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub decision_above: Option<Money>,
    /// Months of expense kept before anything counts as left over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub reserve_months: Option<i64>,
    /// Percent of what is left over that pays developers of the service; the rest goes to the beneficiary.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub developers_percent: Option<i64>,
    /// The non-profit that gets what is left over (`governance.bylaws`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary: Option<String>,
    /// The decision it carries out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

impl Record for Policy {
    const KIND: Kind = Kind::Policy;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("one_up_to", T::Money, "Up to this amount one approval is enough."),
        column(
            "two_up_to",
            T::Money,
            "Above it and up to this amount two are; above this three are needed. Empty: two are always enough.",
        ),
        column("payer", T::Choice(PAYERS), "The role that pays: treasurer or leadership."),
        column(
            "decision_above",
            T::Money,
            "An expense above this amount names a decision (`finance.efficiency`).",
        ),
        column(
            "reserve_months",
            T::Integer,
            "Months of expense kept before anything counts as left over.",
        ),
        column(
            "developers_percent",
            T::Integer,
            "Percent of what is left over that pays developers of the service; the rest goes to the beneficiary.",
        ),
        column(
            "beneficiary",
            T::Text,
            "The non-profit that gets what is left over (`governance.bylaws`).",
        ),
        column("decision", T::Text, "The decision it carries out."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(
            problems,
            "one_up_to",
            self.one_up_to.is_some(),
            "The amount one approval is enough for",
        );
        if let (Some(one), Some(two)) = (self.one_up_to, self.two_up_to)
            && (two.currency != one.currency || two.minor < one.minor)
        {
            let message = "The second limit must be of the same currency and not below the first.";
            problems.push(Problem::new("two_up_to", message));
        }
        if self.one_up_to.is_some_and(|amount| amount.minor < 0) {
            problems.push(Problem::new("one_up_to", "The limit cannot be below nothing."));
        }
        if self.reserve_months.is_some_and(|months| !(0..=1200).contains(&months)) {
            problems.push(Problem::new("reserve_months", "The reserve is 0 to 1,200 months."));
        }
        if self.developers_percent.is_some_and(|percent| !(0..=100).contains(&percent)) {
            problems.push(Problem::new("developers_percent", "A percentage is 0 to 100."));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        "Payments".to_owned()
    }

    fn purpose(&self) -> Option<String> {
        Some("payments".into())
    }
}
