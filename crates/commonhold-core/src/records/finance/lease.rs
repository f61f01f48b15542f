//! A payer lease: for some time one device writes payment files, so that no bill is paid twice.

use crate::date::Time;
use crate::id::RecordId;
use crate::problem::{Problem, require, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Who writes payment files, with which device, until when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Lease {
    /// Who takes it.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// The device, by its public key in hexadecimal.
    pub device: String,
    /// When it was taken (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub from: Option<Time>,
    /// When it ends by itself (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub until: Option<Time>,
    /// The lease it takes over before that has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub takes_over: Option<RecordId>,
    /// Why it is taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Record for Lease {
    const KIND: Kind = Kind::Lease;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("person", T::Id, "Who takes it."),
        column("device", T::Text, "The device, by its public key in hexadecimal."),
        column("from", T::Moment, "When it was taken (UTC)."),
        column("until", T::Moment, "When it ends by itself (UTC)."),
        column("takes_over", T::Id, "The lease it takes over before that has ended."),
        column("reason", T::Text, "Why it is taken over."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "person", !self.person.is_nil(), "The person");
        require(problems, "device", &self.device, "The device");
        require_some(problems, "from", self.from.is_some(), "When it was taken");
        require_some(problems, "until", self.until.is_some(), "When it ends");
        if self.takes_over.is_some() {
            require(problems, "reason", self.reason.as_deref().unwrap_or(""), "The reason");
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            problems.push(Problem::new("until", "The lease ends before it begins."));
        }
    }

    fn home(&self) -> Home {
        Home::Payments
    }

    fn title(&self) -> String {
        self.until.map(|until| until.to_string()).unwrap_or_default()
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
