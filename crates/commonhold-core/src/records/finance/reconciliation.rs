//! A reconciliation: somebody compared an account with its statement on a day.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::problem::{Problem, require_some};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// A balance assertion: what the statement said, what the books said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Reconciliation {
    /// The account.
    #[cfg_attr(test, ts(type = "string"))]
    pub account: RecordId,
    /// The day at whose end the balances were compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// What the statement says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub statement_balance: Option<Money>,
    /// What the books said then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ledger_balance: Option<Money>,
    /// Who compared them.
    #[cfg_attr(test, ts(type = "string"))]
    pub person: RecordId,
    /// How a difference is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Record for Reconciliation {
    const KIND: Kind = Kind::Reconciliation;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("account", T::Id, "The account."),
        column("date", T::Date, "The day at whose end the balances were compared."),
        column("statement_balance", T::Money, "What the statement says."),
        column("ledger_balance", T::Money, "What the books said then."),
        column("person", T::Id, "Who compared them."),
        column("note", T::Text, "How a difference is explained."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require_some(problems, "account", !self.account.is_nil(), "The account");
        require_some(problems, "date", self.date.is_some(), "The day");
        require_some(
            problems,
            "statement_balance",
            self.statement_balance.is_some(),
            "The balance of the statement",
        );
        require_some(
            problems,
            "ledger_balance",
            self.ledger_balance.is_some(),
            "The balance of the books",
        );
        require_some(problems, "person", !self.person.is_nil(), "The person");
    }

    fn home(&self) -> Home {
        self.date.map_or(Home::Charter, Home::Ledger)
    }

    fn title(&self) -> String {
        self.date.map(|day| day.to_string()).unwrap_or_default()
    }

    fn speaks_for(&self) -> Option<RecordId> {
        Some(self.person)
    }
}
