//! The shutdown plan (`product.shutdown`, `finance.shutdown.plan`): what happens, and when, if the service ends.

use crate::problem::Problem;
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// One a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Plan {
    /// Days the service goes on when money runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub grace_days: Option<i64>,
    /// Days between the announcement and the end; not fewer than the grace period.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number | null"))]
    pub shutdown_days: Option<i64>,
    /// How users are told.
    pub notice: String,
    /// How users get their data, until when.
    pub export: String,
    /// Where left-over money goes, or how it is given back.
    pub leftover: String,
    /// What is handed over, and to whom.
    pub handover: String,
    /// The decision it was adopted by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

impl Record for Plan {
    const KIND: Kind = Kind::Plan;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("grace_days", T::Integer, "Days the service goes on when money runs out."),
        column(
            "shutdown_days",
            T::Integer,
            "Days between the announcement and the end; not fewer than the grace period.",
        ),
        column("notice", T::LongText, "How users are told."),
        column("export", T::LongText, "How users get their data, until when."),
        column("leftover", T::LongText, "Where left-over money goes, or how it is given back."),
        column("handover", T::LongText, "What is handed over, and to whom."),
        column("decision", T::Text, "The decision it was adopted by."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        for (field, days) in
            [("grace_days", self.grace_days), ("shutdown_days", self.shutdown_days)]
        {
            if days.is_some_and(|days| !(0..=36_500).contains(&days)) {
                problems.push(Problem::new(field, "The period is 0 to 36,500 days."));
            }
        }
        if let (Some(grace), Some(shutdown)) = (self.grace_days, self.shutdown_days)
            && shutdown < grace
        {
            let message = "The shutdown period cannot be shorter than the grace period.";
            problems.push(Problem::new("shutdown_days", message));
        }
    }

    fn home(&self) -> Home {
        Home::Own
    }

    fn title(&self) -> String {
        "Shutdown plan".to_owned()
    }

    fn purpose(&self) -> Option<String> {
        Some("shutdown".into())
    }
}
