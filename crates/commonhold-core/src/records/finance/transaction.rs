//! A transaction: money moving between accounts, in double entry, per currency and per fund.

use crate::date::Date;
use crate::id::RecordId;
use crate::money::{Currency, Money};
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Link, Posting, Record, Relation};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most lines one transaction may have.
pub const MAX_POSTINGS: usize = 1000;
/// Largest amount of one line, in minor units either way: far above any real one, and far enough
/// below the limit of 64 bits that kept sums hold a million such lines.
pub const MAX_MINOR: i64 = 10_000_000_000_000;

/// How often a donation comes.
pub const INTERVALS: &[&str] = &["one-time", "monthly", "yearly"];

/// A posted transaction. It is never changed: a mistake is corrected by another that names it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Transaction {
    /// The day it happened.
    pub date: Option<Date>,
    /// Who was paid or who paid, as it may be shown in the book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payee: Option<String>,
    /// What it was for.
    pub narration: String,
    /// Its lines; they sum to zero per currency and per fund.
    pub postings: Vec<Posting>,
    /// First day of the billed period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_from: Option<Date>,
    /// Last day of the billed period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_to: Option<Date>,
    /// The decision it carries out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// SHA-256 of receipts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// The transaction this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub corrects: Option<RecordId>,
    /// The transaction this one undoes (a refund, a chargeback); both count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub reverses: Option<RecordId>,
    /// The import it came in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub import: Option<RecordId>,
    /// Where it is from, with the id it has there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The expense it pays, or gives back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub expense: Option<RecordId>,
    /// The donor it is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string | null"))]
    pub donor: Option<RecordId>,
    /// How often this donation comes (`finance.history.donations`): one-time, monthly, yearly. What
    /// is paid ahead names the months it is for in the billed period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// The end-to-end id of the payment (ISO 20022), by which a bank's statement names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_to_end_id: Option<String>,
}

impl Transaction {
    /// What does not add up: one sentence for each currency and fund that is off.
    fn balance_problems(&self, problems: &mut Vec<Problem>) {
        let mut sums: BTreeMap<(Currency, RecordId), i64> = BTreeMap::new();
        if self.postings.iter().any(|p| p.amount.minor.unsigned_abs() > MAX_MINOR.unsigned_abs()) {
            problems.push(Problem::new("postings", "An amount is too large to be true."));
            return;
        }
        for posting in &self.postings {
            let sum = sums.entry((posting.amount.currency, posting.fund)).or_default();
            match sum.checked_add(posting.amount.minor) {
                Some(total) => *sum = total,
                None => {
                    problems.push(Problem::new("postings", "The amounts are too large to add up."));
                    return;
                }
            }
        }
        for ((currency, fund), minor) in sums.into_iter().filter(|(_, minor)| *minor != 0) {
            let off = Money::new(minor, currency);
            problems.push(Problem::new(
                "postings",
                format!(
                    "The lines of fund {fund} must sum to zero in {currency}; they sum to {off}."
                ),
            ));
        }
    }
}

impl Record for Transaction {
    const KIND: Kind = Kind::Transaction;
    const FORM: Form = Form::Entry;
    const COLUMNS: &'static [Column] = &[
        column("date", T::Date, "The day it happened."),
        column("payee", T::Text, "Who was paid or who paid."),
        column("narration", T::Text, "What it was for."),
        column("postings", T::Postings, "Its lines, in the table of postings."),
        column("period_from", T::Date, "First day of the billed period."),
        column("period_to", T::Date, "Last day of the billed period."),
        column("decision", T::Text, "The decision it carries out."),
        column("documents", T::Attachments, "SHA-256 of receipts."),
        column("corrects", T::Id, "The transaction this one replaces."),
        column("reverses", T::Id, "The transaction this one undoes; both count."),
        column("import", T::Id, "The import it came in with."),
        column("source", T::Text, "Where it is from, with the id it has there."),
        column("expense", T::Id, "The expense it pays, or gives back."),
        column("donor", T::Id, "The donor it is from."),
        column("interval", T::Choice(INTERVALS), "How often this donation comes."),
        column("end_to_end_id", T::Text, "The end-to-end id of the payment (ISO 20022)."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        if self.date.is_none() {
            problems.push(Problem::new("date", "The day is missing."));
        }
        if self.payee.is_none() {
            require(problems, "narration", &self.narration, "What it was for");
        }
        match self.postings.len() {
            0 | 1 => {
                problems.push(Problem::new("postings", "A transaction needs two lines or more."))
            }
            n if n > MAX_POSTINGS => {
                problems.push(Problem::new("postings", "A transaction has at most 1,000 lines."));
            }
            _ => self.balance_problems(problems),
        }
        if let (Some(from), Some(to)) = (self.period_from, self.period_to)
            && to < from
        {
            problems.push(Problem::new("period_to", "The billed period ends before it begins."));
        }
    }

    fn home(&self) -> Home {
        self.date.map_or(Home::Charter, Home::Ledger)
    }

    fn title(&self) -> String {
        match (&self.payee, self.narration.as_str()) {
            (Some(payee), "") => payee.clone(),
            (Some(payee), narration) => format!("{payee}: {narration}"),
            (None, narration) => narration.to_owned(),
        }
    }

    fn postings(&self) -> &[Posting] {
        &self.postings
    }

    fn day(&self) -> Option<Date> {
        self.date
    }

    fn links(&self) -> Vec<Link> {
        let link = |relation, kind, id: Option<RecordId>| id.map(|id| Link { relation, kind, id });
        let corrects = link(Relation::Corrects, Self::KIND, self.corrects);
        let import = link(Relation::ImportedBy, Kind::Import, self.import);
        let expense = link(Relation::Concerns, Kind::Expense, self.expense);
        corrects.into_iter().chain(import).chain(expense).collect()
    }
}
