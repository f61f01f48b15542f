//! An account of the chart of accounts.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Currency;
use crate::problem::Problem;
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Types of accounts in double entry.
pub const TYPES: &[&str] = &["asset", "liability", "equity", "income", "expense"];
/// Root names an account's path begins with, in the order of [`TYPES`].
pub const ROOTS: &[&str] = &["Assets", "Liabilities", "Equity", "Income", "Expenses"];

/// A place money is in, comes from or goes to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Account {
    /// Where it stands in the chart: `Expenses:Program:Hosting`.
    pub path: String,
    /// asset, liability, equity, income or expense.
    #[serde(rename = "type")]
    pub account_type: String,
    /// The one currency it may hold; any when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub currency: Option<Currency>,
    /// What an expense is for: program, admin or fundraising.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// How often this income comes: one-time, monthly or yearly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<String>,
    /// The contact that holds its bank details, for payment files: name of its holder and IBAN.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub contact: Option<RecordId>,
    /// The day it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened: Option<Date>,
    /// The day it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<Date>,
}

impl Account {
    /// The type that a path's root name means; nothing when the root is none of the five.
    pub fn type_of(path: &str) -> Option<&'static str> {
        let root = path.split(':').next()?;
        ROOTS.iter().zip(TYPES).find(|(name, _)| **name == root).map(|(_, kind)| *kind)
    }
}

impl Record for Account {
    const KIND: Kind = Kind::Account;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("path", T::Text, "Where it stands in the chart of accounts."),
        column("type", T::Choice(TYPES), "asset, liability, equity, income or expense."),
        column("currency", T::Currency, "The one currency it may hold; empty for any."),
        column(
            "function",
            T::Choice(&["program", "admin", "fundraising"]),
            "What an expense is for.",
        ),
        column(
            "recurrence",
            T::Choice(&["one-time", "monthly", "yearly"]),
            "How often income comes.",
        ),
        column("contact", T::Id, "The contact that holds its bank details, for payment files."),
        column("opened", T::Date, "The day it was opened."),
        column("closed", T::Date, "The day it was closed."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        let parts: Vec<&str> = self.path.split(':').collect();
        if parts.len() < 2 || parts.iter().any(|part| part.trim() != *part || part.is_empty()) {
            problems.push(Problem::new(
                "path",
                "The account needs a path of at least two names, such as Expenses:Hosting.",
            ));
        } else if Self::type_of(&self.path) != Some(self.account_type.as_str()) {
            problems.push(Problem::new(
                "path",
                format!(
                    "The path of this account must begin with one of {}, the one that fits its type.",
                    ROOTS.join(", ")
                ),
            ));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.path.clone()
    }

    fn purpose(&self) -> Option<String> {
        Some(self.path.clone())
    }
}
