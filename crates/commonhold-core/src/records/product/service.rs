//! The service's profile: one a book.

use crate::id::BookId;
use crate::money::Currency;
use crate::problem::{Problem, require};
use crate::record::{Form, Home, Record};
use crate::records::Kind;
use crate::table::{Column, ColumnType as T, column};
use serde::{Deserialize, Serialize};

/// Phases of a service (framework v1, `product.phases`).
pub const PHASES: &[&str] = &["evaluating", "starting", "operating", "closing", "closed"];

/// What the service is, for whom, and how its record is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct Service {
    /// The name people use.
    pub name: String,
    /// What it is and for whom, in a sentence or two.
    pub purpose: String,
    /// The one product category, unchangeable once chosen (`product.single-focus`).
    pub category: String,
    /// The phase it was in when this record was begun.
    pub phase: String,
    /// Legal form, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_form: Option<String>,
    /// Who holds the money for it, if somebody else does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fiscal_host: Option<String>,
    /// The version of the Open Services framework it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    /// The decision that took this version into force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework_decision: Option<String>,
    /// Languages it works in (BCP 47).
    pub languages: Vec<String>,
    /// Where people find it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// Where its source is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The licence of its source, as an SPDX identifier such as `MIT` or `AGPL-3.0-or-later`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Where weaknesses of its security are reported: the address of a page (`security.txt`,
    /// RFC 9116).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security: Option<String>,
    /// Why it should be an open service (answer of the proposal).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
    /// How it can sustain itself (answer of the proposal).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sustain: Option<String>,
    /// Who it is for (answer of the proposal).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Why it could be for-profit instead (answer of the proposal).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_profit: Option<String>,
    /// The service it came after, and where its record is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predecessor: Option<String>,
    /// The id of that service's book, which its archive and its devices prove.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predecessor_book: Option<String>,
    /// The service that came after it, and where its record is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
    /// The id of that service's book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor_book: Option<String>,
    /// The currency reports are written in (ISO 4217).
    #[cfg_attr(test, ts(type = "string"))]
    pub reporting_currency: Option<Currency>,
}

/// Whether a text can be one SPDX identifier (SPDX 2.3, annex D: letters, digits, `.`, `-`, and `+`
/// at the end).
pub fn is_spdx(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let name = text.strip_suffix('+').unwrap_or(text);
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 64
        && name.chars().all(plain)
}

impl Record for Service {
    const KIND: Kind = Kind::Service;
    const FORM: Form = Form::Living;
    const COLUMNS: &'static [Column] = &[
        column("name", T::Text, "The name people use."),
        column("purpose", T::Text, "What it is and for whom."),
        column("category", T::Text, "The one product category, unchangeable once chosen."),
        column("phase", T::Choice(PHASES), "The phase it was in when this record was begun."),
        column("legal_form", T::Text, "Legal form, if any."),
        column("fiscal_host", T::Text, "Who holds the money for it, if somebody else does."),
        column("framework", T::Choice(&["v1", "v2"]), "Version of the Open Services framework."),
        column("framework_decision", T::Text, "The decision that took this version into force."),
        column("languages", T::List, "Languages it works in (BCP 47)."),
        column("homepage", T::Text, "Where people find it."),
        column("repository", T::Text, "Where its source is."),
        column("license", T::Text, "The licence of its source (SPDX identifier)."),
        column("security", T::Text, "Where weaknesses are reported: the address of a page."),
        column("need", T::Text, "Why it should be an open service."),
        column("sustain", T::Text, "How it can sustain itself."),
        column("audience", T::Text, "Who it is for."),
        column("for_profit", T::Text, "Why it could be for-profit instead."),
        column("predecessor", T::Text, "The service it came after."),
        column("predecessor_book", T::Text, "The id of that service's book."),
        column("successor", T::Text, "The service that came after it."),
        column("successor_book", T::Text, "The id of that service's book."),
        column("reporting_currency", T::Currency, "The currency reports are written in."),
    ];

    fn check(&self, problems: &mut Vec<Problem>) {
        require(problems, "name", &self.name, "The service's name");
        for (field, book) in
            [("predecessor_book", &self.predecessor_book), ("successor_book", &self.successor_book)]
        {
            if book.as_ref().is_some_and(|book| book.parse::<BookId>().is_err()) {
                let message = "The id of a book is 64 hexadecimal digits.";
                problems.push(Problem::new(field, message));
            }
        }
        if self.license.as_deref().is_some_and(|license| !is_spdx(license)) {
            problems.push(Problem::new(
                "license",
                "The licence is an SPDX identifier, such as MIT or AGPL-3.0-or-later.",
            ));
        }
        if self.security.as_deref().is_some_and(|page| !page.starts_with("https://")) {
            problems.push(Problem::new(
                "security",
                "Where weaknesses are reported is the address of a page; it begins with https://.",
            ));
        }
        if self.reporting_currency.is_none() {
            problems.push(Problem::new("reporting_currency", "The reporting currency is missing."));
        }
    }

    fn home(&self) -> Home {
        Home::Charter
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn words(&self) -> String {
        format!("{} {} {}", self.name, self.purpose, self.category)
    }

    fn purpose(&self) -> Option<String> {
        Some("profile".into())
    }
}
